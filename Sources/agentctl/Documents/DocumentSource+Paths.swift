import Glibc

extension DocumentSource {
    /// The names by which the documents' files are known in a directory.
    private static let endings = [".yaml", ".yml", ".json"]

    /// Reads the files that arguments name: files, directories (their YAML and JSON files in order of name), `-` for
    /// standard input.
    ///
    /// - Throws: ``CommandFailure`` for what cannot be read.
    static func read(_ arguments: [String]) throws(CommandFailure) -> [DocumentSource] {
        var sources: [DocumentSource] = []
        for argument in arguments {
            if argument == "-" {
                sources.append(
                    DocumentSource(
                        name: "<stdin>",
                        bytes: try InputFile.read(STDIN_FILENO, name: "<stdin>", limit: maximumBytes)
                    )
                )
                continue
            }
            for path in try paths(argument) {
                sources.append(
                    DocumentSource(name: path, bytes: try InputFile.read(path, limit: maximumBytes))
                )
            }
        }
        return sources
    }

    private static func paths(_ argument: String) throws(CommandFailure) -> [String] {
        guard let directory = opendir(argument) else { return [argument] }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if !name.hasPrefix("."), endings.contains(where: { name.hasSuffix($0) }) { names.append(name) }
        }
        guard !names.isEmpty else {
            throw CommandFailure(
                .notFound,
                code: "not_found",
                "there is no document in \(argument)",
                hint: "A directory's files are read when their names end in .yaml, .yml or .json."
            )
        }
        let folder = argument.hasSuffix("/") ? argument : argument + "/"
        return names.sorted().map { folder + $0 }
    }
}
