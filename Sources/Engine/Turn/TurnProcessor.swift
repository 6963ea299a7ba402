import Conversation
internal import JSON
internal import Logging
internal import Reactor
import Store

/// Processes claims to the end: runs the turn and stores it, whatever the database does meanwhile.
struct TurnProcessor: Sendable {
    /// What becomes of a turn whose task is cancelled.
    enum CancellationPolicy: Sendable {
        /// It is given back, for another worker to do.
        case release
        /// It is stored as interrupted: the user stopped it.
        case storeInterrupted
    }

    /// What became of a claim.
    struct Outcome: Sendable {
        /// The turn as it ended here.
        var record: TurnRecord
        /// Whether it was stored; if not, another worker has it now or will.
        var isStored: Bool
        /// What was claimed in the same commit.
        var next: [ClaimedSubmission]
        /// The step of the run that waited for it, if it was stored in the same commit.
        var step: Step?
        /// Why it was not stored, when that was the database's doing.
        var failure: StoreError?
    }

    let context: WorkerContext
    let loop: TurnLoop
    let policy: CancellationPolicy
    /// How long a database that is away is waited for when a turn has to be stored; nil for ever.
    var patience: Duration?
    /// Stores turns together that end at about the same time; nil where each is stored alone.
    var writer: TurnWriter?
    /// The messages of conversations that it processed last; nil where they are sent with each claim.
    var memory: LockedValue<MessageMemory>?
    /// The runs that wait for tasks of this worker; nil where none is remembered.
    var parked: ParkedRuns?

    var store: WorkStore { context.store }
    var logger: Logger { context.logger }

    /// Processes one claim.
    ///
    /// - Parameters:
    ///   - claim: The claim.
    ///   - slot: Lent while the turn only waits to be stored; nil where there are none.
    ///   - maximum: Asked when the turn is stored: how many conversations to claim in the same commit.
    ///   - emit: Receives what happens, as it happens.
    /// - Returns: What became of it.
    func process(
        _ claim: ClaimedSubmission,
        in slot: Slot? = nil,
        claiming maximum: @escaping @Sendable () -> Int,
        emit: @escaping @Sendable (TurnEvent) -> Void
    ) async -> Outcome {
        guard let claim = recalled(claim) else { return await giveBackUnknown(claim) }
        guard claim.isMessage else { return await operate(claim, in: slot) }
        let outcome = await answer(claim, in: slot, claiming: maximum, emit: emit)
        if outcome.isStored { log(TurnSummary(outcome.record, of: claim)) }
        return outcome
    }

    private func answer(
        _ claim: ClaimedSubmission,
        in slot: Slot?,
        claiming maximum: @escaping @Sendable () -> Int,
        emit: @escaping @Sendable (TurnEvent) -> Void
    ) async -> Outcome {
        let journal = TurnJournal(
            store: store,
            claim: claim,
            signals: context.signals,
            term: context.term,
            slot: slot,
            patience: patience,
            logger: logger
        )
        let run = parked?.take(waitingFor: claim)
        switch await loop.run(claim, journal: journal, signals: context.signals, emit: emit) {
        case .finished(let record):
            if let run, let outcome = await finish(record, of: claim, stepping: run, claiming: maximum) {
                return outcome
            }
            return await finish(record, of: claim, in: slot, claiming: maximum)
        case .parked(let record): return await park(record, of: claim, journal, claiming: maximum)
        case .abandoned(let record, let reason):
            logger.info("a turn is given back: \(reason.rawValue)", metadata: claim.metadata())
            return await abandon(claim, record, journal)
        case .cancelled(let record):
            // A turn that was dropped because the worker counts as lost was not stopped by its user.
            guard policy == .storeInterrupted, !context.term.isOver else {
                return await giveBack(claim, record, counting: false)
            }
            guard record.openTasks == 0 else {
                // It ends after its tasks, when it is claimed again.
                guard case .parked(let parked) = await journal.parkUntilTasksHaveEnded(record) else {
                    return await giveBack(claim, record, counting: false)
                }
                return await park(parked, of: claim, journal) { 0 }
            }
            return await finish(record, of: claim, in: slot) { 0 }
        }
    }

