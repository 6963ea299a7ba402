import Conversation
internal import JSON
internal import Logging
import Orchestration
internal import Reactor
import Store
import Tools

/// Stores what a turn does while it runs, whatever the database does meanwhile.
struct TurnJournal: Sendable {
    let store: WorkStore
    let claim: ClaimedSubmission
    /// Report messages that were sent into the turn.
    var signals: TurnSignals?
    /// How long the lease holds for certain; nil where it is not taken away.
    var term: LeaseTerm?
    /// Lent while the turn only waits to be stored; nil where there are no slots.
    var slot: Slot?
    /// How long a database that is away is waited for; nil for ever.
    var patience: Duration?
    /// Whether nothing is stored: a turn that would have to stops.
    var isRehearsal = false
    let logger: Logger
    /// Why something was not stored, when that was the database's doing.
    let failure = LockedValue<StoreError?>(nil)

    /// Stores what the database has not yet, trying again for as long as the database is away.
    ///
    /// - Parameter record: The turn.
    /// - Returns: Whether it was stored. If not, the turn must stop: another worker has it, or will.
    func save(_ record: TurnRecord) async -> Bool {
        guard !isRehearsal else { return false }
        let (store, claim) = (store, claim)
        let saved: Void? = await saved { timeout throws(StoreError) in
            (try await store.saveProgress(record, of: claim, timeout: timeout), ())
        }
        guard saved != nil else { return false }
        // Its tasks are worked on meanwhile. What does not hear of them looks a little later.
        if !record.tasks.isEmpty { try? await store.notifyReady() }
        return true
    }

    /// Stores a turn that waits, gives its conversation up and claims what is ready then, trying again for as long as the
    /// database is away.
    ///
    /// - Parameters:
    ///   - record: The turn.
    ///   - worker: The worker's id.
    ///   - maximum: Asked when it is stored: how many conversations to claim in the same commit.
    /// - Returns: What was claimed; nil when the turn was not stored: another worker has it, or will.
    func park(
        _ record: TurnRecord,
        worker: Int64,
        claiming maximum: @escaping @Sendable () -> Int
    ) async -> [ClaimedSubmission]? {
        let (store, claim) = (store, claim)
        return await saved { timeout throws(StoreError) in
            try await store.park(
                record,
                of: claim,
                worker: worker,
                // In a hurry there is no time for another turn.
                claiming: timeout == nil ? maximum() : 0,
                timeout: timeout
            )
        }
    }

    /// Stores a part of the turn, trying again for as long as the database is away.
    ///
    /// - Parameter attempt: Stores it; returns whether the lease still held, and what came with it.
    /// - Returns: What came with it; nil when it was not stored.
    private func saved<Rest: Sendable>(
        _ attempt: @escaping @Sendable (_ timeout: Duration?) async throws(StoreError) -> (Bool, Rest)
    ) async -> Rest? {
        let (claim, slot, logger) = (claim, slot, logger)
        let row = LockedRow(claim, in: store, logger: logger)
        defer { slot?.takeBack() }
        do throws(StoreError) {
            let (isHeld, rest) = try await storing(
                for: patience,
                noting: { error in
                    slot?.lend()
                    guard !error.isLock else { return }
                    logger.warning("a turn's progress cannot be stored yet", metadata: claim.metadata(error))
                }
            ) { timeout throws(StoreError) in
                try await row.attempt { () throws(StoreError) in try await attempt(timeout) }
            }
            if isHeld { return rest }
            logger.notice("the lease was taken away; the turn stops", metadata: claim.metadata())
        } catch {
            failure.withLock { $0 = error }
            logger.warning("a turn's progress is not stored; it stops", metadata: claim.metadata(error))
        }
        return nil
    }

    /// Has tasks of the turn stopped, trying again for as long as the database is away.
    ///
    /// - Parameter groups: The groups whose tasks are stopped; nil for all.
    /// - Returns: Whether they will stop. If not, the turn must stop: the next attempt stops them.
    func stopTasks(in groups: [String]? = nil) async -> Bool {
        guard !isRehearsal else { return false }
        let (store, claim, logger) = (store, claim, logger)
        do throws(StoreError) {
            try await storing(noting: { error in
                logger.warning("a turn's tasks cannot be stopped yet", metadata: claim.metadata(error))
            }) { timeout throws(StoreError) in
                try await store.stopTasks(of: claim, in: groups, timeout: timeout)
            }
            return true
        } catch {
            failure.withLock { $0 = error }
            logger.warning("a turn's tasks are not stopped; it stops", metadata: claim.metadata(error))
            return false
        }
    }

