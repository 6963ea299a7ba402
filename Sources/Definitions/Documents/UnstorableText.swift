package import JSON

/// Text that documents can hold and PostgreSQL cannot: text with U+0000.
package enum UnstorableText {
    /// Where such text stands.
    ///
    /// - Parameter value: The document.
    /// - Returns: The places, at most 100.
    package static func problems(in value: JSONValue) -> [DocumentProblem] {
        var problems: [DocumentProblem] = []
        collect(value, "", &problems)
        return problems
    }

    /// A document with U+FFFD in place of each U+0000, in the names of members, too.
    package static func replaced(in value: JSONValue) -> JSONValue {
        switch value {
        case .string(let text): .string(text.withoutNullCharacters)
        case .array(let items): .array(items.map(replaced))
        case .object(let members):
            .object(JSONObject(members.map { ($0.key.withoutNullCharacters, replaced(in: $0.value)) }))
        default: value
        }
    }

    private static func collect(_ value: JSONValue, _ path: String, _ problems: inout [DocumentProblem]) {
        guard problems.count < 100 else { return }
        switch value {
        case .string(let text):
            if text.utf8.contains(0) { problems.append(problem(path)) }
        case .array(let items):
            for (index, item) in items.enumerated() where canHold(item) {
                collect(item, "\(path)[\(index)]", &problems)
            }
        case .object(let members):
            for member in members {
                if member.key.utf8.contains(0) { problems.append(problem(path)) }
                guard canHold(member.value) else { continue }
                collect(member.value, path.isEmpty ? member.key : "\(path).\(member.key)", &problems)
            }
        default: break
        }
    }

    /// Paths are long to make, and most values are numbers.
    private static func canHold(_ value: JSONValue) -> Bool {
        switch value {
        case .string(let text): text.utf8.contains(0)
        case .array, .object: true
        default: false
        }
    }

    private static func problem(_ path: String) -> DocumentProblem {
        DocumentProblem(path: path, message: "holds U+0000, which PostgreSQL cannot store")
    }
}
