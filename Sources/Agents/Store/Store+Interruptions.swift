internal import IO

internal import struct FoundationEssentials.UUID

extension Store {
    /// Stops the turn that runs in a conversation, or that waits for a person.
    ///
    /// - Parameter conversation: The conversation's id.
    /// - Returns: The turn's number. It ends a moment later.
    /// - Throws: ``StoreError/Code/refused`` when no turn is running, ``StoreError/Code/notFound`` when the user has no
    ///   such conversation.
    public func interrupt(_ conversation: String) async throws(StoreError) -> Int64 {
        try scalar(try await query("SELECT agentctl.interrupt($1) AS seq", [.text(conversation)]), "seq")
    }

    /// The leases of a worker whose turns are to be stopped.
    ///
    /// - Throws: ``StoreError`` when the database cannot be asked.
    func interruptedLeases(of worker: Int64) async throws(StoreError) -> Set<UUID> {
        let rows = try await read(
            "SELECT lease FROM agentctl.interrupted_leases($1) AS lease",
            [.integer(worker)],
            timeout: Self.timeToLetGo
        )
        return Set(try decode(rows) { row throws(PostgresError) in try row.decode("lease", as: UUID.self) })
    }

    /// The events of a conversation.
    ///
    /// - Parameters:
    ///   - conversation: The conversation's id.
    ///   - number: The last event that the caller has seen; 0 for none.
    ///   - maximum: How many at most, 1 to 10,000.
    /// - Returns: The events after it, in order and without gaps.
    /// - Throws: ``StoreError/Code/notFound`` when the user has no such conversation.
    public func events(
        of conversation: String,
        after number: Int64,
        maximum: Int = 1_000
    ) async throws(StoreError) -> [ConversationEvent] {
        let rows = try await read(
            "SELECT number, seq, type, data, at FROM agentctl.events($1, $2, $3::integer)",
            [.text(conversation), .integer(number), .integer(Int64(maximum))]
        )
        return try decode(rows) { row throws(PostgresError) in
            ConversationEvent(
                number: try row.decode("number"),
                seq: try row.decode("seq"),
                type: try row.decode("type"),
                data: try row.decode("data"),
                time: try row.decode("at")
            )
        }
    }
}
