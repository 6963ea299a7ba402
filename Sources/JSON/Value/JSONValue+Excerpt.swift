extension JSONValue {
    /// What a message says was found: the type, and the value if it is a short one.
    package var summary: String {
        switch self {
        case .null: "null"
        case .bool: "boolean \(text)"
        case .integer: "integer \(text)"
        case .number: "number \(text)"
        case .string: "string \(excerpt)"
        case .array(let items) where items.isEmpty: "an empty array"
        case .array(let items): "array of \(items.count) \(items.count == 1 ? "item" : "items")"
        case .object(let object) where object.isEmpty: "an empty object"
        case .object(let object): "object with \(object.count) \(object.count == 1 ? "member" : "members")"
        }
    }

    /// The JSON text of the value, its beginning only when it is long.
    package var excerpt: String {
        let length = 60
        switch self {
        case .string(let string):
            let start = string.unicodeScalars.prefix(length + 1)
            return start.count > length ? JSONValue.string(String(start.dropLast()) + "…").text : text
        case .array(let items) where items.count > length: return "[…\(items.count) items]"
        case .object(let object) where object.count > length: return "{…\(object.count) members}"
        case .array(let items):
            return "[\(items.map(\.shortExcerpt).joined(separator: ","))]".shortened(to: length)
        case .object(let object):
            let members = object.map { "\(JSONValue.string($0.key).excerpt):\($0.value.shortExcerpt)" }
            return "{\(members.joined(separator: ","))}".shortened(to: length)
        default: return text
        }
    }

    /// An excerpt that does not look into arrays and objects.
    private var shortExcerpt: String {
        switch self {
        case .array(let items): items.isEmpty ? "[]" : "[…]"
        case .object(let object): object.isEmpty ? "{}" : "{…}"
        default: excerpt
        }
    }
}

extension String {
    /// The string, or its beginning and an ellipsis when it is longer than a number of characters.
    package func shortened(to length: Int) -> String {
        guard let end = index(startIndex, offsetBy: length, limitedBy: endIndex), end < endIndex else { return self }
        return self[..<end] + "…"
    }
}
