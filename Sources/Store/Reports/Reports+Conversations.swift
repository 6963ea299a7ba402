package import JSON
internal import Postgres

extension Reports {
    /// The conversations, the newest first.
    ///
    /// - Parameter filter: Which ones.
    /// - Returns: Rows of the view `agentctl.conversations`.
    /// - Throws: ``StoreError/Code/notFound`` when the conversation that the filter begins after does not exist.
    package func conversationReport(_ filter: ConversationFilter) async throws(StoreError) -> [JSONObject] {
        let conversations = try await readable("conversations")
        var last = filter.after
        if let after = last {
            let found = try await database.objects(
                PostgresStatement(
                    """
                    SELECT json_build_object('id', c.conversation_id) AS row
                    FROM \(conversations) AS c, agentctl.conversation_id($1) AS own (id)
                    WHERE c.conversation_id IN ($1, own.id) ORDER BY c.conversation_id = own.id DESC LIMIT 1
                    """
                ),
                [.text(after)]
            )
            last = found.first?["id"]?.stringValue
            guard last != nil else { throw StoreError(.notFound, "there is no conversation \"\(after)\"") }
        }
        return try await database.objects(
            Self.listStatement(of: conversations),
            [
                .integer(Int64(filter.limit)), .optional(last), .optional(filter.state),
                .optional(filter.agent), .optional(filter.prefix), .optional(filter.createdBy),
            ] + MetricsFilter.parameters(filter.since)
        )
    }

    // One page of an index in the order that is shown: after a conversation, or after nothing.
    private static func listStatement(of conversations: String) -> PostgresStatement {
        PostgresStatement(
            """
            SELECT row_to_json(r) AS row
            FROM (
                SELECT c.* FROM \(conversations) AS c
                WHERE (c.created_at, c.conversation_id) < (
                        coalesce((SELECT o.created_at FROM \(conversations) AS o WHERE o.conversation_id = $2), 'infinity'),
                        $2)
                  AND c.created_at >= coalesce($7::timestamptz,
                        statement_timestamp() - make_interval(secs => $8::double precision), '-infinity')
                  AND ($3::text IS NULL OR c.state = $3)
                  AND ($4::text IS NULL OR c.agent = $4)
                  AND ($5::text IS NULL OR starts_with(c.conversation_id, $5)
                        OR starts_with(c.conversation_id, (SELECT agentctl.conversation_id($5))))
                  AND ($6::text IS NULL OR c.created_by = $6)
                ORDER BY c.created_at DESC, c.conversation_id DESC
                LIMIT $1
            ) AS r
            """
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
