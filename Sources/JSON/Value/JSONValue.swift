/// A JSON document in memory.
///
/// Objects keep the order of their members. Whole numbers that fit stay integers; all other numbers, also whole ones
/// beyond `Int64`, are doubles.
///
/// Equality is that of the data, as JSON Schema defines it: `1` equals `1.0`, the order of an object's members does
/// not matter, and strings are equal when their code points are (`"é"` in its two spellings is two strings).
///
/// ```swift
/// let request: JSONValue = ["model": "small", "messages": [["role": "user", "content": "Hello"]]]
/// request["messages"]?[0]?["role"]?.stringValue  // "user"
/// request.text  // {"model":"small","messages":[{"role":"user","content":"Hello"}]}
/// ```
public enum JSONValue: Sendable {
    /// `null`.
    case null

    /// `true` or `false`.
    case bool(Bool)

    /// A whole number without fraction and exponent, within `Int64`.
    case integer(Int64)

    /// Any other number. Parsing yields finite ones only; writing makes `null` of the rest.
    case number(Double)

    /// A string.
    case string(String)

    /// An array.
    case array([JSONValue])

    /// An object.
    case object(JSONObject)
}

extension JSONValue {
    /// Whether the value is `null`.
    public var isNull: Bool {
        if case .null = self { true } else { false }
    }

    /// The truth value, or `nil` when the value is none.
    public var boolValue: Bool? {
        if case .bool(let value) = self { value } else { nil }
    }

    /// The integer, or `nil` when the value is none; `1.0` is a number.
    public var integerValue: Int64? {
        if case .integer(let value) = self { value } else { nil }
    }

    /// The number as a double, integers too, or `nil` when the value is none.
    public var numberValue: Double? {
        switch self {
        case .integer(let value): Double(value)
        case .number(let value): value
        default: nil
        }
    }

    /// The string, or `nil` when the value is none.
    public var stringValue: String? {
        if case .string(let value) = self { value } else { nil }
    }

    /// The items, or `nil` when the value is no array.
    public var arrayValue: [JSONValue]? {
        if case .array(let value) = self { value } else { nil }
    }

    /// The object, or `nil` when the value is none.
    public var objectValue: JSONObject? {
        if case .object(let value) = self { value } else { nil }
    }

    /// The member with a key, or `nil` when there is none or the value is no object.
    public subscript(key: String) -> JSONValue? {
        if case .object(let object) = self { object[key] } else { nil }
    }

    /// The item at an index, or `nil` when there is none or the value is no array.
    public subscript(index: Int) -> JSONValue? {
        guard case .array(let items) = self, items.indices.contains(index) else { return nil }
        return items[index]
    }
}
