package import Conversation
internal import Postgres

package import struct FoundationEssentials.UUID

extension Store {
    /// Stops the turn that runs in a conversation, or that waits for a person.
    ///
    /// - Parameter conversation: The conversation's id.
    /// - Returns: The turn's number. It ends a moment later.
    /// - Throws: ``StoreError/Code/refused`` when no turn is running, ``StoreError/Code/notFound`` when the user has no
    ///   such conversation.
    package func interrupt(_ conversation: String) async throws(StoreError) -> Int64 {
        try scalar(try await query("SELECT agentctl.interrupt($1) AS seq", [.text(conversation)]), "seq")
    }

    /// Sends a message into the turn that is in progress in a conversation.
    ///
    /// - Parameters:
    ///   - message: The message.
    ///   - conversation: The conversation's id.
    ///   - idempotencyKey: The same key in a conversation is the same message.
    /// - Returns: The message's number. A turn that ends before it has taken it up leaves it to be answered next.
    /// - Throws: ``StoreError/Code/refused`` when no turn is in progress or the conversation is closed,
    ///   ``StoreError/Code/notFound`` when the user has no such conversation.
    package func steer(
        _ conversation: String,
        with message: String,
        idempotencyKey: String? = nil
    ) async throws(StoreError) -> Int64 {
        let rows = try await query(
            "SELECT agentctl.steer($1, $2, $3) AS seq",
            [.text(conversation), .text(message), .optional(idempotencyKey)]
        )
        return try scalar(rows, "seq")
    }

    /// The leases of a worker's turns of which something is wanted.
    ///
    /// - Throws: ``StoreError`` when the database cannot be asked.
    package func signals(of worker: Int64) async throws(StoreError) -> (interrupted: Set<UUID>, steered: Set<UUID>) {
        let rows = try await read(
            "SELECT lease, is_interrupted, is_steered FROM agentctl.signals($1)",
            [.integer(worker)],
            timeout: Self.timeToLetGo
        )
        var found: (interrupted: Set<UUID>, steered: Set<UUID>) = ([], [])
        for (lease, isInterrupted, isSteered) in try decode(
            rows,
            { row throws(PostgresError) in
                (
                    try row.decode("lease", as: UUID.self), try row.decode("is_interrupted", as: Bool.self),
                    try row.decode("is_steered", as: Bool.self)
                )
            }
        ) {
            if isInterrupted { found.interrupted.insert(lease) }
            if isSteered { found.steered.insert(lease) }
        }
        return found
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
        let rows = try await read(
            Self.steering,
            [.text(claim.conversation), .integer(claim.seq)]
        )
        return try decode(rows) { row throws(PostgresError) in
            SteeringMessage(seq: try row.decode("seq"), body: try row.decode("body"))
        }
    }
}
