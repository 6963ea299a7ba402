package import Conversation
internal import JSON
internal import Postgres

extension ConversationStore {
    /// What is new of a turn.
    ///
    /// - Parameters:
    ///   - conversation: The conversation's id.
    ///   - seq: The submission.
    ///   - position: What the caller has already seen.
    /// - Returns: First the pieces of a running answer, then durable events; empty when there is nothing new.
    /// - Throws: ``StoreError/Code/notFound`` when the user has no such conversation.
    package func follow(
        conversation: String,
        seq: Int64,
        after position: FollowPosition
    ) async throws(StoreError) -> [FollowedEvent] {
        let rows = try await database.onShared(
            "SELECT source, number, attempt, type, data FROM agentctl.follow($1, $2, $3, $4::integer, $5::integer)",
            [
                .text(conversation), .integer(seq), .integer(position.event), .integer(Int64(position.attempt)),
                .integer(Int64(position.delta)),
            ]
        )
        return try rows.decoded { row throws(PostgresError) in
            let isDurable = try row.decode("source", as: String.self) == "event"
            let type: String = try row.decode("type")
            let data: JSONValue = try row.decode("data")
            // A newer release may tell what this one does not know.
            let shown =
                isDurable
                ? Event.Kind(rawValue: type).map { TurnEvent.shown(by: $0, data) }
                : TurnEvent(type: type, data: data).map { [$0] }
            return FollowedEvent(
                isDurable: isDurable,
                number: try row.decode("number"),
                attempt: try row.decode("attempt"),
                shown: shown ?? []
            )
        }
    }

    /// The number of a conversation's last event: where a follower of a new submission begins.
    ///
    /// - Throws: ``StoreError`` when the database cannot be asked.
    package func lastEvent(of conversation: String) async throws(StoreError) -> Int64 {
        let rows = try await database.onShared(
            "SELECT coalesce(c.last_event, 0) AS last_event FROM agentctl.conversation_position($1) AS c",
            [.text(conversation)]
        )
        return try rows.scalar("last_event")
    }

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
        let rows = try await database.onShared(
            "SELECT number, seq, type, data, at FROM agentctl.events($1, $2, $3::integer)",
            [.text(conversation), .integer(number), .integer(Int64(maximum))]
        )
        return try rows.decoded { row throws(PostgresError) in
            ConversationEvent(
                number: try row.decode("number"),
                seq: try row.decode("seq"),
                type: try row.decode("type"),
                data: try row.decode("data"),
                time: try row.decode("at")
            )
        }
    }

    /// The pieces of a running turn that are not durable: parts of answers and of tools' output.
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
        let rows = try await database.onShared(
            """
            SELECT c.finished + 1 AS seq FROM agentctl.conversation_position($1) AS c WHERE c.is_running
            """,
            [.text(conversation)]
        )
        guard let seq = try rows.decoded({ row throws(PostgresError) in try row.decode("seq", as: Int64.self) }).first
        else { return [] }
        if position.seq != seq { position = LivePosition(seq: seq) }
        let seen = FollowPosition(event: .max, attempt: position.attempt, delta: position.number)
        let pieces = try await follow(conversation: conversation, seq: seq, after: seen)
        if let last = pieces.last { (position.attempt, position.number) = (last.attempt, Int(last.number)) }
        return pieces
    }

    /// The conversations of the tasks below a turn, of all attempts, at every level.
    ///
    /// - Throws: ``StoreError/Code/notFound`` when the user has no such conversation.
    package func descendants(of conversation: String, seq: Int64) async throws(StoreError) -> [String] {
        try await database.onLeased(
            "SELECT t.conversation_id FROM agentctl.tree($1, $2) AS t WHERE t.depth > 0 AND t.turn IS NOT NULL",
            [.text(conversation), .integer(seq)]
        ).decoded { row throws(PostgresError) in try row.decode("conversation_id") }
    }

    /// The events of an operation.
    ///
    /// - Returns: The events; nil while it has not been carried out.
    /// - Throws: ``StoreError`` when the database cannot be asked.
    package func eventsOfOperation(_ seq: Int64, of conversation: String) async throws(StoreError)
        -> [ConversationEvent]?
    {
        let rows = try await database.onShared(
            "SELECT c.finished >= $2 AS done, c.last_event FROM agentctl.conversation_position($1) AS c",
            [.text(conversation), .integer(seq)]
        )
        let found = try rows.decoded { row throws(PostgresError) in
            (try row.decode("done", as: Bool.self), try row.decode("last_event", as: Int64.self))
        }.first
        guard let (isDone, last) = found, isDone else { return nil }
        // It is among the last, unless much has happened since.
        let recent = try await events(of: conversation, after: max(0, last - 1_000))
        return recent.filter { $0.seq == seq }
    }
}
