package import Conversation
internal import JSON
internal import Postgres

extension Store {
    /// Queues a message or a structured input for a conversation.
    ///
    /// - Parameters:
    ///   - conversation: The conversation's id; a new one is started by its first submission.
    ///   - content: What to send.
    ///   - agent: The agent for this submission; nil for the conversation's own.
    ///   - idempotencyKey: The same key in a conversation is the same submission.
    ///   - priority: Lower is processed first.
    /// - Returns: The submission's number within the conversation.
    /// - Throws: ``StoreError/Code/notFound`` for an unknown agent, ``StoreError/Code/refused`` for too large a
    ///   message, ``StoreError/Code/notPermitted`` for another user's conversation.
    package func submit(
        _ content: SubmissionContent,
        to conversation: String,
        agent: String? = nil,
        idempotencyKey: String? = nil,
        priority: Int = 0
    ) async throws(StoreError) -> Int64 {
        let rows = try await query(
            "SELECT agentctl.submit($1, $2, $3, $4, $5::integer, $6::jsonb) AS seq",
            Self.parameters(content, conversation, agent, idempotencyKey, priority)
        )
        return try scalar(rows, "seq")
    }

    /// Queues a message or a structured input whose reply the caller waits for.
    ///
    /// - Parameters: As ``submit(_:to:agent:idempotencyKey:priority:)`` takes them.
    /// - Returns: The submission, and where a follower begins.
    /// - Throws: As ``submit(_:to:agent:idempotencyKey:priority:)``.
    package func submitAndFollow(
        _ content: SubmissionContent,
        to conversation: String,
        agent: String?,
        idempotencyKey: String?
    ) async throws(StoreError) -> AcceptedSubmission {
        let rows = try await query(
            """
            SELECT seq, is_new, last_event, has_service
            FROM agentctl.submit_and_follow($1, $2, $3, $4, $5::integer, $6::jsonb)
            """,
            Self.parameters(content, conversation, agent, idempotencyKey, 0)
        )
        let accepted = try decode(rows) { row throws(PostgresError) in
            AcceptedSubmission(
                seq: try row.decode("seq"),
                isNew: try row.decode("is_new"),
                lastEvent: try row.decode("last_event"),
                hasService: try row.decode("has_service")
            )
        }
        guard let first = accepted.first else { throw StoreError(.database, "the statement returned no row") }
        return first
    }

    private static func parameters(
        _ content: SubmissionContent,
        _ conversation: String,
        _ agent: String?,
        _ idempotencyKey: String?,
        _ priority: Int
    ) -> [PostgresValue] {
        let (message, input): (String?, JSONText?) =
            switch content {
            case .message(let text): (text, nil)
            case .input(let value): (nil, JSONText(value))
            }
        return [
            .text(conversation), .optional(message), .optional(agent), .optional(idempotencyKey),
            .integer(Int64(priority)), .optional(input),
        ]
    }

    /// Whether a worker lives that processes what others submitted.
    ///
    /// - Throws: ``StoreError`` when the database cannot be asked.
    package func hasService() async throws(StoreError) -> Bool {
        try scalar(try await read("SELECT agentctl.has_service() AS alive"), "alive")
    }

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
        let rows = try await read(
            "SELECT source, number, attempt, type, data FROM agentctl.follow($1, $2, $3, $4::integer, $5::integer)",
            [
                .text(conversation), .integer(seq), .integer(position.event), .integer(Int64(position.attempt)),
                .integer(Int64(position.delta)),
            ]
        )
        return try decode(rows) { row throws(PostgresError) in
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
        let rows = try await read(
            """
            SELECT coalesce((SELECT c.last_event FROM agentctl.conversation_control AS c
                             WHERE c.conversation_id = $1), 0) AS last_event
            """,
            [.text(conversation)]
        )
        return try scalar(rows, "last_event")
    }

    /// Tells waiting workers that there is something to claim.
    ///
    /// Losing it costs latency, never correctness.
    ///
    /// - Throws: ``StoreError`` when the database cannot be reached.
    package func notifyReady() async throws(StoreError) {
        _ = try await query("SELECT pg_notify('agentctl_ready', '')")
    }
}
