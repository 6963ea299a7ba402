package import JSON

/// A statement that models or authors wrote, to be run as `agentctl_query`.
package struct StatementCall: Sendable {
    /// The statement, with the arguments as `$1`.
    package var statement: String
    /// The arguments, an object.
    package var arguments: JSONValue
    /// Whether it may only read, and leaves nothing behind.
    package var isReadOnly: Bool
    /// Rows that are read of it at most.
    package var maximumRows: Int
    /// Bytes of JSON that are read of it at most.
    package var maximumBytes: Int
    /// How long it may take.
    package var timeout: Duration

    /// A statement.
    ///
    /// - Parameters:
    ///   - statement: The statement.
    ///   - arguments: The arguments, an object.
    ///   - isReadOnly: Whether it may only read.
    ///   - maximumRows: Rows that are read of it at most.
    ///   - maximumBytes: Bytes of JSON that are read of it at most.
    ///   - timeout: How long it may take.
    package init(
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
