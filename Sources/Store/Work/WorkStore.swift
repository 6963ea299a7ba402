package import Conversation
internal import JSON
package import Postgres

package import struct FoundationEssentials.UUID

/// What workers do: claim conversations and queued calls, store turns, and give sign of life.
///
/// Statements that write a turn go through functions that check its lease.
package struct WorkStore: Sendable {
    let database: Database

    /// How long a transaction with a statement of a model or of a stored function waits for a connection.
    static let patience = Duration.seconds(30)

    /// How often connections to the database were opened and lost so far: what was read before they changed may be lost.
    package var connectionChanges: PostgresConnectionChanges { database.client.connectionChanges }

    /// Takes the lease of conversations that have something to do.
    ///
    /// - Parameters:
    ///   - worker: The worker's id.
    ///   - maximum: How many at most.
    ///   - conversation: Only this one; nil for any.
    /// - Returns: The next submission of each claimed conversation.
    /// - Throws: ``StoreError`` when the database cannot be asked.
    package func claim(
        worker: Int64,
        maximum: Int,
        conversation: String? = nil
    ) async throws(StoreError) -> [ClaimedSubmission] {
        let rows = try await database.onLeased(
            """
            SELECT conversation_id, seq, lease, attempt::integer AS attempt, operation, body, agent, epoch, submitted_at,
                   last_message, history, generation::integer AS generation, progress, settings, task
            FROM agentctl.claim($1, $2::integer, $3)
            """,
            [.integer(worker), .integer(Int64(maximum)), .optional(conversation)]
        )
        return try rows.decoded { row throws(PostgresError) in
            try ClaimedSubmission(row: row, seq: "seq", lease: "lease")
        }
    }

    /// What a claim of a conversation would return; nothing is claimed.
    ///
    /// - Parameters:
    ///   - conversation: The conversation's id.
    ///   - turn: A turn that has ended, or waits; nil for the next.
    ///   - message: What the next turn is about where nothing waits; nil for a placeholder.
    /// - Returns: The claim, and whether its message was not submitted.
    /// - Throws: ``StoreError/Code/notFound`` when there is no such conversation or turn.
    package func rehearseClaim(
        of conversation: String,
        turn: Int64?,
        message: String?
    ) async throws(StoreError) -> (claim: ClaimedSubmission, isAssumed: Bool) {
        let rows = try await database.onLeased(
            """
            SELECT conversation_id, seq, lease, attempt::integer AS attempt, operation, body, agent, epoch, submitted_at,
                   last_message, history, generation::integer AS generation, progress, settings, task, is_assumed
            FROM agentctl.rehearse_claim($1, $2, $3)
            """,
            [.text(conversation), .optional(turn), .optional(message)]
        )
        let found = try rows.decoded { row throws(PostgresError) in
            (try ClaimedSubmission(row: row, seq: "seq", lease: "lease"), try row.decode("is_assumed", as: Bool.self))
        }.first
        guard let found else { throw StoreError(.notFound, "there is no submission of \(conversation) to be claimed") }
        return found
    }

    /// Ends a turn in one commit and, in the same one, claims the next.
    ///
    /// - Parameters:
    ///   - turn: What the turn came to.
    ///   - claim: The claim that it was processed under.
    ///   - worker: The worker's id.
    ///   - maximum: How many conversations to claim next; 0 for none.
    ///   - timeout: How long the statement may take; nil for no limit.
    /// - Returns: Whether the lease still held (if not, nothing was written), and what was claimed.
    /// - Throws: ``StoreError``; after ``StoreError/Code/unreachable`` it is unknown whether the turn was stored, and
    ///   calling again is safe; ``StoreError/Code/unavailable`` when the conversation's row is locked: call again.
    package func finish(
        _ turn: TurnRecord,
        of claim: ClaimedSubmission,
        worker: Int64,
        claiming maximum: Int,
        timeout: Duration? = nil
    ) async throws(StoreError) -> (stored: Bool, next: [ClaimedSubmission]) {
        let rows = try await database.onLeased(
            Self.finishing,
            [
                .text(claim.conversation), .integer(claim.seq), .uuid(claim.lease), .json(turn.text),
                .integer(worker), .integer(Int64(maximum)),
            ],
            timeout: timeout
        )
        return try Self.stored(rows)
    }

    /// Stores a turn that waits, as ``saveProgress(_:of:timeout:)`` does, gives its conversation up and, in the same
    /// commit, claims the next.
    ///
    /// - Parameters:
    ///   - turn: What the turn has come to.
    ///   - claim: The claim that it was processed under.
    ///   - worker: The worker's id.
    ///   - maximum: How many conversations to claim next; 0 for none.
    ///   - timeout: How long the statement may take; nil for no limit.
    /// - Returns: Whether the lease still held (if not, nothing was written), and what was claimed.
    /// - Throws: ``StoreError``; after ``StoreError/Code/unreachable`` it is unknown whether it was stored, and calling
    ///   again is safe; ``StoreError/Code/unavailable`` when the conversation's row is locked: call again.
    package func park(
        _ turn: TurnRecord,
        of claim: ClaimedSubmission,
        worker: Int64,
        claiming maximum: Int,
        timeout: Duration? = nil
    ) async throws(StoreError) -> (stored: Bool, next: [ClaimedSubmission]) {
        let rows = try await database.onLeased(
            Self.parking,
            Self.parameters(turn, of: claim) + [.integer(worker), .integer(Int64(maximum))],
            timeout: timeout
        )
        return try Self.stored(rows)
    }

    private static let finishing = storing("finished", "finish_and_claim($1, $2, $3, $4::jsonb, $5, $6::integer)")
    private static let parking = storing(
        "parked",
        "park_and_claim($1, $2, $3, $4::integer, $5::jsonb, $6, $7::integer)"
    )

    /// A statement that stores a turn and claims the next.
    ///
    /// - Parameters:
    ///   - isStored: The column that says what became of it.
    ///   - call: The call of the function.
    static func storing(_ isStored: String, _ call: String) -> PostgresStatement {
        PostgresStatement(
            """
            SELECT \(isStored) AS stored, conversation_id, next_seq, next_lease, attempt::integer AS attempt, operation,
                   body, agent, epoch, submitted_at, last_message, history, generation::integer AS generation, progress,
                   settings, task
            FROM agentctl.\(call)
            """
        )
    }

    private static func stored(
        _ rows: PostgresRows
    ) throws(StoreError) -> (stored: Bool, next: [ClaimedSubmission]) {
        let stored = try rows.only { row throws(PostgresError) in try row.decode("stored", as: Bool.self) }
        return (stored, try claims(rows))
    }

    /// What a statement has claimed that stores as well.
    static func claims(_ rows: PostgresRows) throws(StoreError) -> [ClaimedSubmission] {
        try rows.decoded { row throws(PostgresError) in
            let conversation: String? = try row.decode("conversation_id")
            guard conversation != nil else { return ClaimedSubmission?.none }
            return try ClaimedSubmission(row: row, seq: "next_seq", lease: "next_lease")
        }.compactMap(\.self)
    }

    /// Gives a claim back unprocessed.
    ///
    /// - Returns: Whether the lease still held.
    /// - Throws: ``StoreError`` when the database cannot be reached.
    @discardableResult
    package func release(_ claim: ClaimedSubmission) async throws(StoreError) -> Bool {
        try await release(conversation: claim.conversation, lease: claim.lease)
    }

    /// Gives a lease back.
    ///
    /// - Parameters:
    ///   - conversation: The conversation.
    ///   - lease: The lease.
    ///   - counts: Whether the claim stays one of the submission's attempts: a claim that failed for an unknown reason
    ///     must not be repeated for ever.
    /// - Returns: Whether the lease still held.
    /// - Throws: ``StoreError`` when the database cannot be reached.
    @discardableResult
    package func release(conversation: String, lease: UUID, counts: Bool = false) async throws(StoreError) -> Bool {
        // Over the shared connections, as a heartbeat: it must not wait for turns that are being stored.
        let rows = try await database.onShared(
            "SELECT agentctl.release($1, $2, $3) AS released",
            [.text(conversation), .uuid(lease), .bool(counts)],
            timeout: Self.timeToLetGo
        )
        return try rows.scalar("released")
    }

    /// What a statement may take that gives something back, at the end of a task that was cancelled: the reaper does
    /// the same a little later.
    static let timeToLetGo: Duration = .seconds(5)

    /// Carries out a claimed operation that is not a message.
    ///
    /// - Returns: Whether the lease still held; if not, nothing was done.
    /// - Throws: ``StoreError``; ``StoreError/Code/unavailable`` when the conversation's row is locked: call again.
    package func apply(_ claim: ClaimedSubmission) async throws(StoreError) -> Bool {
        let rows = try await database.onLeased(
            "SELECT agentctl.apply_operation($1, $2, $3) AS applied",
            [.text(claim.conversation), .integer(claim.seq), .uuid(claim.lease)]
        )
        return try rows.scalar("applied")
    }

    /// Gives an operation back that could not be carried out, with an event that says why.
    ///
    /// - Returns: Whether the lease still held; if not, nothing was done.
    /// - Throws: ``StoreError``; ``StoreError/Code/unavailable`` when the conversation's row is locked.
    package func postpone(_ claim: ClaimedSubmission, because message: String) async throws(StoreError) -> Bool {
        let rows = try await database.onLeased(
            "SELECT agentctl.postpone($1, $2, $3, $4) AS postponed",
            [.text(claim.conversation), .integer(claim.seq), .uuid(claim.lease), .text(message)],
            timeout: Self.timeToLetGo
        )
        return try rows.scalar("postponed")
    }

    /// Ends a submission as failed whose record the database refuses; what cannot be stored of it is left out.
    ///
    /// - Parameters:
    ///   - claim: The claim.
    ///   - code: Class of the error.
    ///   - message: What happened.
    ///   - timeout: How long the statement may take; nil for no limit.
    /// - Returns: Whether it has ended; if not, the lease no longer held, or tasks of the turn have to end first.
    /// - Throws: ``StoreError``; ``StoreError/Code/unavailable`` when the conversation's row is locked: call again.
    package func giveUp(
        _ claim: ClaimedSubmission,
        code: String,
        message: String,
        timeout: Duration? = nil
    ) async throws(StoreError) -> Bool {
        let rows = try await database.onLeased(
            "SELECT agentctl.give_up($1, $2, $3, $4, $5) AS ended",
            [.text(claim.conversation), .integer(claim.seq), .uuid(claim.lease), .text(code), .text(message)],
            timeout: timeout
        )
        return try rows.scalar("ended")
    }
}
