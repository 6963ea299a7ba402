import JSON

/// One thing that is wrong with a document, and where in which file.
struct LocatedMistake: Sendable, Hashable {
    /// The file as it was named; `<stdin>` for standard input.
    let file: String
    /// Where in the file.
    let position: SourcePosition
    /// The kind and name of the document, as far as they are known; empty when the file cannot be read at all.
    var document = ""
    /// Where in the document: `rules[0].when`; empty for the document as a whole.
    var path = ""
    /// What is wrong.
    let problem: String
    /// What was expected instead.
    var expected: String?
    /// The valid name that was probably meant.
    var nearest: String?

    /// The mistake as `--json` prints it.
    var json: JSONValue {
        [
            "file": .string(file), "line": .integer(Int64(position.line)), "column": .integer(Int64(position.column)),
            "document": .string(document), "path": .string(path), "problem": .string(problem),
            "expected": expected.map { .string($0) } ?? .null, "nearest": nearest.map { .string($0) } ?? .null,
        ]
    }
}

extension LocatedMistake: CustomStringConvertible {
    /// The mistake on one line, in the form that editors jump to.
    var description: String {
        var text = "\(file):\(position.line):\(position.column): "
        if !document.isEmpty { text += "\(document): " }
        text += path.isEmpty ? problem : "\(Printable.line(path, width: 120)) \(problem)"
        if let nearest { text += "; did you mean \(nearest)?" }
        // Of a missing field the database reports its purpose; of an unknown one, all names, where one is enough.
        if let expected, nearest == nil || problem != "is unknown" {
            text += problem == "is missing" ? ": \(expected)" : "; expected \(expected)"
        }
        return Printable.line(text)
    }
}

extension LocatedMistake {
    /// Whether another mistake is about the same place of the same document.
    ///
    /// - Parameter isExact: Whether a place around or within this one does not count.
    func isAbout(_ other: LocatedMistake, exactly isExact: Bool) -> Bool {
        guard file == other.file, document == other.document else { return false }
        if path == other.path { return true }
        return !isExact && (Self.isWithin(path, other.path) || Self.isWithin(other.path, path))
    }

    private static func isWithin(_ path: String, _ outer: String) -> Bool {
        guard !outer.isEmpty, path.hasPrefix(outer) else { return false }
        return ".[".contains(path.dropFirst(outer.count).first ?? " ")
    }
}
