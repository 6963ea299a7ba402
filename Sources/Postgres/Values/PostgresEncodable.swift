public import FoundationEssentials
public import JSON

/// What can be a parameter of a statement.
public protocol PostgresEncodable {
    /// The parameter.
    var postgresValue: PostgresValue { get }
}

extension PostgresValue: PostgresEncodable {
    /// The value itself.
    public var postgresValue: PostgresValue { self }
}

extension Bool: PostgresEncodable {
    /// A `boolean`.
    public var postgresValue: PostgresValue { .bool(self) }
}

extension Int: PostgresEncodable {
    /// An integer.
    public var postgresValue: PostgresValue { .integer(Int64(self)) }
}

extension Int32: PostgresEncodable {
    /// An integer.
    public var postgresValue: PostgresValue { .integer(Int64(self)) }
}

extension Int64: PostgresEncodable {
    /// An integer.
    public var postgresValue: PostgresValue { .integer(self) }
}

extension Double: PostgresEncodable {
    /// A `double precision`.
    public var postgresValue: PostgresValue { .double(self) }
}

extension String: PostgresEncodable {
    /// A `text`.
    public var postgresValue: PostgresValue { .text(self) }
}

extension UUID: PostgresEncodable {
    /// A `uuid`.
    public var postgresValue: PostgresValue { .uuid(self) }
}

extension Date: PostgresEncodable {
    /// A `timestamptz`.
    public var postgresValue: PostgresValue { .timestamp(self) }
}

extension JSONText: PostgresEncodable {
    /// A `json` or `jsonb`.
    public var postgresValue: PostgresValue { .json(self) }
}

extension [UInt8]: PostgresEncodable {
    /// A `bytea`.
    public var postgresValue: PostgresValue { .bytes(self) }
}
