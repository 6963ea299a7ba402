public import Conversation
public import Definitions
public import JSON
public import Postgres
public import Store

extension AgentEngine {
    /// Brings the schema `agentctl` of the database to this release; nothing is done when it is.
    ///
    /// - Parameter database: An open client, as a user who may create schemas.
    /// - Throws: ``StoreError/Code/refused`` when a newer release has migrated the database, ``StoreError`` otherwise.
    public static func migrate(_ database: PostgresClient) async throws {
        try await Migrator(client: database).migrate()
    }

    /// Stores documents, all or nothing; the same content is a no-op, a change is a new version.
    ///
    /// - Parameter documents: The documents: agents, models, tools, policies, guardrails.
    /// - Returns: The version in force of each, in their order.
    /// - Throws: ``StoreError/Code/invalid`` with every problem; nothing is stored then.
    @discardableResult
    public func register(_ documents: [JSONValue]) async throws(StoreError) -> [Registration] {
        try await stores.definitions.register(documents)
    }

    /// Queues a message or a structured input for a conversation; a worker processes it, of this program or another one.
    ///
    /// - Parameters:
    ///   - content: What to send.
    ///   - conversation: The conversation's id; a new one is started by its first submission.
    ///   - agent: The agent for this submission; nil for the conversation's own.
    ///   - idempotencyKey: The same key in a conversation is the same submission.
    /// - Returns: The submission's number within the conversation, which its events have as ``ConversationEvent/seq``.
    /// - Throws: ``StoreError/Code/notFound`` for an unknown agent, ``StoreError/Code/refused`` for too large a message,
    ///   ``StoreError/Code/notPermitted`` for another user's conversation.
    @discardableResult
    public func submit(
        _ content: SubmissionContent,
        to conversation: String,
        agent: String? = nil,
        idempotencyKey: String? = nil
    ) async throws(StoreError) -> Int64 {
        try await stores.conversations.submit(content, to: conversation, agent: agent, idempotencyKey: idempotencyKey)
    }

    /// Sends a message and waits until its turn has ended, or waits for an operator.
    ///
    /// A worker processes it. Where none is alive, this process does.
    ///
    /// - Parameters:
    ///   - content: What to send.
    ///   - conversation: The conversation's id; a new one is started by its first submission.
    ///   - agent: The agent for this message; nil for the conversation's own.
    ///   - idempotencyKey: The same key in a conversation is the same message: it is not processed again.
    ///   - emit: Receives what happens, as it happens; it must not block.
    /// - Returns: How the turn ended.
    /// - Throws: As ``submit(_:to:agent:idempotencyKey:)``; ``StoreError/Code/cancelled`` when the task was cancelled
    ///   while a worker runs the turn.
    public func send(
        _ content: SubmissionContent,
        to conversation: String,
        agent: String? = nil,
        idempotencyKey: String? = nil,
        emit: @escaping @Sendable (TurnEvent) -> Void = { _ in }
    ) async throws(StoreError) -> TurnSummary {
        try await client.send(
            content,
            to: conversation,
            agent: agent,
            idempotencyKey: idempotencyKey,
            emit: emit
        )
    }

    /// The events of a conversation, those stored and those to come.
    ///
    /// - Parameters:
    ///   - conversation: The conversation's id.
    ///   - number: The last event that the caller has seen; 0 for none.
    public func events(of conversation: String, after number: Int64 = 0) -> ConversationEvents {
        ConversationEvents(store: stores.conversations, conversation: conversation, lastNumber: number)
    }
}
