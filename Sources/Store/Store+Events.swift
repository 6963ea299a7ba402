package import Conversation
internal import Postgres

extension Store {
    /// The events of a conversation.
    ///
    /// - Parameters:
    ///   - conversation: The conversation's id.
    ///   - number: The last event that the caller has seen; 0 for none.
    ///   - maximum: How many at most, 1 to 10,000.
    /// - Returns: The events after it, in order and without gaps.
    /// - Throws: ``StoreError/Code/notFound`` when the user has no such conversation.
    package func events(
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

    /// What is told of the turn that runs in a conversation and is not durable: pieces of answers and of tools' output.
    ///
    /// - Parameters:
    ///   - conversation: The conversation's id.
    ///   - position: The turn and the last piece that were seen; brought up to date.
    /// - Returns: The pieces after it, of the turn that runs now; what was missed of another one stands in the events.
    /// - Throws: ``StoreError/Code/notFound`` when the user has no such conversation.
    package func livePieces(
        of conversation: String,
        after position: inout LivePosition
    ) async throws(StoreError) -> [FollowedEvent] {
        let rows = try await read(
            """
            SELECT c.head_seq + 1 AS seq FROM agentctl.conversation_control AS c
            WHERE c.conversation_id = $1 AND c.state = 'running'
            """,
            [.text(conversation)]
        )
        guard let seq = try decode(rows, { row throws(PostgresError) in try row.decode("seq", as: Int64.self) }).first
        else { return [] }
        if position.seq != seq { position = LivePosition(seq: seq) }
        let seen = FollowPosition(event: .max, attempt: position.attempt, delta: position.number)
        let pieces = try await follow(conversation: conversation, seq: seq, after: seen)
        if let last = pieces.last { (position.attempt, position.number) = (last.attempt, Int(last.number)) }
        return pieces
    }
}
