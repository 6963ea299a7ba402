package import Conversation
internal import JSON
internal import Postgres

extension WorkStore {
    /// Stores what a turn has done so far.
    ///
    /// - Parameters:
    ///   - record: The turn; what the database has of it already is not sent again.
    ///   - claim: The claim that it is processed under.
    ///   - timeout: How long the statement may take; nil for no limit.
    /// - Returns: Whether the lease still held; if not, nothing was written.
    /// - Throws: ``StoreError``; after ``StoreError/Code/unreachable`` it is unknown whether it was stored, and calling
    ///   again is safe; ``StoreError/Code/unavailable`` when the conversation's row is locked: call again.
    package func saveProgress(
        _ record: TurnRecord,
        of claim: ClaimedSubmission,
        timeout: Duration? = nil
    ) async throws(StoreError) -> Bool {
        let rows = try await database.onLeased(
            Self.saving,
            Self.parameters(record, of: claim),
            timeout: timeout
        )
        return try rows.scalar("saved")
    }

    /// Runs calls that write to the database and stores what came of them, in one transaction.
    ///
    /// - Parameters:
    ///   - claim: The claim that the turn is processed under.
    ///   - isForeign: Whether a call runs a statement of a model or of a stored function: such statements have connections
    ///     of their own, and come before the conversation's row is locked.
    ///   - work: Receives the conversation; returns the turn with the results, and what the caller needs after it. Where a
    ///     call is foreign, it locks the row before what needs it.
    /// - Returns: What the caller needs; nil if the lease no longer held, and then nothing was done.
    /// - Throws: ``StoreError``; it may be unknown whether all of it was done, or nothing: what the database has of the
    ///   turn tells.
    package func saveProgress<Rest: Sendable>(
        of claim: ClaimedSubmission,
        isForeign: Bool,
        _ work: @Sendable (HeldConversation) async throws -> (record: TurnRecord, rest: Rest)
    ) async throws(StoreError) -> Rest? {
        func body(_ connection: PostgresConnection) async throws -> Database.TransactionEnd<Rest?> {
            let conversation = HeldConversation(claim: claim, connection: connection)
            guard try await isForeign ? conversation.isHeld() : conversation.lock() else { return .rollBack(nil) }
            let (record, rest) = try await work(conversation)
            let saved = try await connection.query(
                Self.saving,
                Self.parameters(record, of: claim)
            )
            // Without the lease nothing of the calls stays.
            guard try saved.first?.decode("saved", as: Bool.self) == true else { return .rollBack(nil) }
            return .commit(rest)
        }
        guard isForeign else { return try await database.transaction(body) }
        return try await database.foreignTransaction(waiting: Self.patience, body)
    }

    private static let saving: PostgresStatement =
        "SELECT agentctl.save_progress($1, $2, $3, $4::integer, $5::jsonb) AS saved"

    static func parameters(_ record: TurnRecord, of claim: ClaimedSubmission) -> [PostgresValue] {
        [
            .text(claim.conversation), .integer(claim.seq), .uuid(claim.lease),
            .integer(Int64(record.stored.saves + 1)), .json(record.text),
        ]
    }

    /// A decision of an approver about such calls that holds for longer than once.
    ///
    /// - Parameters:
    ///   - conversation: The conversation's id.
    ///   - agent: The agent that calls.
    ///   - subjects: What the calls are about.
    /// - Returns: For each of them the decision; nil if there is none.
    /// - Throws: ``StoreError`` when the database cannot be asked.
    package func standingApprovals(
        conversation: String,
        agent: String,
        for subjects: [ApprovalSubject]
    ) async throws(StoreError) -> [ToolCallApproval.State?] {
        let rows = try await database.onShared(
            """
            SELECT agentctl.standing_approval(
                $1, $2, asked.tool, asked.subject, asked.approvers, asked.not_requester, asked.version)::text AS state
            FROM ROWS FROM (jsonb_to_recordset($3::jsonb) AS (
                tool text, subject text, approvers text[], not_requester boolean, version bigint)) WITH ORDINALITY
                AS asked (tool, subject, approvers, not_requester, version, number)
            ORDER BY asked.number
            """,
            [.text(conversation), .text(agent), .json(JSONText(.array(subjects.map(\.json))))]
        )
        return try rows.decoded { row throws(PostgresError) in
            try row.decode("state", as: String?.self).flatMap(ToolCallApproval.State.init(rawValue:))
        }
    }

    /// Stores pieces of running answers for live display.
    ///
    /// - Throws: ``StoreError`` when the database cannot be reached; nothing durable depends on it.
    package func write(deltas: [DeltaRecord]) async throws(StoreError) {
        let list = JSONValue.array(deltas.map(\.json))
        _ = try await database.onLeased("SELECT agentctl.write_deltas($1::jsonb)", [.json(JSONText(list))])
    }

    /// The operation is no parameter, or the partial index could not be used.
    private static let steering = PostgresStatement(
        """
        SELECT s.seq, s.body FROM agentctl.submission AS s
        WHERE s.conversation_id = $1 AND s.seq > $2 AND s.operation = '\(Operation.steer.rawValue)' AND s.taken_by IS NULL
        ORDER BY s.seq LIMIT 100
        """
    )

    /// The messages that were sent into a turn and that it has not taken up, in order.
    ///
    /// - Throws: ``StoreError`` when the database cannot be asked.
    package func steering(of claim: ClaimedSubmission) async throws(StoreError) -> [SteeringMessage] {
        let rows = try await database.onShared(
            Self.steering,
            [.text(claim.conversation), .integer(claim.seq)]
        )
        return try rows.decoded { row throws(PostgresError) in
            SteeringMessage(seq: try row.decode("seq"), body: try row.decode("body"))
        }
    }

    /// What can be summarized of a conversation that is held.
    ///
    /// - Returns: Whole turns, without the last two; nil when there are no others.
    /// - Throws: ``StoreError`` when the database cannot be asked.
    package func compactionSource(of claim: ClaimedSubmission) async throws(StoreError) -> CompactionSource? {
        let rows = try await database.onLeased(
            "SELECT agentctl.compaction_source($1, $2) AS source",
            [.text(claim.conversation), .integer(claim.seq)]
        )
        let source: JSONValue = try rows.scalar("source")
        return CompactionSource(stored: source)
    }

    /// Stores what came of a compaction.
    ///
    /// - Parameters:
    ///   - outcome: What came of it.
    ///   - claim: The claim that it was made under.
    ///   - ends: Whether the submission ends with it.
    /// - Returns: Whether the lease still held; if not, nothing was written.
    /// - Throws: ``StoreError``; ``StoreError/Code/unavailable`` when the conversation's row is locked: call again.
    package func store(_ outcome: CompactionOutcome, of claim: ClaimedSubmission, ends: Bool) async throws(StoreError)
        -> Bool
    {
        let rows = try await database.onLeased(
            "SELECT agentctl.store_compaction($1, $2, $3, $4::jsonb, $5) AS stored",
            [
                .text(claim.conversation), .integer(claim.seq), .uuid(claim.lease), .json(JSONText(outcome.json)),
                .bool(ends),
            ]
        )
        return try rows.scalar("stored")
    }
}
