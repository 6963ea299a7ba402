public import FoundationEssentials
public import JSON

/// A parameter of a statement.
///
/// Values travel apart from the statement and the server infers their types from where they are used, so that an
/// `.integer` fits `smallint`, `bigint` and `numeric`, and a `.text` fits anything that has a text form.
public enum PostgresValue: Sendable, Hashable {
    /// NULL.
    case null
    /// `boolean`.
    case bool(Bool)
    /// Any of the integer types, or `numeric`.
    case integer(Int64)
    /// `double precision`, `real` or `numeric`.
    case double(Double)
    /// `text`, or the text form of any other type. Must not hold U+0000, which PostgreSQL cannot store.
    case text(String)
    /// `bytea`.
    case bytes([UInt8])
    /// `uuid`.
    case uuid(UUID)
    /// `timestamptz`, to the microsecond.
    case timestamp(Date)
    /// `json` or `jsonb`.
    case json(JSONText)
    /// `text[]`, or an array of any type whose elements have these text forms, such as `uuid[]`.
    case textArray([String])
    /// An array of one of the integer types.
    case integerArray([Int64])

    /// The value of anything that has one.
    public init(_ value: some PostgresEncodable) {
        self = value.postgresValue
    }

    /// The value, or ``null`` for `nil`.
    public static func optional(_ value: (some PostgresEncodable)?) -> PostgresValue {
        value?.postgresValue ?? .null
    }
}
