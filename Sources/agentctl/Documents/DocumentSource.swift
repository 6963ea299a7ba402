/// A file that documents are read from.
struct DocumentSource: Sendable {
    /// The file as it was named; `<stdin>` for standard input.
    let name: String
    /// What is in it.
    let bytes: [UInt8]

    /// The largest file that is read: 8 MiB.
    static let maximumBytes = 8 << 20

    /// Reads the documents.
    func load() -> LoadedFile {
        // Editors of Windows write a byte order mark, which is no part of the text.
        let hasMark = self.bytes.starts(with: [0xEF, 0xBB, 0xBF])
        let bytes: [UInt8] = hasMark ? Array(self.bytes.dropFirst(3)) : self.bytes
        guard let text = String(validating: bytes, as: UTF8.self) else {
            return LoadedFile(mistakes: [
                LocatedMistake(file: name, position: .start, problem: "is not text in UTF-8")
            ])
        }
        var loaded = name.hasSuffix(".json") ? JSONFile.load(bytes, file: name) : YAMLFile.load(text, file: name)
        if loaded.documents.isEmpty, loaded.mistakes.isEmpty {
            loaded.mistakes.append(LocatedMistake(file: name, position: .start, problem: "holds no document"))
        }
        return loaded
    }
}
