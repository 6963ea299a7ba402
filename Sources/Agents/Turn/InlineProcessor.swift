internal import Logging

/// Processes one conversation in this process: what `send` does when no worker lives.
struct InlineProcessor: Sendable {
    let store: Store
    let registry: AgentRegistry
    let services: ToolServices
    let logger: Logger

    /// Somebody waits for the reply.
    private static let patience: Duration = .seconds(60)

    /// Works off a conversation up to a submission.
    ///
    /// - Parameters:
    ///   - conversation: The conversation.
    ///   - seq: The submission that is wanted; those before it are processed first.
    ///   - emit: Told what happens in the wanted one.
    /// - Returns: How it ended; nil when somebody else holds the conversation.
    /// - Throws: ``StoreError`` when the database cannot be reached.
    func process(
        conversation: String,
        upTo seq: Int64,
        emit: @escaping @Sendable (TurnEvent) -> Void
    ) async throws(StoreError) -> TurnSummary? {
        let began = ContinuousClock.now
        let worker = try await store.startWorker(WorkerDescription(kind: .inline, slots: 1))
        let result: Result<TurnSummary?, StoreError>
        do throws(StoreError) {
            let loop = TurnLoop(
                registry: registry,
                services: services,
                maximumAttempts: try await store.maximumAttempts()
            )
            let timeToLive = try await store.timeToLive(of: worker)
            let interval = Heartbeat.interval(for: timeToLive)
            let signals = TurnSignals(store: store, worker: worker)
            let processor = TurnProcessor(
                store: store,
                loop: loop,
                worker: worker,
                policy: .storeInterrupted,
                signals: signals,
                term: LeaseTerm(timeToLive, from: began),
                patience: Self.patience,
                logger: logger
            )
            let first = try await store.claim(worker: worker, maximum: 1, conversation: conversation).first
            result = .success(
                try await workOff(first, upTo: seq, with: processor, worker: worker, beating: interval, emit: emit)
            )
        } catch {
            result = .failure(error)
        }
        let (store, logger) = (store, logger)
        await uncancelled {
            do throws(StoreError) {
                try await store.stopWorker(worker)
            } catch {
                logger.debug("the worker's row could not be ended; it will time out")
            }
        }
        return try result.get()
    }

    private func workOff(
        _ first: ClaimedSubmission?,
        upTo seq: Int64,
        with processor: TurnProcessor,
        worker: Int64,
        beating interval: Duration,
        emit: @escaping @Sendable (TurnEvent) -> Void
    ) async throws(StoreError) -> TurnSummary? {
        var claim = first
        while let current = claim {
            let outcome = await alive(worker, processor, beating: interval) {
                await processor.process(current, claiming: { 0 }) { event in
                    if current.seq == seq { emit(event) }
                }
            }
            guard let outcome, outcome.isStored else { return nil }
            if current.seq == seq {
                if current.isMessage { return TurnSummary(outcome.record, of: current) }
                return try await store.summary(conversation: current.conversation, seq: seq)
            }
            if Task.isCancelled { throw StoreError(.cancelled, "interrupted before the message's turn came") }
            claim = try await store.claim(worker: worker, maximum: 1, conversation: current.conversation).first
        }
        return nil
    }

    /// Shows signs of life while the work runs.
    private func alive(
        _ worker: Int64,
        _ processor: TurnProcessor,
        beating interval: Duration,
        _ work: @escaping @Sendable () async -> TurnProcessor.Outcome
    ) async -> TurnProcessor.Outcome? {
        await withTaskGroup(of: TurnProcessor.Outcome?.self) { group in
            group.addTask { await work() }
            group.addTask {
                while !Task.isCancelled {
                    try? await Task.sleep(for: interval)
                    let began = ContinuousClock.now
                    if (try? await store.heartbeat(worker: worker, isDraining: false)) == true {
                        processor.term?.renew(from: began)
                    }
                    try? await processor.signals?.look()
                }
                return nil
            }
            // The heartbeat ends only when it is cancelled, so that the first result is the work's, unless the caller
            // was cancelled: then the work's result comes second.
            for await outcome in group {
                guard let outcome else { continue }
                group.cancelAll()
                return outcome
            }
            return nil
        }
    }
}
