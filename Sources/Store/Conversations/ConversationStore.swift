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
        let rows = try await database.onLeased(
            "SELECT agentctl.submit($1, $2, $3, $4, $5::integer, $6::jsonb) AS seq",
            Self.parameters(content, conversation, agent, idempotencyKey, priority)
        )
        return try rows.scalar("seq")
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
        let rows: PostgresRows
        do throws(StoreError) {
            rows = try await database.onLeased(
                """
                SELECT seq, is_new, last_event, has_service
                FROM agentctl.submit_and_follow($1, $2, $3, $4, $5::integer, $6::jsonb)
                """,
                Self.parameters(content, conversation, agent, idempotencyKey, 0)
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
    /// - Throws: ``StoreError`` when the database cannot be asked.
    package func hasService() async throws(StoreError) -> Bool {
        try await database.onShared("SELECT agentctl.has_service() AS alive").scalar("alive")
    }
}
