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

    /// Stores what the database has not yet, trying again for as long as the database is away.
    ///
    /// - Parameters:
    ///   - record: The turn; marked as stored when it is.
    ///   - parks: Whether the conversation is given up and waits for a person.
    /// - Returns: Whether it was stored. If not, the turn must stop: another worker has it, or will.
    func save(_ record: inout TurnRecord, parks: Bool = false) async -> Bool {
        let (snapshot, store, claim, logger) = (record, store, claim, logger)
        do throws(StoreError) {
            let isHeld = try await storing(noting: { error in
                logger.warning("a turn's progress cannot be stored yet", metadata: claim.metadata(error))
            }) { timeout throws(StoreError) in
                try await store.saveProgress(snapshot, of: claim, parks: parks, timeout: timeout)
            }
            guard isHeld else {
                logger.notice("the lease was taken away; the turn stops", metadata: claim.metadata())
                return false
            }
        } catch {
            logger.warning("a turn's progress is not stored; it stops", metadata: claim.metadata(error))
            return false
        }
        record.markStored()
        return true
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
        do throws(StoreError) {
            // Only a lock that was not granted is sure to have changed nothing.
            let saved = try await retrying(.database, while: { (error: StoreError) in error.code == .unavailable }) {
                () throws(StoreError) in try await store.saveProgress(of: claim, work)
            }
            guard var saved else { return false }
            saved.markStored()
            record = saved
            return true
        } catch {
            logger.warning("a turn's calls are not stored; it stops", metadata: claim.metadata(error))
            return false
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
}

extension ClaimedSubmission {
    /// What a log says about a submission.
    func metadata(_ error: StoreError? = nil) -> Logger.Metadata {
        var metadata: Logger.Metadata = ["conversation": "\(conversation)", "seq": "\(seq)"]
        if let error { metadata.merge(error.metadata) { $1 } }
        return metadata
    }
}
