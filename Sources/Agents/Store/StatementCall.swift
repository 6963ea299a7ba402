public import JSON

/// A statement that models or authors wrote, to be run as `agentctl_query`.
public struct StatementCall: Sendable {
    /// The statement, with the arguments as `$1`.
    public var statement: String
    /// The arguments, an object.
    public var arguments: JSONValue
    /// Whether it may only read, and leaves nothing behind.
    public var isReadOnly: Bool
    /// Rows that are read of it at most.
    public var maximumRows: Int
    /// Bytes of JSON that are read of it at most.
    public var maximumBytes: Int
    /// How long it may take.
    public var timeout: Duration

    /// A statement.
    ///
    /// - Parameters:
    ///   - statement: The statement.
    ///   - arguments: The arguments, an object.
    ///   - isReadOnly: Whether it may only read.
    ///   - maximumRows: Rows that are read of it at most.
    ///   - maximumBytes: Bytes of JSON that are read of it at most.
    ///   - timeout: How long it may take.
    public init(
        _ statement: String,
        arguments: JSONValue = [:],
        isReadOnly: Bool = true,
        maximumRows: Int = 100,
        maximumBytes: Int = 65_536,
        timeout: Duration = .seconds(30)
    ) {
        self.statement = statement
        self.arguments = arguments
        self.isReadOnly = isReadOnly
        self.maximumRows = maximumRows
        self.maximumBytes = maximumBytes
        self.timeout = timeout
    }
}
