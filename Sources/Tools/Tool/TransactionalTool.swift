package import Conversation
package import JSON
package import Postgres

/// A tool that writes to the database in the transaction that stores its result: both happen, or neither, and so it
/// runs exactly once.
package protocol TransactionalTool: Tool {
    /// Whether it runs a statement of a model or of a stored function; false by default.
    ///
    /// Its transaction has one of the few connections for such statements then.
    var runsForeignStatements: Bool { get }

    /// Does it, within a transaction that the caller begins and ends.
    ///
    /// - Parameters:
    ///   - arguments: The arguments; they fit the input schema.
    ///   - context: Where and for whom.
    ///   - connection: The connection, in an open transaction and behind a savepoint that an error is rolled back to.
    /// - Returns: The output, of any length.
    /// - Throws: ``ToolError``.
    func call(
        _ arguments: JSONValue,
        in context: ToolContext,
        within connection: PostgresConnection
    ) async throws(ToolError) -> ToolOutput
}

extension TransactionalTool {
    package var runsForeignStatements: Bool { false }
}
