package import JSON
internal import Postgres

extension Reports {
    /// The conversations, the newest first.
    ///
    /// - Parameter limit: How many at most.
    /// - Returns: Rows of the view `agentctl.conversations`.
    /// - Throws: ``StoreError`` when the database cannot be asked.
    package func conversationReport(limit: Int) async throws(StoreError) -> [JSONObject] {
        let conversations = try await readable("conversations")
        return try await database.objects(
            PostgresStatement(
                """
                SELECT row_to_json(r) AS row
                FROM (SELECT * FROM \(conversations) ORDER BY created_at DESC, conversation_id LIMIT $1) AS r
                """
            ),
            [.integer(Int64(limit))]
        )
    }

    /// One conversation with its latest turns and messages.
    ///
    /// - Parameters:
    ///   - conversation: The conversation's id.
    ///   - limit: How many turns, and how many messages, at most.
    /// - Returns: The row of `agentctl.conversations` with the members `turns`, `tasks` (that its turns delegated) and
    ///   `transcript`, oldest first; of a conversation that does a task, `task` and `parent`, the turn that delegated it.
    ///   Turns and messages that the model is no longer shown have the operation `undone_by`. `summary` is the one in force,
    ///   in place of the messages up to its `last_message`. `waits_for` is what an operator has to decide, or how many tasks
    ///   have not ended, with the `turn` that waits. Nil when there is no such conversation.
    /// - Throws: ``StoreError`` when the database cannot be asked.
    package func conversationReport(_ conversation: String, limit: Int) async throws(StoreError) -> JSONObject? {
        try await Self.ifReadable { () throws(StoreError) in
            try await database.objects(
                "SELECT r AS row FROM agentctl.show_conversation($1, $2::integer) AS r WHERE r IS NOT NULL",
                [.text(conversation), .integer(Int64(limit))]
            ).first
        }
    }
}
