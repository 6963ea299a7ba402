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

    /// What is going on.
    package struct Activity: Sendable, Hashable {
        /// Turns in progress at the top of their trees: those that run first, then those that wait, each the latest first.
        package let inProgress: [TurnName]
        /// Turns that have begun since and have ended already, the oldest first.
        package let ended: [TurnName]
        /// The moment that this is of, by the clock of the database, in seconds since 1970.
        package let time: Double
    }

    /// What is going on in all conversations, or in one.
    ///
    /// - Parameters:
    ///   - conversation: Only this conversation; nil for all.
    ///   - since: The moment from which on turns are reported that have begun and ended; nil for none of them.
    ///   - limit: How many turns in progress at most, and how many that have ended.
    /// - Throws: ``StoreError`` when the database cannot be asked.
    package func activity(
        of conversation: String?,
        since: Double?,
        limit: Int
    ) async throws(StoreError) -> Activity {
        let found = try await database.objects(
            "SELECT agentctl.activity($1, to_timestamp($3::double precision), $2::integer) AS row",
            [.optional(conversation), .integer(Int64(limit)), .optional(since)]
        ).first
        let names = { (field: String) -> [TurnName] in
            (found?[field]?.arrayValue ?? []).compactMap { turn in
                guard let id = turn["conversation_id"]?.stringValue, let seq = turn["seq"]?.integerValue else {
                    return nil
                }
                return TurnName(conversation: id, seq: seq)
            }
        }
        return Activity(
            inProgress: names("in_progress"),
            ended: names("ended"),
            time: found?["time"]?.numberValue ?? 0
        )
    }
}
