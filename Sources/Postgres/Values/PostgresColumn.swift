/// A column of a result.
public struct PostgresColumn: Sendable, Hashable {
    /// The name that the statement gives it.
    public let name: String
    let type: PostgresType

    /// The name of its type, such as `bigint`, or its number if it is none of the server's own.
    public var typeName: String { type.description }
    /// The number of its type in `pg_type`.
    public var typeNumber: UInt32 { type.number }
}
