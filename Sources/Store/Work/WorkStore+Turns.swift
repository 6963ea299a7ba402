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
}
