import JSON

/// Finds text that a document can hold and PostgreSQL cannot: text with U+0000.
///
/// It is replaced before the document goes anywhere, so that the database can say what else is wrong.
enum UnstorableText {
    /// Replaces each U+0000 by U+FFFD.
    ///
    /// - Returns: What was found, each with its path.
    static func replace(in document: inout JSONValue) -> [DocumentFinding] {
        var findings: [DocumentFinding] = []
        document = replaced(document, path: "", &findings)
        return findings
    }

    private static func replaced(_ value: JSONValue, path: String, _ findings: inout [DocumentFinding]) -> JSONValue {
        switch value {
        case .string(let text): return .string(replaced(text, path: path, &findings))
        case .array(let items):
            return .array(items.enumerated().map { replaced($1, path: "\(path)[\($0)]", &findings) })
        case .object(let members):
            var object: JSONObject = [:]
            for member in members {
                let key = replaced(member.key, path: path, &findings)
                let memberPath = path.isEmpty ? member.key : "\(path).\(member.key)"
                object[key] = replaced(member.value, path: memberPath, &findings)
            }
            return .object(object)
        default: return value
        }
    }

    private static func replaced(_ text: String, path: String, _ findings: inout [DocumentFinding]) -> String {
        guard text.utf8.contains(0) else { return text }
        // A few dozen say it all.
        if findings.count < 100 {
            findings.append(DocumentFinding(path: path, problem: "holds U+0000, which PostgreSQL cannot store"))
        }
        return String(String.UnicodeScalarView(text.unicodeScalars.map { $0.value == 0 ? "\u{FFFD}" : $0 }))
    }
}