    /// Stores a turn that waits, and gives its conversation up.
    private func park(
        _ record: TurnRecord,
        of claim: ClaimedSubmission,
        _ journal: TurnJournal,
        claiming maximum: @escaping @Sendable () -> Int
    ) async -> Outcome {
        guard let next = await journal.park(record, worker: context.worker, claiming: maximum) else {
            return await abandon(claim, record, journal)
        }
        parked?.remember(record, of: claim, awaiting: next)
        return Outcome(record: record, isStored: true, next: next)
    }

    /// Has a turn that stopped begun again, a little later each time, or ends it when it has had its attempts.
    private func abandon(_ claim: ClaimedSubmission, _ record: TurnRecord, _ journal: TurnJournal) async -> Outcome {
        guard claim.attempt <= loop.maximumAttempts else {
            return await giveUp(
                claim,
                record,
                in: journal.slot,
                because: record.errorMessage ?? "the turn cannot be stored"
            )
        }
        if claim.attempt > 1 { await pause(before: claim.attempt, lending: journal.slot) }
        var outcome = await giveBack(claim, record, counting: true)
        outcome.failure = journal.failure.withLock { $0 }
        return outcome
    }

    /// Waits a little, longer before each attempt: given back at once, a claim would be made again at once.
    ///
    /// - Parameter slot: Others work in it meanwhile.
    func pause(before attempt: Int, lending slot: Slot?) async {
        let wait: Duration = .milliseconds(50) * (1 << min(max(attempt, 1), 6))
        slot?.lend()
        defer { slot?.takeBack() }
        try? await Task.sleep(for: wait)
    }

    /// Ends a submission that nothing can be stored of, as failed.
    func giveUp(
        _ claim: ClaimedSubmission,
        _ record: TurnRecord? = nil,
        in slot: Slot?,
        because message: String
    ) async -> Outcome {
        let (store, logger) = (store, logger)
        let record = (record ?? TurnRecord(agent: claim.agent)).refused(because: message)
        do throws(StoreError) {
            let isStored = try await storing(
                for: patience,
                noting: { error in logger.warning("the end cannot be stored yet", metadata: claim.metadata(error)) }
            ) { timeout throws(StoreError) in
                try await store.giveUp(
                    claim,
                    code: claim.isMessage ? "record_refused" : "operation_failed",
                    message: message,
                    timeout: timeout
                )
            }
            return Outcome(record: record, isStored: isStored, next: [])
        } catch {
            logger.error("a submission cannot be ended", metadata: claim.metadata(error))
            await pause(before: .max, lending: slot)
            return await giveBack(claim, record, counting: true)
        }
    }

    /// Gives a claim back, for another attempt to resume from what is stored.
    ///
    /// - Parameter counting: Whether the claim stays one of the submission's attempts.
    func giveBack(_ claim: ClaimedSubmission, _ record: TurnRecord, counting: Bool) async -> Outcome {
        await uncancelled {
            do throws(StoreError) {
                try await store.release(conversation: claim.conversation, lease: claim.lease, counts: counting)
            } catch {
                logger.warning("a lease could not be given back; it will time out", metadata: claim.metadata(error))
            }
            return Outcome(record: record, isStored: false, next: [])
        }
    }

