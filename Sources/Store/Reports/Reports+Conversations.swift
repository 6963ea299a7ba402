package import JSON
internal import Postgres

extension Reports {
    /// The conversations, the newest first.
    ///
    /// - Parameter filter: Which ones.
    /// - Returns: Rows of the view `agentctl.conversations`.
    /// - Throws: ``StoreError/Code/notFound`` when the conversation that the filter begins after does not exist.
    package func conversationReport(_ filter: ConversationFilter) async throws(StoreError) -> [JSONObject] {
        if let after = filter.after {
            let found = try await database.objects(
                "SELECT row_to_json(c) AS row FROM agentctl.conversations AS c WHERE c.conversation_id = $1",
                [.text(after)]
            )
            guard !found.isEmpty else { throw StoreError(.notFound, "there is no conversation \"\(after)\"") }
        }
        return try await database.objects(
            Self.listStatement,
            [
                .integer(Int64(filter.limit)), .optional(filter.after), .optional(filter.state),
                .optional(filter.agent),
                .optional(filter.prefix), .optional(filter.createdBy),
            ] + MetricsFilter.parameters(filter.since)
        )
    }

    // One page of an index in the order that is shown: after a conversation, or after nothing.
    private static let listStatement: PostgresStatement = """
        SELECT row_to_json(r) AS row
        FROM (
            SELECT c.* FROM agentctl.conversations AS c
            WHERE (c.created_at, c.conversation_id) < (
                    coalesce((SELECT o.created_at FROM agentctl.conversations AS o WHERE o.conversation_id = $2), 'infinity'),
                    $2)
              AND c.created_at >= coalesce($7::timestamptz,
                    statement_timestamp() - make_interval(secs => $8::double precision), '-infinity')
              AND ($3::text IS NULL OR c.state = $3)
              AND ($4::text IS NULL OR c.agent = $4)
              AND ($5::text IS NULL OR starts_with(c.conversation_id, $5))
              AND ($6::text IS NULL OR c.created_by = $6)
            ORDER BY c.created_at DESC, c.conversation_id DESC
            LIMIT $1
        ) AS r
        """

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
        try await database.objects(Self.conversationStatement, [.text(conversation), .integer(Int64(limit))]).first
    }

    private static let conversationStatement = PostgresStatement(
        """
        SELECT row_to_json(r) AS row
        FROM (
            SELECT c.*, above.id AS task, above.parent_conversation_id || '/' || above.parent_seq AS parent,
                   CASE WHEN c.state IN ('waiting', 'parked') THEN jsonb_build_object(
                       'turn', c.conversation_id || '/' || c.finished + 1)
                       || (\(waits(of: "c.conversation_id", "(c.finished + 1)")))::jsonb END AS waits_for,
                   t.turns, k.tasks, o.summary, m.transcript
            FROM agentctl.conversations AS c
            LEFT JOIN agentctl.submission AS s ON s.conversation_id = c.conversation_id AND s.seq = 1
            LEFT JOIN agentctl.task AS above ON above.id = s.task_id
            CROSS JOIN LATERAL (
                SELECT coalesce(json_agg(row_to_json(latest) ORDER BY latest.seq, latest.number), '[]') AS tasks
                FROM (
                    SELECT t.parent_seq AS seq, t.number, t.parent_conversation_id || '/' || t.parent_seq AS turn,
                           t.id AS task, t.agent, t.state, t.attempt, t.conversation_id, t.error_code
                    FROM agentctl.tasks AS t
                    WHERE t.parent_conversation_id = c.conversation_id
                    ORDER BY t.parent_seq DESC, t.number DESC
                    LIMIT $2
                ) AS latest
            ) AS k
            CROSS JOIN LATERAL (
                SELECT coalesce(json_agg(row_to_json(latest) ORDER BY latest.seq), '[]') AS turns
                FROM (
                    SELECT t.seq, t.conversation_id || '/' || t.seq AS turn, t.status, t.agent, t.agent_version,
                           t.limit_reached, t.error_code, t.error_message, t.model_calls, t.tool_calls, t.input_tokens,
                           t.cached_input_tokens, t.output_tokens, t.cost_usd, t.submitted_at, t.started_at,
                           t.finished_at, t.duration_ms,
                           (SELECT max(m.undone_by) FROM agentctl.message AS m
                            WHERE m.conversation_id = t.conversation_id AND m.seq = t.seq
                              AND m.number BETWEEN t.first_message AND t.last_message) AS undone_by
                    FROM agentctl.turn AS t
                    WHERE t.conversation_id = c.conversation_id
                    ORDER BY t.seq DESC
                    LIMIT $2
                ) AS latest
            ) AS t
            CROSS JOIN LATERAL (
                SELECT coalesce(json_agg(row_to_json(latest) ORDER BY latest.number), '[]') AS transcript
                FROM (
                    SELECT m.number, m.seq, m.role, m.content, m.tool_calls, m.tool_call_id, m.created_at,
                           m.undone_by
                    FROM agentctl.message AS m
                    WHERE m.conversation_id = c.conversation_id
                    ORDER BY m.number DESC
                    LIMIT $2
                ) AS latest
            ) AS m
            LEFT JOIN LATERAL (
                SELECT json_build_object(
                           'number', o.number, 'first_message', o.first_message, 'last_message', o.last_message,
                           'made_by', o.made_by, 'created_by', o.created_by, 'created_at', o.created_at,
                           'error_code', o.error_code, 'error_message', o.error_message, 'text', o.summary) AS summary
                FROM agentctl.compaction AS o
                WHERE o.conversation_id = c.conversation_id AND o.undone_by IS NULL
                ORDER BY o.number DESC LIMIT 1
            ) AS o ON true
            WHERE c.conversation_id = $1
        ) AS r
        """
    )
}
