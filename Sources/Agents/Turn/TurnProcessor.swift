internal import JSON
internal import Logging

/// Processes claims to the end: runs the turn and stores it, whatever the database does meanwhile.
struct TurnProcessor: Sendable {
    /// What becomes of a turn whose task is cancelled.
    enum CancellationPolicy: Sendable {
        /// It is given back, for another worker to do.
        case release
        /// It is stored as interrupted: somebody wanted it stopped.
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
    }

    let store: Store
    let loop: TurnLoop
    let worker: Int64
    let policy: CancellationPolicy
    /// Tell when somebody wants a turn stopped.
    var signals: TurnSignals?
    /// How long the worker may count on its leases.
    var term: LeaseTerm?
    /// How long a database that is away is waited for when a turn has to be stored; nil for ever.
    var patience: Duration?
    let logger: Logger

    /// Waits between attempts to store a turn while the database is away.
    private static let firstDelay: Duration = .milliseconds(50)
    private static let longestDelay: Duration = .seconds(1)
    /// How long storing a turn may hold up a task that was cancelled.
    private static let longestFarewell: Duration = .seconds(5)

    /// Processes one claim.
    ///
    /// - Parameters:
    ///   - claim: The claim.
    ///   - maximum: Asked when the turn is stored: how many conversations to claim in the same commit.
    ///   - emit: Told what happens, as it happens.
    /// - Returns: What became of it.
    func process(
        _ claim: ClaimedSubmission,
        claiming maximum: () -> Int,
        emit: @escaping @Sendable (TurnEvent) -> Void
    ) async -> Outcome {
        if claim.operation == .compact { return await compact(claim) }
        guard claim.isMessage else { return await apply(claim) }
        let journal = TurnJournal(store: store, claim: claim, signals: signals, term: term, logger: logger)
        let record = await loop.run(claim, journal: journal, signals: signals, emit: emit)
        if record.isAbandoned { return await giveBack(claim, record, counting: true) }
        if record.status == .waiting { return Outcome(record: record, isStored: true, next: []) }
        guard Task.isCancelled else {
            return await finish(record, of: claim, claiming: maximum(), until: patience.map { .now + $0 })
        }
        // A turn that came to its end before the cancellation did is worth storing: its model calls are paid.
        if policy == .storeInterrupted || record.status == .succeeded { return await finishSoon(record, of: claim) }
        return await giveBack(claim, record, counting: false)
    }

    /// Carries out an operation that is not a message; the database does all of it.
    private func apply(_ claim: ClaimedSubmission, _ compaction: CompactionOutcome? = nil) async -> Outcome {
        let record = TurnRecord(agent: claim.agent)
        var delay = Self.firstDelay
        while true {
            do throws(StoreError) {
                let isStored =
                    if let compaction {
                        try await store.store(compaction, of: claim, ends: true)
                    } else {
                        try await store.apply(claim)
                    }
                return Outcome(record: record, isStored: isStored, next: [])
            } catch {
                guard error.isTransient, !Task.isCancelled else {
                    logger.warning("an operation could not be carried out", metadata: log(claim, error))
                    return await giveBack(claim, record, counting: !Task.isCancelled)
                }
                try? await Task.sleep(for: delay)
                delay = min(delay * 2, Self.longestDelay)
            }
        }
    }

    /// Carries out an operation whose first part is a call to the model.
    private func compact(_ claim: ClaimedSubmission) async -> Outcome {
        do throws(StoreError) {
            if let outcome = try await loop.compact(claim, store: store, signals: signals) {
                return await apply(claim, outcome)
            }
        } catch {
            logger.warning("a conversation is not compacted yet", metadata: log(claim, error))
        }
        return await giveBack(claim, TurnRecord(agent: claim.agent), counting: !Task.isCancelled)
    }

    /// Gives a claim back, for another attempt to go on from what is stored.
    ///
    /// - Parameter counting: Whether the claim stays one of the submission's attempts.
    private func giveBack(_ claim: ClaimedSubmission, _ record: TurnRecord, counting: Bool) async -> Outcome {
        await uncancelled {
            do throws(StoreError) {
                try await store.release(conversation: claim.conversation, lease: claim.lease, counts: counting)
            } catch {
                logger.warning("a lease could not be given back; it will time out", metadata: log(claim, error))
            }
            return Outcome(record: record, isStored: false, next: [])
        }
    }

    /// Stores a turn although the task is cancelled, if that can be done soon.
    private func finishSoon(_ record: TurnRecord, of claim: ClaimedSubmission) async -> Outcome {
        await uncancelled {
            await finish(record, of: claim, claiming: 0, until: .now + Self.longestFarewell)
        }
    }

    /// Stores a turn, trying again for as long as the database is away.
    ///
    /// - Parameter deadline: When to give up; nil for the task's cancellation, after which it is tried for a moment more.
    private func finish(
        _ record: TurnRecord,
        of claim: ClaimedSubmission,
        claiming maximum: Int,
        until deadline: ContinuousClock.Instant? = nil
    ) async -> Outcome {
        var delay = Self.firstDelay
        var record = record
        var isReduced = false
        while true {
            do throws(StoreError) {
                let result = try await store.finish(
                    record,
                    of: claim,
                    worker: worker,
                    claiming: maximum,
                    timeout: deadline.map { _ in Self.longestFarewell }
                )
                if !result.stored {
                    logger.notice("the lease was taken away; the turn is dropped", metadata: log(claim))
                }
                return Outcome(record: record, isStored: result.stored, next: result.next)
            } catch {
                if deadline == nil, Task.isCancelled { return await finishSoon(record, of: claim) }
                if error.isTransient, deadline.map({ .now < $0 }) ?? true {
                    logger.warning("the turn cannot be stored yet", metadata: log(claim, error))
                    try? await Task.sleep(for: delay)
                    delay = min(delay * 2, Self.longestDelay)
                } else if !error.isTransient, error.code != .cancelled, !isReduced {
                    // The database refuses the record itself: say so in the conversation instead of trying for ever.
                    logger.error("the database refuses a turn", metadata: log(claim, error))
                    record = record.refused(because: error.message)
                    isReduced = true
                } else {
                    logger.warning("the turn is not stored; another attempt follows", metadata: log(claim, error))
                    return Outcome(record: record, isStored: false, next: [])
                }
            }
        }
    }

    private func log(_ claim: ClaimedSubmission, _ error: StoreError? = nil) -> Logger.Metadata {
        var metadata: Logger.Metadata = ["conversation": "\(claim.conversation)", "seq": "\(claim.seq)"]
        if let error { metadata.merge(error.metadata) { $1 } }
        return metadata
    }
}
