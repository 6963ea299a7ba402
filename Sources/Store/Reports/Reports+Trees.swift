package import JSON
internal import Postgres

extension Reports {
    /// A turn by its name, `CONVERSATION/SEQ`.
    package struct TurnName: Sendable, Hashable {
        /// The conversation.
        package let conversation: String
        /// The submission that the turn answers, from 1.
        package let seq: Int64

        package init(conversation: String, seq: Int64) {
            self.conversation = conversation
            self.seq = seq
        }
    }

    /// A turn with all tasks below it, in the order of a drawing.
    ///
    /// - Parameter turn: The turn.
    /// - Returns: Rows of the function `agentctl.tree`, each with the milliseconds since it began (`duration_ms`) and
    ///   since it was submitted (`elapsed_ms`), until it ended or until now.
    /// - Throws: ``StoreError/Code/notFound`` when the user has no such conversation.
    package func treeReport(of turn: TurnName) async throws(StoreError) -> [JSONObject] {
        try await database.objects(
            """
            SELECT row_to_json(r) AS row
            FROM (
                SELECT t.*, extract(epoch FROM u.until - t.started_at)::double precision * 1000 AS duration_ms,
                       extract(epoch FROM u.until - t.submitted_at)::double precision * 1000 AS elapsed_ms
                FROM agentctl.tree($1, $2) AS t
                CROSS JOIN LATERAL (SELECT coalesce(t.finished_at, clock_timestamp()) AS until) AS u
            ) AS r
            ORDER BY r.place
            """,
            [.text(turn.conversation), .integer(turn.seq)]
        )
    }

    /// Turns in progress at the top of their trees, the oldest first.
    ///
    /// - Parameters:
    ///   - conversation: Only the turn of this conversation, whether it has tasks or not; nil for all that have tasks.
    ///   - limit: How many at most.
    /// - Throws: ``StoreError`` when the database cannot be asked.
    package func turnsInProgress(
        of conversation: String?,
        limit: Int
    ) async throws(StoreError) -> [TurnName] {
        try await database.onLeased(
            "SELECT conversation_id, seq FROM agentctl.turns_in_progress($1, $2::integer)",
            [.optional(conversation), .integer(Int64(limit))]
        ).decoded { row throws(PostgresError) in
            TurnName(conversation: try row.decode("conversation_id"), seq: try row.decode("seq"))
        }
    }
}