    /// Has the tasks of a turn stopped that is to end, and parks it until they have: a turn ends after its tasks.
    func parkUntilTasksHaveEnded(_ record: TurnRecord) async -> TurnEnd {
        var record = record
        record.status = .waiting
        record.errorCode = WaitReason.tasks.errorCode
        record.events.append(EventRecord(.waiting(.tasks)))
        record.awaited = TurnRecord.AwaitedTasks(endings: record.openTasks, told: claim.progress?.told ?? 0)
        guard await stopTasks() else { return .abandoned(record, .notStored) }
        return .parked(record)
    }

    /// Counts ballots, trying again for as long as the database is away.
    ///
    /// - Returns: What the vote decides; nil when they cannot be counted, and then the turn must stop.
    func count(_ count: BallotCount) async -> JSONValue? {
        guard !isRehearsal else { return nil }
        let (store, claim, logger) = (store, claim, logger)
        do throws(StoreError) {
            return try await storing(noting: { error in
                logger.warning("a vote cannot be counted yet", metadata: claim.metadata(error))
            }) { timeout throws(StoreError) in
                try await store.countBallots(
                    count.ballots,
                    answer: count.answer,
                    decide: count.decide,
                    timeout: timeout
                )
            }
        } catch {
            failure.withLock { $0 = error }
            logger.warning("a vote is not counted; the turn stops", metadata: claim.metadata(error))
            return nil
        }
    }

    /// Runs calls that write to the database and stores their results, in one transaction.
    ///
    /// - Parameters:
    ///   - isForeign: Whether a call runs a statement of a model or of a stored function.
    ///   - work: Runs the calls; returns the turn as it is to be stored, and what the caller needs after it. Where a call is
    ///     foreign, it locks the conversation's row before what needs it.
    /// - Returns: How the transaction ended.
    func save<Rest: Sendable>(
        isForeign: Bool = false,
        after work: @escaping @Sendable (HeldConversation) async throws -> (record: TurnRecord, rest: Rest)
    ) async -> TransactionEnd<Rest> {
        let row = LockedRow(claim, in: store, logger: logger)
        defer { slot?.takeBack() }
        do throws(StoreError) {
            // Only a lock that was not granted is sure to have changed nothing.
            let rest = try await retrying(
                .database,
                while: { (error: StoreError) in error.code == .unavailable },
                noting: { _ in slot?.lend() }
            ) { () throws(StoreError) in
                try await row.attempt { () throws(StoreError) in
                    try await store.saveProgress(of: claim, isForeign: isForeign, work)
                }
            }
            return rest.map { .committed($0) } ?? .unknown
        } catch {
            // Nothing is committed for a task that is cancelled, and the commit itself is not cancelled.
            if Task.isCancelled, error.code == .cancelled || error.isLock { return .cancelled }
            if error.isUndone {
                logger.warning("a turn's calls are undone", metadata: claim.metadata(error))
                return .undone(error)
            }
            failure.withLock { $0 = error }
            logger.warning("a turn's calls are not stored; it stops", metadata: claim.metadata(error))
            return .unknown
        }
    }

    /// How a transaction with calls ended.
    enum TransactionEnd<Rest: Sendable>: Sendable {
        /// With what the caller needs.
        case committed(Rest)
        /// For good: another attempt would fail in the same way.
        case undone(StoreError)
        /// Before the commit, as the turn is stopped: nothing of the calls stays.
        case cancelled
        /// The turn must stop: what the database has of it says to the next attempt what was done.
        case unknown
    }

    /// What was decided about such calls or texts for longer than once; nothing if the database cannot be asked: then an
    /// operator is.
    func standingApprovals(
        of agent: String,
        for subjects: [ApprovalSubject]
    ) async -> [ToolCallApproval.State?] {
        let found = try? await store.standingApprovals(conversation: claim.conversation, agent: agent, for: subjects)
        return found ?? subjects.map { _ in nil }
    }

    /// What was sent into the turn and not taken up; nothing if the database cannot be asked.
    func steering() async -> [SteeringMessage] {
        (try? await store.steering(of: claim)) ?? []
    }

    /// Whether something was sent into the turn since it was asked last.
    func wasSteered() -> Bool {
        signals?.takeSteering(of: claim.lease) ?? false
    }

    /// A gate for a call that must not be made when the lease may be over.
    func gate() -> EffectGate? {
        term.map { term in EffectGate { term.left > .zero } }
    }
}

extension ClaimedSubmission {
    /// What a log says about a submission.
    func metadata(_ error: StoreError? = nil) -> Logger.Metadata {
        var metadata: Logger.Metadata = ["conversation": "\(conversation)", "seq": "\(seq)"]
        if let error { metadata.merge(error.metadata) { $1 } }
        return metadata
    }
}
