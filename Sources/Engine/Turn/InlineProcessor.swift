import Conversation
internal import Logging
internal import Reactor
import Store
import Tools

/// Processes one conversation in this process, and the tasks that it delegates: what `send` does when no worker lives.
struct InlineProcessor: Sendable {
    package let store: WorkStore
    package let conversations: ConversationStore
    package let registry: AgentRegistry
    package let services: ToolServices
    package let logger: Logger
    /// What the process has of what agents may need; nil for everything.
    var offers: [String]?

    /// How long a database that is away is waited for when a turn has to be stored: the caller waits for the reply.
    private static let patience: Duration = .seconds(60)

    /// Works off a conversation up to a submission.
    ///
    /// - Parameters:
    ///   - conversation: The conversation.
    ///   - seq: The submission that is wanted; those before it are processed first.
    ///   - emit: Receives what happens in the wanted one.
    /// - Returns: How it ended; nil when another worker holds the conversation, or this process was fenced off.
    /// - Throws: ``StoreError`` when the database cannot be reached.
    package func process(
        conversation: String,
        upTo seq: Int64,
        emit: @escaping @Sendable (TurnEvent) -> Void
    ) async throws(StoreError) -> TurnSummary? {
        // Whoever sends a message and works on it need not name its queue.
        var configuration = WorkerConfiguration(slots: 1, queues: [])
        configuration.offers = offers
        let context = try await WorkerContext.register(
            .inline,
            in: store,
            configuration,
            endpoints: registry.endpoints,
            logger: logger
        )
        let outcome = await context.whileAlive { () async -> Result<TurnSummary?, StoreError> in
            do throws(StoreError) {
                return .success(try await workOff(conversation, upTo: seq, in: context, emit: emit))
            } catch {
                return .failure(error)
            }
        }
        await context.end()
        guard outcome.isFenced, !Task.isCancelled else { return try outcome.result?.get() }
        // What the work was cancelled in is no failure of the caller's, who may begin again.
        if case .success(let summary?) = outcome.result { return summary }
        logger.warning("the database counts this process as lost; its turn is dropped")
        emit(.reset)
        return nil
    }

    private func workOff(
        _ conversation: String,
        upTo seq: Int64,
        in context: WorkerContext,
        emit: @escaping @Sendable (TurnEvent) -> Void
    ) async throws(StoreError) -> TurnSummary? {
        let loop = TurnLoop(
            registry: registry,
            services: services,
            maximumAttempts: context.maximumAttempts
        )
        let processor = TurnProcessor(
            context: context,
            loop: loop,
            policy: .storeInterrupted,
            patience: Self.patience
        )
        let tree = TreeProcessor(context: context, processor: processor)
        var hasTasks = false
        while true {
            guard
                let claim = try await store.claim(worker: context.worker, maximum: 1, conversation: conversation).first
            else {
                // It may wait for tasks that can be done here.
                do throws(StoreError) {
                    guard try await tree.workOff(below: conversation) || Task.isCancelled else { break }
                } catch {
                    guard Task.isCancelled else { throw error }
                }
                hasTasks = true
                if Task.isCancelled {
                    return try await stop(conversation, upTo: seq, in: context, emit: emit).get()
                }
                continue
            }
            context.leases.add(claim.lease)
            let outcome = await processor.process(claim, claiming: { 0 }) { event in
                if claim.seq == seq { emit(event) }
            }
            context.leases.remove(claim.lease)
            guard outcome.isStored else {
                // Another attempt is paid for again: that is the caller's decision.
                if let failure = outcome.failure { throw failure }
                return nil
            }
            if outcome.record.isAwaitingTasks {
                hasTasks = true
                if Task.isCancelled { return try await stop(conversation, upTo: seq, in: context, emit: emit).get() }
            } else if claim.seq == seq {
                // Other branches of a run that waits for an operator may have tasks that can be done here.
                if outcome.record.status == .waiting, !Task.isCancelled, try await tree.workOff(below: conversation) {
                    hasTasks = true
                    continue
                }
                // What a turn waits for is known from what is stored.
                if claim.isMessage, outcome.record.status != .waiting { return TurnSummary(outcome.record, of: claim) }
                return try await conversations.summary(conversation: conversation, seq: seq)
            }
            if Task.isCancelled, !hasTasks {
                throw StoreError(.cancelled, "interrupted before the message's turn came")
            }
        }
        // Others may have the tasks, or an operator has to decide.
        return hasTasks ? try await conversations.summary(conversation: conversation, seq: seq) : nil
    }

    /// Stops a turn that waits for its tasks, and ends it with them, also after cancellation.
    private func stop(
        _ conversation: String,
        upTo seq: Int64,
        in context: WorkerContext,
        emit: @escaping @Sendable (TurnEvent) -> Void
    ) async -> Result<TurnSummary?, StoreError> {
        await uncancelled {
            do throws(StoreError) {
                _ = try await conversations.interrupt(conversation)
                return .success(try await workOff(conversation, upTo: seq, in: context, emit: emit))
            } catch {
                return .failure(error)
            }
        }
    }
}
