package import Conversation
package import Postgres

/// A conversation whose row is locked by an open transaction.
package struct HeldConversation: Sendable {
    /// The connection of the transaction.
    package let connection: PostgresConnection

    /// Runs a call so that nothing of one that fails stays.
    ///
    /// - Parameter call: The call; an error in its result is rolled back.
    /// - Throws: `PostgresError` when the transaction cannot go on.
    package func attempt(_ call: (PostgresConnection) async -> ToolCallResult) async throws -> ToolCallResult {
        try await connection.query("SAVEPOINT tool_call")
        let result = await call(connection)
        if result.error == nil {
            try await connection.query("RELEASE SAVEPOINT tool_call")
        } else {
            try await connection.query("ROLLBACK TO SAVEPOINT tool_call")
        }
        return result
    }
}
