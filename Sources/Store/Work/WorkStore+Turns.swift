package import Conversation
internal import JSON
internal import Postgres

internal import struct FoundationEssentials.UUID

extension WorkStore {
    /// How long a statement may take that stores several turns; after that each is stored by a statement of its own.
    private static let timeToStore: Duration = .seconds(10)

    private static let finishing = storing("outcomes", "finish_turns($1, $2, $3::uuid[], $4::jsonb, $5, $6::integer)")

    /// Ends turns of different conversations in one commit and, in the same one, claims the next.
    ///
    /// - Parameters:
    ///   - turns: What the turns came to.
    ///   - worker: The worker's id.
    ///   - maximum: How many conversations to claim next; 0 for none.
    /// - Returns: What became of each of the turns, and what was claimed.
    /// - Throws: ``StoreError`` when one of the turns is refused, or the database cannot be reached. Nothing was stored
    ///   then, or, after ``StoreError/Code/unreachable``, that is unknown; to store each alone is safe.
    package func finish(
        _ turns: [EndedTurn],
        worker: Int64,
        claiming maximum: Int
    ) async throws(StoreError) -> (outcomes: [StorageOutcome], next: [ClaimedSubmission]) {
        let rows = try await database.onLeased(
            Self.finishing,
            [
                .textArray(turns.map(\.claim.conversation)), .integerArray(turns.map(\.claim.seq)),
                .textArray(turns.map(\.claim.lease.uuidString)), .json(JSONText(listing: turns.map(\.record))),
                .integer(worker), .integer(Int64(maximum)),
            ],
            timeout: Self.timeToStore
        )
        let outcomes: [String] = try rows.only { row throws(PostgresError) in try row.decode("stored") }
        guard outcomes.count == turns.count else { throw StoreError(.database, "not every turn has an outcome") }
        return (outcomes.map { StorageOutcome(rawValue: $0) ?? .leaseLost }, try Self.claims(rows))
    }

    /// Whether the turn of a claim was stored under it.
    ///
    /// - Parameters:
    ///   - claim: The claim, whose lease has ended.
    ///   - worker: The worker that held it.
    /// - Throws: ``StoreError`` when the database cannot be asked.
    package func hasStored(_ claim: ClaimedSubmission, worker: Int64) async throws(StoreError) -> Bool {
        let rows = try await database.onLeased(
            """
            SELECT EXISTS (SELECT FROM agentctl.turn AS t
                WHERE t.conversation_id = $1 AND t.seq = $2 AND t.worker_id = $3 AND t.attempt = $4) AS stored
            """,
            [
                .text(claim.conversation), .integer(claim.seq), .integer(worker), .integer(Int64(claim.attempt)),
            ]
        )
        return try rows.scalar("stored")
    }

    private static let stepping = storing(
        "has_stepped, outcome",
        "finish_and_step($1, $2, $3, $4::jsonb, $5, $6, $7::integer, $8::integer, $9, $10::jsonb, $11, $12::integer)"
    )

    /// Ends the turn of a task, stores the next step of the turn that waited for it and parks again, and claims the next,
    /// in one commit.
    ///
    /// - Parameters:
    ///   - turn: What the turn of the task came to.
    ///   - step: The step.
    ///   - parent: The turn that waited, with what it had stored and the end of the task.
    ///   - worker: The worker's id.
    ///   - maximum: How many conversations to claim next; 0 for none.
    /// - Returns: What became of the turn; whether the step is stored as well, which it is not where the turn that waited
    ///   is not as it is taken to be; and what was claimed.
    /// - Throws: ``StoreError`` as ``finish(_:worker:claiming:)``.
    package func finish(
        _ turn: EndedTurn,
        stepping step: TurnRecord,
        of parent: ClaimedSubmission,
        worker: Int64,
        claiming maximum: Int
    ) async throws(StoreError) -> (outcome: StorageOutcome, hasStepped: Bool, next: [ClaimedSubmission]) {
        let rows = try await database.onLeased(
            Self.stepping,
            [
                .text(turn.claim.conversation), .integer(turn.claim.seq), .uuid(turn.claim.lease), .json(turn.record),
                .text(parent.conversation), .integer(parent.seq), .integer(Int64(step.stored.saves + 1)),
                .integer(Int64(parent.progress?.told ?? 0)), .integer(parent.epoch), .json(step.text),
                .integer(worker), .integer(Int64(maximum)),
            ],
            timeout: Self.timeToStore
        )
        let outcome: String = try rows.only { row throws(PostgresError) in try row.decode("stored") }
        let hasStepped: Bool = try rows.only { row throws(PostgresError) in try row.decode("has_stepped") }
        return (StorageOutcome(rawValue: outcome) ?? .leaseLost, hasStepped, try Self.claims(rows))
    }
}
