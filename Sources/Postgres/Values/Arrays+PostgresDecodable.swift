extension Array: PostgresDecodable where Element: PostgresArrayElement {
    /// Reads an array of one dimension without NULL; `[UInt8]` reads a `bytea`.
    public init(cell: PostgresCell) throws(PostgresError) {
        self = try Element.array(in: cell)
    }
}

/// What arrays of can be read.
public protocol PostgresArrayElement {
    /// Reads a whole array.
    ///
    /// - Throws: ``PostgresError/Code/decoding`` if the value is no such array.
    static func array(in cell: PostgresCell) throws(PostgresError) -> [Self]
}

extension String: PostgresArrayElement {
    /// Reads an array of one dimension without NULL, each element in its text form.
    public static func array(in cell: PostgresCell) throws(PostgresError) -> [String] {
        try cell.readArray(as: [String].self) { $0 }
    }
}

extension Int64: PostgresArrayElement {
    /// Reads an array of integers, of one dimension and without NULL.
    public static func array(in cell: PostgresCell) throws(PostgresError) -> [Int64] {
        try cell.readArray(as: [Int64].self) { Int64($0) }
    }
}

extension Int: PostgresArrayElement {
    /// Reads an array of integers, of one dimension and without NULL.
    public static func array(in cell: PostgresCell) throws(PostgresError) -> [Int] {
        try cell.readArray(as: [Int].self) { Int($0) }
    }
}

extension UInt8: PostgresArrayElement {
    /// Reads a `bytea`.
    public static func array(in cell: PostgresCell) throws(PostgresError) -> [UInt8] {
        try cell.read(as: [UInt8].self, from: [.bytea]) { text in
            // The other form, "escape", is only sent by servers that are set to it.
            guard text.count >= 2, text[0] == UInt8(ascii: "\\"), text[1] == UInt8(ascii: "x") else { return nil }
            return [UInt8](hexadecimal: text.dropFirst(2))
        }
    }
}

extension PostgresCell {
    fileprivate func readArray<Element>(
        as target: [Element].Type,
        _ element: (String) -> Element?
    ) throws(PostgresError) -> [Element] {
        try read(as: target, from: []) { text throws(PostgresError) in
            guard let elements = ArrayLiteral.elements(of: text) else { return nil }
            return try elements.map { text throws(PostgresError) in
                guard let text else { throw error(target, "an element is NULL") }
                guard let element = element(text) else { throw error(target, "an element cannot be read as that") }
                return element
            }
        }
    }
}
