package import Conversation
package import JSON
internal import Postgres

extension WorkStore {
    /// Has open tasks of a turn stopped, and all below them.
    ///
    /// - Parameters:
    ///   - claim: The turn's claim.
    ///   - groups: The groups whose tasks are stopped; nil for all.
    ///   - timeout: How long the statement may take; nil for no limit.
    /// - Throws: ``StoreError``; calling again is safe.
    package func stopTasks(
        of claim: ClaimedSubmission,
        in groups: [String]? = nil,
        timeout: Duration? = nil
    ) async throws(StoreError) {
        _ = try await database.onLeased(
            "SELECT agentctl.stop_children($1, $2, $3::text[])",
            [.text(claim.conversation), .integer(claim.seq), groups.map { .textArray($0) } ?? .null],
            timeout: timeout
        )
    }

    /// Counts ballots.
    ///
    /// - Parameters:
    ///   - ballots: `[{voter, weight, answer}]`.
    ///   - answer: How an answer is read.
    ///   - decide: What decides.
    ///   - timeout: How long the statement may take; nil for no limit.
    /// - Returns: `{decided, answer, tie, votes, agreement, support, choices, …}`.
    /// - Throws: ``StoreError``; calling again is safe.
    package func countBallots(
        _ ballots: JSONValue,
        answer: JSONValue,
        decide: JSONValue,
        timeout: Duration? = nil
    ) async throws(StoreError) -> JSONValue {
        let rows = try await database.onLeased(
            "SELECT agentctl.count_ballots($1::jsonb, $2::jsonb, $3::jsonb) AS result",
            [.json(JSONText(ballots)), .json(JSONText(answer)), .json(JSONText(decide))],
            timeout: timeout
        )
        return try rows.scalar("result")
    }

    /// The conversations of a tree of tasks that are ready to be claimed, the deepest first.
    ///
    /// - Parameters:
    ///   - conversation: The conversation of the turn at its top.
    ///   - maximum: How many at most.
    /// - Throws: ``StoreError`` when the database cannot be asked.
    package func ready(
        below conversation: String,
        maximum: Int
    ) async throws(StoreError) -> [String] {
        let rows = try await database.onShared(
            """
            SELECT c.conversation_id
            FROM agentctl.task AS t JOIN agentctl.conversation_control AS c ON c.conversation_id = t.conversation_id
            WHERE t.root_conversation_id = $1 AND t.finished_at IS NULL AND c.state = 'ready'
            ORDER BY c.depth DESC, c.has_progress DESC, c.ready_at, c.conversation_id LIMIT $2
            """,
            [.text(conversation), .integer(Int64(maximum))]
        )
        return try rows.decoded { row throws(PostgresError) in try row.decode("conversation_id") }
    }

    /// Wakes turns whose tasks ended while another session held the turn's row.
    ///
    /// - Returns: How many turns were told.
    /// - Throws: ``StoreError`` when the database cannot be reached.
    @discardableResult
    package func tellParents() async throws(StoreError) -> Int {
        try await database.onLeased("SELECT agentctl.tell_parents() AS told").scalar("told")
    }

    /// Wakes other workers, as there is more to claim than one may have slots for.
    ///
    /// - Throws: ``StoreError`` when the database cannot be reached.
    package func notifyReady() async throws(StoreError) {
        _ = try await database.onLeased("SELECT pg_notify('agentctl_ready', '')")
    }
}
