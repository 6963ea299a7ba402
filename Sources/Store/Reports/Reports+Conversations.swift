package import JSON
internal import Postgres

extension Reports {
    /// The conversations, the newest first.
    ///
    /// - Parameter filter: Which ones.
    /// - Returns: Rows of the view `agentctl.conversations`.
    /// - Throws: ``StoreError/Code/notFound`` when the conversation that the filter begins after does not exist.
    package func conversationReport(_ filter: ConversationFilter) async throws(StoreError) -> [JSONObject] {
        let given: [PostgresValue] = [
            .integer(Int64(filter.limit)), .optional(filter.after), .optional(filter.state), .optional(filter.agent),
            .optional(filter.prefix), .optional(filter.createdBy),
        ]
        return try await database.objects(
            """
            SELECT r AS row FROM agentctl.list_conversations(
                $1::integer, $2, $3, $4, $5, $6,
                coalesce($7::timestamptz, statement_timestamp() - make_interval(secs => $8::double precision))) AS r
            """,
            given + MetricsFilter.parameters(filter.since)
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
