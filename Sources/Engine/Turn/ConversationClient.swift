package import Conversation
package import Logging
package import Store
package import Tools

/// Sends messages to conversations and waits for their replies.
///
/// The message is queued in the database first. If a worker lives, it processes the message and this client follows; if
/// none does, this process works the conversation off itself. Either way the turn is the same rows.
package struct ConversationClient: Sendable {
    private let conversations: ConversationStore
    private let work: WorkStore
    private let inline: InlineProcessor
    private let loop: TurnLoop
    private let logger: Logger
    private let offers: [String]?
    /// HOST:PATH of the only directory that what is sent may be processed in; nil for that of any worker.
    private let workspace: String?

    /// A client.
    ///
    /// - Parameters:
    ///   - conversations: Where messages go.
    ///   - work: Claims the conversation, should this process have to work itself.
    ///   - registry: Where agents come from then.
    ///   - services: What the process can do for tools.
    ///   - offers: What the process has of what agents may need; nil for everything.
    ///   - workspace: HOST:PATH of the only directory that what is sent may be processed in; nil for that of any worker.
    ///   - logger: Where it says what happens.
    package init(
        conversations: ConversationStore,
        work: WorkStore,
        registry: AgentRegistry,
        services: ToolServices,
        offers: [String]? = nil,
        workspace: String? = nil,
        logger: Logger
    ) {
        self.conversations = conversations
        self.work = work
        self.logger = logger
        loop = TurnLoop(registry: registry, services: services, maximumAttempts: .max)
        self.offers = offers
        self.workspace = workspace
        inline = InlineProcessor(
            store: work,
            conversations: conversations,
            registry: registry,
            services: services,
            logger: logger,
            offers: offers
        )
    }

    /// What the first request of a turn sends to the model; nothing is sent or stored.
    ///
    /// - Parameters:
    ///   - conversation: The conversation's id.
    ///   - turn: The turn; nil for the next one.
    ///   - message: The message of the next turn, where none waits.
    /// - Returns: The request, and whether its message is assumed; nil of a chain, and of what is no message.
    /// - Throws: ``StoreError`` when there is no such conversation or turn, ``AgentError`` when its agent cannot be built.
    package func preview(
        of conversation: String,
        turn: Int64?,
        message: String?
    ) async throws -> (request: PromptPreview, isAssumed: Bool)? {
        let (claim, isAssumed) = try await work.rehearseClaim(of: conversation, turn: turn, message: message)
        guard claim.isMessage else { return nil }
        let journal = TurnJournal(store: work, claim: claim, logger: logger)
        guard let request = try await loop.preview(claim, journal: journal) else { return nil }
        return (request, isAssumed)
    }

    /// Queues a message whose reply the caller waits for.
    ///
    /// - Parameters:
    ///   - content: What to send.
    ///   - conversation: The conversation's id.
    ///   - agent: The agent for this message; nil for the conversation's own.
    ///   - idempotencyKey: The same key in a conversation is the same message: it is not processed again.
    ///   - queue: The queue that it waits in; nil for that of its agent.
    ///   - user: The end user that a new conversation is for; nil for none, or for the conversation's own.
    /// - Returns: The submission, which is stored.
    /// - Throws: ``StoreError`` as ``ConversationStore/submit(_:to:agent:idempotencyKey:priority:queue:workspace:user:)``
    ///   does.
    package func submit(
        _ content: SubmissionContent,
        to conversation: String,
        agent: String? = nil,
        idempotencyKey: String? = nil,
        queue: String? = nil,
        user: String? = nil
    ) async throws(StoreError) -> AcceptedSubmission {
        try await conversations.submitAndFollow(
            content,
            to: conversation,
            agent: agent,
            idempotencyKey: idempotencyKey,
            queue: queue,
            workspace: workspace,
            user: user
        )
    }

    /// Sends a message and waits until its turn has ended: ``submit(_:to:agent:idempotencyKey:)``, and then
    /// ``wait(for:of:emit:)``.
    ///
    /// - Throws: ``StoreError``, which does not say whether the message is stored.
    package func send(
        _ content: SubmissionContent,
        to conversation: String,
        agent: String? = nil,
        idempotencyKey: String? = nil,
        emit: @escaping @Sendable (TurnEvent) -> Void
    ) async throws(StoreError) -> TurnSummary {
        let accepted = try await submit(content, to: conversation, agent: agent, idempotencyKey: idempotencyKey)
        return try await wait(for: accepted, of: conversation, emit: emit)
    }

    /// Waits until a turn that was submitted before has ended, or waits for an operator.
    ///
    /// - Parameters:
    ///   - seq: The submission.
    ///   - conversation: The conversation's id.
    ///   - lastEvent: The last event that was seen of it.
    ///   - emit: Receives what happens, as it happens; it must not block.
    /// - Returns: How the turn ended, or what it waits for.
    /// - Throws: As ``wait(for:of:emit:)``.
    package func wait(
        for seq: Int64,
        of conversation: String,
        after lastEvent: Int64,
        emit: @escaping @Sendable (TurnEvent) -> Void
    ) async throws(StoreError) -> TurnSummary {
        let accepted = AcceptedSubmission(
            seq: seq,
            isNew: false,
            lastEvent: lastEvent,
            hasService: try await conversations.hasService(for: conversation)
        )
        return try await wait(for: accepted, of: conversation, emit: emit)
    }

    /// Waits until a turn has ended, or waits for an operator.
    ///
    /// Cancelling the calling task while the turn runs here stores it as interrupted; while a worker runs it, the worker
    /// continues. A database that goes away meanwhile is waited for, for a minute.
    ///
    /// - Parameters:
    ///   - accepted: The submission.
    ///   - conversation: The conversation's id.
    ///   - emit: Receives what happens, as it happens; it must not block.
    /// - Returns: How the turn ended, or what it waits for.
    /// - Throws: ``StoreError``; ``StoreError/Code/cancelled`` when the task was cancelled while a worker runs the turn.
    package func wait(
        for accepted: AcceptedSubmission,
        of conversation: String,
        emit: @escaping @Sendable (TurnEvent) -> Void
    ) async throws(StoreError) -> TurnSummary {
        var turn = FollowedTurn(after: accepted.lastEvent)
        var (isNew, hasService, mayWork) = (accepted.isNew, accepted.hasService, true)
        while true {
            if !hasService, mayWork {
                do throws(StoreError) {
                    let summary = try await workOff(conversation, upTo: accepted.seq, isNew: isNew, emit: emit)
                    if let summary { return summary }
                    if let summary = try await unserved(conversation, accepted.seq, mayWork: true) { return summary }
                } catch  where error.code == .notPermitted {
                    mayWork = false
                }
            }
            if !hasService, !mayWork,
                let summary = try await unserved(conversation, accepted.seq, mayWork: false)
            {
                return summary
            }
            if let summary = try await Follower(store: conversations).follow(
                conversation: conversation,
                seq: accepted.seq,
                &turn,
                emit: emit
            ) {
                return summary
            }
            isNew = false
            hasService = try await patiently { () throws(StoreError) in
                try await conversations.hasService(for: conversation)
            }
        }
    }

    /// What a turn waits for that no worker serves, nor this process; nil when one does, or it has begun.
    private func unserved(
        _ conversation: String,
        _ seq: Int64,
        mayWork: Bool
    ) async throws(StoreError) -> TurnSummary? {
        let found = try await patiently { () throws(StoreError) in
            try await conversations.lack(of: conversation, besides: offers)
        }
        return found.map { TurnSummary(unserved: conversation, seq, because: $0, mayWork: mayWork) }
    }

    /// Waits until an operation has been carried out, and what came before it.
    ///
    /// - Parameters:
    ///   - seq: The operation's number.
    ///   - conversation: The conversation's id.
    /// - Returns: The events that it led to.
    /// - Throws: ``StoreError``; ``StoreError/Code/refused`` when the conversation waits for an operator before it.
    package func settle(_ seq: Int64, of conversation: String) async throws(StoreError) -> [ConversationEvent] {
        let began = ContinuousClock.now
        var mayWork = true
        while true {
            if let events = try await conversations.eventsOfOperation(seq, of: conversation) { return events }
            if let waiting = try await conversations.summary(conversation: conversation, seq: seq),
                waiting.status == .waiting
            {
                throw StoreError(
                    .refused,
                    "turn \(conversation)/\(waiting.seq) comes first, and waits: \(waiting.errorMessage ?? "")"
                )
            }
            if Task.isCancelled { throw StoreError(.cancelled, "no longer waiting; the operation is queued") }
            if mayWork, try await !conversations.hasService(for: conversation) {
                do throws(StoreError) {
                    try await work.reap()
                    _ = try await inline.process(conversation: conversation, upTo: seq) { _ in }
                    try await refuseUnserved(conversation)
                } catch  where error.code == .notPermitted {
                    mayWork = false
                }
            } else {
                if !mayWork, try await !conversations.hasService(for: conversation) {
                    try await refuseUnserved(conversation)
                }
                try? await Task.sleep(for: Follower.interval(after: began.duration(to: .now)))
            }
        }
    }

    /// Ends the wait for an operation that is queued and that nobody carries out.
    private func refuseUnserved(_ conversation: String) async throws(StoreError) {
        guard let lack = try await conversations.lack(of: conversation, besides: offers) else { return }
        throw StoreError(
            .refused,
            "it is queued, and nobody serves it: \(lack)",
            hint: "The next worker that serves it carries it out."
        )
    }

    /// Works the conversation off here, after taking over what dead workers held.
    private func workOff(
        _ conversation: String,
        upTo seq: Int64,
        isNew: Bool,
        emit: @escaping @Sendable (TurnEvent) -> Void
    ) async throws(StoreError) -> TurnSummary? {
        // What was queued just now cannot have ended.
        if !isNew, let summary = try await summary(of: conversation, seq, emit) { return summary }
        do throws(StoreError) {
            try await work.reap()
            if let summary = try await inline.process(conversation: conversation, upTo: seq, emit: emit) {
                return summary
            }
        } catch  where error.code == .unreachable {
            // The follower waits for the database and reports how the turn ended.
            return nil
        }
        // It may wait behind a turn that waits for a person.
        return isNew ? try await summary(of: conversation, seq, emit) : nil
    }

    private func summary(
        of conversation: String,
        _ seq: Int64,
        _ emit: @Sendable (TurnEvent) -> Void
    ) async throws(StoreError) -> TurnSummary? {
        let found = try await patiently { () throws(StoreError) in
            try await conversations.summary(conversation: conversation, seq: seq)
        }
        guard let summary = found else { return nil }
        // The same idempotency key: the reply of then is the reply of now.
        if let reply = summary.reply { emit(.text(reply)) }
        return summary
    }
}
