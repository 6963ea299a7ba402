extension JSONValue {
    /// How much work it is to go through the value: one for each value in it, and one for each 64 bytes of text.
    package var weight: Int {
        switch self {
        case .null, .bool, .integer, .number: 1
        case .string(let string): 1 + string.weight
        case .array(let items): items.reduce(1) { $0 + $1.weight }
        case .object(let object): object.reduce(1) { $0 + $1.key.weight + $1.value.weight }
        }
    }
}

extension String {
    /// How much work it is to go through the string besides the first 64 bytes.
    package var weight: Int {
        utf8.count >> 6
    }
}
