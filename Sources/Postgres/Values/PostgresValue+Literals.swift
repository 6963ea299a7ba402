extension PostgresValue: ExpressibleByNilLiteral {
    /// NULL.
    public init(nilLiteral: ()) {
        self = .null
    }
}

extension PostgresValue: ExpressibleByBooleanLiteral {
    /// A `boolean`.
    public init(booleanLiteral value: Bool) {
        self = .bool(value)
    }
}

extension PostgresValue: ExpressibleByIntegerLiteral {
    /// An integer.
    public init(integerLiteral value: Int64) {
        self = .integer(value)
    }
}

extension PostgresValue: ExpressibleByFloatLiteral {
    /// A `double precision`.
    public init(floatLiteral value: Double) {
        self = .double(value)
    }
}

extension PostgresValue: ExpressibleByStringLiteral, ExpressibleByStringInterpolation {
    /// A text.
    public init(stringLiteral value: String) {
        self = .text(value)
    }
}
