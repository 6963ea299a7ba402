/// What a value of a row can be read as.
public protocol PostgresDecodable {
    /// Reads the value.
    ///
    /// - Throws: ``PostgresError/Code/decoding`` if it is not of this type.
    init(cell: PostgresCell) throws(PostgresError)
}

extension Optional: PostgresDecodable where Wrapped: PostgresDecodable {
    /// Reads the value; NULL is `nil`.
    ///
    /// - Throws: ``PostgresError/Code/decoding`` if it is not of the wrapped type.
    public init(cell: PostgresCell) throws(PostgresError) {
        self = cell.isNull ? nil : try Wrapped(cell: cell)
    }
}

extension PostgresDecodable where Self: RawRepresentable, RawValue: PostgresDecodable {
    /// Reads the raw value, such as the text of a string-backed enumeration.
    ///
    /// - Throws: ``PostgresError/Code/decoding`` if it is no raw value of this type.
    public init(cell: PostgresCell) throws(PostgresError) {
        guard let value = Self(rawValue: try RawValue(cell: cell)) else {
            throw cell.error(Self.self, "the value is none of this type")
        }
        self = value
    }
}
