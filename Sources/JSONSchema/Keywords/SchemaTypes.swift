import JSON

/// A set of the types that JSON Schema distinguishes.
struct SchemaTypes: OptionSet, Sendable {
    let rawValue: UInt8

    static let null = SchemaTypes(rawValue: 1)
    static let boolean = SchemaTypes(rawValue: 2)
    static let integer = SchemaTypes(rawValue: 4)
    static let number = SchemaTypes(rawValue: 8)
    static let string = SchemaTypes(rawValue: 16)
    static let array = SchemaTypes(rawValue: 32)
    static let object = SchemaTypes(rawValue: 64)

    static let names: [(name: String, type: SchemaTypes)] = [
        ("null", .null), ("boolean", .boolean), ("integer", .integer), ("number", .number), ("string", .string),
        ("array", .array), ("object", .object),
    ]

    init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    /// The type with a name, or `nil` for an unknown one.
    init?(name: String) {
        guard let named = Self.names.first(where: { $0.name == name }) else { return nil }
        self = named.type
    }

    /// The types that a value has: an integer is a number, and so is a number without fraction an integer.
    init(of value: JSONValue) {
        switch value {
        case .null: self = .null
        case .bool: self = .boolean
        case .integer: self = [.integer, .number]
        case .number(let number): self = number.isFinite && number.rounded() == number ? [.integer, .number] : .number
        case .string: self = .string
        case .array: self = .array
        case .object: self = .object
        }
    }

    /// The names of the types, for messages.
    var list: String {
        Self.names.filter { contains($0.type) }.map(\.name).joined(separator: " or ")
    }
}