    /// Stores a turn, also after cancellation: its model calls are paid.
    private func finish(
        _ record: TurnRecord,
        of claim: ClaimedSubmission,
        in slot: Slot?,
        claiming maximum: @escaping @Sendable () -> Int
    ) async -> Outcome {
        let record = kept(record, after: claim)
        do throws(StoreError) {
            return try await store(record, of: claim, in: slot, claiming: maximum)
        } catch {
            guard !error.isTransient, error.code != .cancelled else { return unstored(record, of: claim, error) }
            // The database refuses the record itself: say so in the conversation instead of trying for ever.
            logger.error("the database refuses a turn", metadata: claim.metadata(error))
            let reduced = kept(record.refused(because: error.message), after: claim)
            do throws(StoreError) {
                return try await store(reduced, of: claim, in: slot, claiming: maximum)
            } catch {
                return await refused(reduced, of: claim, in: slot, error)
            }
        }
    }

    /// Ends a turn of which the database refuses whatever is left: at once where the rows are to blame, and at the last
    /// attempt where something else is.
    private func refused(
        _ record: TurnRecord,
        of claim: ClaimedSubmission,
        in slot: Slot?,
        _ error: StoreError
    ) async -> Outcome {
        guard !error.isTransient, error.code != .cancelled else { return unstored(record, of: claim, error) }
        guard error.isAboutRows || claim.attempt >= loop.maximumAttempts else {
            logger.warning("the turn is not stored; another attempt follows", metadata: claim.metadata(error))
            await pause(before: claim.attempt + 1, lending: slot)
            return await giveBack(claim, record, counting: true)
        }
        return await giveUp(claim, record, in: slot, because: record.errorMessage ?? error.message)
    }

    private func store(
        _ record: TurnRecord,
        of claim: ClaimedSubmission,
        in slot: Slot?,
        claiming maximum: @escaping @Sendable () -> Int
    ) async throws(StoreError) -> Outcome {
        if let outcome = await storeWithOthers(record, of: claim, claiming: maximum) { return outcome }
        let (store, worker, logger) = (store, context.worker, logger)
        let row = LockedRow(claim, in: store, logger: logger)
        let result = try await storing(
            for: patience,
            noting: { error in
                slot?.lend()
                guard !error.isLock else { return }
                logger.warning("the turn cannot be stored yet", metadata: claim.metadata(error))
            }
        ) { timeout throws(StoreError) in
            try await row.attempt { () throws(StoreError) in
                try await store.finish(
                    record,
                    of: claim,
                    worker: worker,
                    // In a hurry there is no time for another turn.
                    claiming: timeout == nil ? maximum() : 0,
                    timeout: timeout
                )
            }
        }
        return await outcome(record, of: claim, isStored: result.stored, next: result.next)
    }

    /// - Returns: nil when it has to be stored alone.
    private func storeWithOthers(
        _ record: TurnRecord,
        of claim: ClaimedSubmission,
        claiming maximum: @escaping @Sendable () -> Int
    ) async -> Outcome? {
        // In a hurry nothing is waited for.
        guard let writer, !Task.isCancelled else { return nil }
        let stored = await writer.store(EndedTurn(claim: claim, record: record.text)) { maximum() > 0 }
        guard let stored, stored.outcome != .alone else { return nil }
        return await outcome(
            record,
            of: claim,
            isStored: stored.outcome == .stored,
            next: [stored.next].compactMap(\.self)
        )
    }

    func outcome(
        _ record: TurnRecord,
        of claim: ClaimedSubmission,
        isStored: Bool,
        next: [ClaimedSubmission]
    ) async -> Outcome {
        var isStored = isStored
        // An earlier attempt to store it may have succeeded without an answer.
        if !isStored { isStored = (try? await store.hasStored(claim, worker: context.worker)) ?? false }
        if !isStored { logger.notice("the lease was taken away; the turn is dropped", metadata: claim.metadata()) }
        return Outcome(record: record, isStored: isStored, next: next)
    }

    private func unstored(_ record: TurnRecord, of claim: ClaimedSubmission, _ error: StoreError) -> Outcome {
        logger.warning("the turn is not stored; another attempt follows", metadata: claim.metadata(error))
        return Outcome(record: record, isStored: false, next: [], failure: error)
    }
}
