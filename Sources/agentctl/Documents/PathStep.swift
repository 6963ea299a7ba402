import JSON

/// One step on the way to a value within a document.
enum PathStep: Sendable, Hashable {
    case member(String)
    case item(Int)
}

extension [PathStep] {
    /// The steps of a path such as `rules[0].call.tool`, as far as the document has them.
    ///
    /// Keys may hold dots and brackets themselves, so that the document decides where one ends.
    init(_ path: String, in document: JSONValue) {
        self = []
        var rest = path[...]
        var value = document
        while !rest.isEmpty, let (step, next, remaining) = Self.step(rest, in: value) {
            append(step)
            value = next
            rest = remaining
        }
    }

    private static func step(
        _ path: Substring,
        in value: JSONValue
    ) -> (PathStep, JSONValue, Substring)? {
        switch value {
        case .object(let members):
            let path = path.hasPrefix(".") ? path.dropFirst() : path
            let fitting = members.filter { member in
                path.hasPrefix(member.key) && "[.".contains(path.dropFirst(member.key.count).first ?? ".")
            }
            guard let member = fitting.max(by: { $0.key.count < $1.key.count }) else { return nil }
            return (.member(member.key), member.value, path.dropFirst(member.key.count))
        case .array(let items):
            guard path.hasPrefix("["), let end = path.firstIndex(of: "]"),
                let index = Int(path[path.index(after: path.startIndex)..<end]), items.indices.contains(index)
            else { return nil }
            return (.item(index), items[index], path[path.index(after: end)...])
        default: return nil
        }
    }
}
