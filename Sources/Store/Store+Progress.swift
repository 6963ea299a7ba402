package import Conversation
internal import JSON
internal import Postgres

extension Store {
    /// Stores what a turn has done so far.
    ///
    /// - Parameters:
    ///   - record: The turn; what the database has of it already is not sent again.
    ///   - claim: The claim that it is processed under.
    ///   - parks: Whether the conversation is given up and waits for a person.
    ///   - timeout: How long the statement may take; nil for no limit.
    /// - Returns: Whether the lease still held; if not, nothing was written.
    /// - Throws: ``StoreError``; after ``StoreError/Code/unreachable`` it is unknown whether it was stored, and calling
    ///   again is safe; ``StoreError/Code/unavailable`` when the conversation's row is locked: call again.
    package func saveProgress(
        _ record: TurnRecord,
        of claim: ClaimedSubmission,
        parks: Bool = false,
        timeout: Duration? = nil
    ) async throws(StoreError) -> Bool {
        let rows = try await query(
            Self.saving,
            Self.parameters(record, of: claim) + [.bool(parks)],
            timeout: timeout
        )
        return try scalar(rows, "saved")
    }

    /// Runs calls that write to the database and stores what came of them, in one transaction.
    ///
    /// - Parameters:
    ///   - claim: The claim that the turn is processed under.
    ///   - work: Receives the conversation, whose row is locked; returns the turn with the results, and what the
    ///     caller needs after it.
    /// - Returns: What the caller needs; nil if the lease no longer held, and then nothing was done.
    /// - Throws: ``StoreError``; it may be unknown whether all of it was done, or nothing: what the database has of the
    ///   turn tells.
    package func saveProgress<Rest: Sendable>(
        of claim: ClaimedSubmission,
        _ work: @Sendable (HeldConversation) async throws -> (record: TurnRecord, rest: Rest)
    ) async throws(StoreError) -> Rest? {
        try await transaction { connection -> TransactionEnd<Rest?> in
            let held = try await connection.query(
                "SELECT agentctl.hold($1, $2) AS held",
                [.text(claim.conversation), .uuid(claim.lease)]
            )
            guard try held.first?.decode("held", as: Bool.self) == true else { return .commit(nil) }
            let (record, rest) = try await work(HeldConversation(connection: connection))
            let saved = try await connection.query(
                Self.saving,
                Self.parameters(record, of: claim) + [.bool(false)]
            )
            return .commit(try saved.first?.decode("saved", as: Bool.self) == true ? rest : nil)
        }
    }

    /// Says what became of a tool call that is in doubt.
    ///
    /// - Parameters:
    ///   - call: The call's number within the turn.
    ///   - conversation: The conversation's id.
    ///   - seq: The turn.
    ///   - outcome: `happened`, `did_not_happen` or `run_again`.
    ///   - result: What the model is told; nil for a sentence that says no more than the outcome.
    /// - Returns: How many calls of the turn are still in doubt; it goes on at 0.
    /// - Throws: ``StoreError/Code/refused`` when the call does not wait, ``StoreError/Code/notFound`` when there is no
    ///   such conversation.
    package func resolveToolCall(
        _ call: Int,
        of conversation: String,
        seq: Int64,
        outcome: String,
        result: String?
    ) async throws(StoreError) -> Int64 {
        let rows = try await query(
            "SELECT agentctl.resolve_tool_call($1, $2, $3::integer, $4, $5)::bigint AS remaining",
            [
                .text(conversation), .integer(seq), .integer(Int64(call)), .text(outcome), .optional(result),
            ]
        )
        return try scalar(rows, "remaining")
    }

    private static let saving: PostgresStatement =
        "SELECT agentctl.save_progress($1, $2, $3, $4::integer, $5::jsonb, $6) AS saved"

    private static func parameters(_ record: TurnRecord, of claim: ClaimedSubmission) -> [PostgresValue] {
        [
            .text(claim.conversation), .integer(claim.seq), .uuid(claim.lease),
            .integer(Int64(record.stored.saves + 1)), .json(record.text),
        ]
    }
}
