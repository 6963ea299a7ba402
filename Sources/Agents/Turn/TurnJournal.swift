internal import Logging

/// Stores what a turn does while it goes on, whatever the database does meanwhile.
struct TurnJournal: Sendable {
    let store: Store
    let claim: ClaimedSubmission
    /// Tell what is wanted of the turn while it goes on.
    var signals: TurnSignals?
    /// How long the lease holds for certain; nil where nobody takes it away.
    var term: LeaseTerm?
    let logger: Logger

    private static let firstDelay: Duration = .milliseconds(50)
    private static let longestDelay: Duration = .seconds(1)
    /// How long storing may hold up a task that was cancelled.
    private static let longestFarewell: Duration = .seconds(5)

    /// Stores what the database has not yet, trying again for as long as the database is away.
    ///
    /// - Parameters:
    ///   - record: The turn; marked as stored when it is.
    ///   - parks: Whether the conversation is given up and waits for a person.
    /// - Returns: Whether it was stored. If not, the turn must stop: another worker has it, or will.
    func save(_ record: inout TurnRecord, parks: Bool = false) async -> Bool {
        // What was done must be known, also when nobody wants to go on.
        let snapshot = record
        let isSaved =
            if Task.isCancelled {
                await uncancelled { await save(snapshot, parks: parks, until: .now + Self.longestFarewell) }
            } else {
                await save(snapshot, parks: parks, until: nil)
            }
        if isSaved { record.markStored() }
        return isSaved
    }

    private func save(_ record: TurnRecord, parks: Bool, until deadline: ContinuousClock.Instant?) async -> Bool {
        var delay = Self.firstDelay
        while true {
            do throws(StoreError) {
                let isHeld = try await store.saveProgress(
                    record,
                    of: claim,
                    parks: parks,
                    timeout: deadline.map { _ in Self.longestFarewell }
                )
                if !isHeld { logger.notice("the lease was taken away; the turn stops", metadata: metadata()) }
                return isHeld
            } catch {
                if deadline == nil, Task.isCancelled {
                    return await uncancelled {
                        await save(record, parks: parks, until: .now + Self.longestFarewell)
                    }
                }
                guard error.isTransient, deadline.map({ .now < $0 }) ?? true else {
                    logger.warning("a turn's progress is not stored; it stops", metadata: metadata(error))
                    return false
                }
                logger.warning("a turn's progress cannot be stored yet", metadata: metadata(error))
                try? await Task.sleep(for: delay)
                delay = min(delay * 2, Self.longestDelay)
            }
        }
    }

    /// Runs calls that write to the database and stores what came of them, in one transaction.
    ///
    /// - Parameters:
    ///   - record: The turn; replaced by what `work` made of it, marked as stored, when the transaction was committed.
    ///   - work: Runs the calls.
    /// - Returns: Whether it was committed. If not, the turn must stop: what the database has of it tells the next
    ///   attempt what was done.
    func save(
        _ record: inout TurnRecord,
        after work: @escaping @Sendable (HeldConversation) async throws -> TurnRecord
    ) async -> Bool {
        var delay = Self.firstDelay
        while true {
            do throws(StoreError) {
                guard var saved = try await store.saveProgress(of: claim, work) else { return false }
                saved.markStored()
                record = saved
                return true
            } catch {
                // Only a lock that was not granted is sure to have changed nothing.
                guard error.code == .unavailable, !Task.isCancelled else {
                    logger.warning("a turn's calls are not stored; it stops", metadata: metadata(error))
                    return false
                }
                try? await Task.sleep(for: delay)
                delay = min(delay * 2, Self.longestDelay)
            }
        }
    }

    /// What somebody has decided about such calls for longer than once; nothing if the database cannot be asked: then
    /// a person is.
    func standingApprovals(
        of agent: String,
        for subjects: [(tool: String, subject: String)]
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

    /// What stands before a call that must not be made when the lease may be gone.
    func gate() -> EffectGate? {
        term.map { term in EffectGate { term.left > .zero } }
    }

    private func metadata(_ error: StoreError? = nil) -> Logger.Metadata {
        var metadata: Logger.Metadata = ["conversation": "\(claim.conversation)", "seq": "\(claim.seq)"]
        if let error { metadata.merge(error.metadata) { $1 } }
        return metadata
    }
}
