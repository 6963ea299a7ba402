package import Conversation
internal import JSON
internal import Postgres

/// What clients do with conversations: submit, follow, decide, correct, import and export.
///
/// Nothing here claims a conversation or writes a turn: that is ``WorkStore``.
package struct ConversationStore: Sendable {
    let database: Database

    /// Queues a message or a structured input for a conversation.
    ///
    /// - Parameters:
    ///   - conversation: The conversation's id; a new one is started by its first submission.
    ///   - content: What to send.
    ///   - agent: The agent for this submission; nil for the conversation's own.
    ///   - idempotencyKey: The same key in a conversation is the same submission.
    ///   - priority: Lower is processed first.
    ///   - queue: The queue that it waits in; nil for that of its agent.
    ///   - workspace: HOST:PATH of the only directory that it may be processed in; nil for that of any worker.
    /// - Returns: The submission's number within the conversation.
    /// - Throws: ``StoreError/Code/notFound`` for an unknown agent, ``StoreError/Code/refused`` for too large a
    ///   message, ``StoreError/Code/notPermitted`` for another user's conversation.
    package func submit(
        _ content: SubmissionContent,
        to conversation: String,
        agent: String? = nil,
        idempotencyKey: String? = nil,
        priority: Int = 0,
        queue: String? = nil,
        workspace: String? = nil,
        user: String? = nil
    ) async throws(StoreError) -> Int64 {
        let rows = try await database.onLeased(
            "SELECT agentctl.submit($1, $2, $3, $4, $5::integer, $6::jsonb, $7, $8, $9) AS seq",
            Self.parameters(content, conversation, agent, idempotencyKey, priority) + [
                .optional(queue), .optional(workspace), .optional(user),
            ]
        )
        return try rows.scalar("seq")
    }

    /// Queues a message or a structured input whose reply the caller waits for.
    ///
    /// - Parameters: As ``submit(_:to:agent:idempotencyKey:priority:queue:workspace:user:)`` takes them.
    /// - Returns: The submission, and where a follower begins.
    /// - Throws: As ``submit(_:to:agent:idempotencyKey:priority:queue:workspace:user:)``.
    package func submitAndFollow(
        _ content: SubmissionContent,
        to conversation: String,
        agent: String?,
        idempotencyKey: String?,
        queue: String? = nil,
        workspace: String? = nil,
        user: String? = nil
    ) async throws(StoreError) -> AcceptedSubmission {
        let rows: PostgresRows
        do throws(StoreError) {
            rows = try await database.onLeased(
                """
                SELECT seq, is_new, last_event, has_service
                FROM agentctl.submit_and_follow($1, $2, $3, $4, $5::integer, $6::jsonb, $7, $8, $9)
                """,
                Self.parameters(content, conversation, agent, idempotencyKey, 0) + [
                    .optional(queue), .optional(workspace), .optional(user),
                ]
            )
        } catch  where error.sqlState == "55P03" {
            throw await explained(error, conversation)
        }
        return try rows.only { row throws(PostgresError) in
            AcceptedSubmission(
                seq: try row.decode("seq"),
                isNew: try row.decode("is_new"),
                lastEvent: try row.decode("last_event"),
                hasService: try row.decode("has_service")
            )
        }
    }

    /// The failure of a lock that was not granted, with who holds it.
    private func explained(_ error: StoreError, _ conversation: String) async -> StoreError {
        let rows = try? await database.onShared(
            "SELECT agentctl.submission_obstacle($1) AS obstacle",
            [.text(conversation)]
        )
        guard let obstacle = try? rows?.first?.decode("obstacle", as: String.self) else { return error }
        let hint = "Try again when that transaction has ended."
        return StoreError(error.code, obstacle, hint: hint, underlying: error.underlying)
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
    /// - Parameter conversation: The conversation that it has to serve; nil for any.
    /// - Throws: ``StoreError`` when the database cannot be asked.
    package func hasService(for conversation: String? = nil) async throws(StoreError) -> Bool {
        try await database.onShared("SELECT agentctl.has_service($1) AS alive", [.optional(conversation)]).scalar(
            "alive"
        )
    }

    /// Why nobody processes what a conversation waits for, or tasks below it.
    ///
    /// - Parameters:
    ///   - conversation: The conversation's id.
    ///   - offers: What the calling process has of what agents may need; nil for everything.
    /// - Returns: What is missing where, in a sentence; nil when somebody can, or nothing waits.
    /// - Throws: ``StoreError`` when the database cannot be asked.
    package func lack(of conversation: String, besides offers: [String]?) async throws(StoreError) -> String? {
        guard let offers else { return nil }
        let rows = try await database.onShared(
            "SELECT agentctl.unserved_reason($1, $2::text[]) AS reason",
            [.text(conversation), .textArray(offers)]
        )
        return try rows.only { row throws(PostgresError) in try row.decode("reason", as: String?.self) }
    }
}
