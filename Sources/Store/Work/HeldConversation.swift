package import Conversation
package import Postgres

/// A conversation whose row an open transaction has locked, or will lock.
package struct HeldConversation: Sendable {
    let claim: ClaimedSubmission
    /// The connection of the transaction.
    package let connection: PostgresConnection

    /// Locks the conversation's row until the transaction ends; a row that is locked stays so.
    ///
    /// - Returns: Whether the lease still holds.
    /// - Throws: `PostgresError`, among others when another session has locked the row for 250 ms.
    package func lock() async throws -> Bool {
        let held = try await connection.query(
            "SELECT agentctl.hold($1, $2) AS held",
            [.text(claim.conversation), .uuid(claim.lease)]
        )
        return try held.first?.decode("held", as: Bool.self) == true
    }

    /// Whether the lease holds now; what stores the calls locks the row later, and asks again.
    func isHeld() async throws -> Bool {
        let held = try await connection.query(Self.lease, [.text(claim.conversation), .uuid(claim.lease)])
        return try held.first?.decode("held", as: Bool.self) == true
    }

    private static let lease = PostgresStatement(
        """
        SELECT EXISTS (
            SELECT FROM agentctl.conversation_control AS c
            WHERE c.conversation_id = $1 AND c.lease = $2 AND c.state = 'running') AS held
        """
    )

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
