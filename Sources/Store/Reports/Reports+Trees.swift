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
    ///   since it was submitted (`elapsed_ms`), until it ended or until now; of a turn that waits, `waits_for` as in
    ///   ``traceReport(conversation:seq:)``.
    /// - Throws: ``StoreError/Code/notFound`` when the user has no such conversation.
    package func treeReport(of turn: TurnName) async throws(StoreError) -> [JSONObject] {
        try await database.objects(Self.treeStatement, [.text(turn.conversation), .integer(turn.seq)])
    }

    private static let treeStatement = PostgresStatement(
        """
        SELECT row_to_json(r) AS row
        FROM (
            SELECT t.*, extract(epoch FROM u.until - t.started_at)::double precision * 1000 AS duration_ms,
                   extract(epoch FROM u.until - t.submitted_at)::double precision * 1000 AS elapsed_ms,
                   CASE WHEN t.status = 'waiting' THEN
                       \(waits(of: "t.conversation_id", "split_part(t.turn, '/', -1)::bigint")) END AS waits_for
            FROM agentctl.tree($1, $2) AS t
            CROSS JOIN LATERAL (SELECT coalesce(t.finished_at, clock_timestamp()) AS until) AS u
        ) AS r
        ORDER BY r.place
        """
    )

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
            conversation == nil ? Self.treesStatement : Self.turnStatement,
            [.optional(conversation), .integer(Int64(limit))]
        ).decoded { row throws(PostgresError) in
            TurnName(conversation: try row.decode("conversation_id"), seq: try row.decode("seq"))
        }
    }

    private static let treesStatement: PostgresStatement = """
        SELECT p.conversation_id, p.seq
        FROM agentctl.turn_progress AS p
        JOIN agentctl.conversation_control AS c ON c.conversation_id = p.conversation_id
        WHERE $1::text IS NULL AND c.depth = 0
          AND EXISTS (SELECT FROM agentctl.task AS t
                      WHERE t.parent_conversation_id = p.conversation_id AND t.parent_seq = p.seq)
        ORDER BY p.started_at, p.conversation_id LIMIT $2
        """

    private static let turnStatement: PostgresStatement = """
        SELECT c.conversation_id, c.head_seq + 1 AS seq
        FROM agentctl.conversation_control AS c
        WHERE c.conversation_id = $1 AND c.tail_seq > c.head_seq LIMIT $2
        """
}
