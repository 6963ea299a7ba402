import Conversation
internal import Logging
import Store

// The end of a task and the next step of the run that waited for it, in one commit.
extension TurnProcessor {
    /// A step of a run that was stored with the end of its task.
    struct Step: Sendable {
        /// The run as it was rehearsed.
        let claim: ClaimedSubmission
        /// The run as it is stored.
        let record: TurnRecord
    }

    /// Stores the turn of a task together with the next step of the run that waits for it.
    ///
    /// - Parameters:
    ///   - record: The turn as it has ended.
    ///   - claim: The claim that it was processed under.
    ///   - run: The run that waits for it.
    ///   - maximum: Asked when it is stored: how many conversations to claim in the same commit.
    /// - Returns: nil when the turn has to be stored by itself; nothing of it is stored then, or that is unknown.
    func finish(
        _ record: TurnRecord,
        of claim: ClaimedSubmission,
        stepping run: ParkedRun,
        claiming maximum: @Sendable () -> Int
    ) async -> Outcome? {
        guard !Task.isCancelled, let following = run.claim(after: record) else { return nil }
        let journal = TurnJournal(store: store, claim: following, isRehearsal: true, logger: logger)
        guard let step = await loop.step(following, journal: journal) else { return nil }
        do throws(StoreError) {
            let result = try await store.finish(
                EndedTurn(claim: claim, record: record.text),
                stepping: step,
                of: following,
                worker: context.worker,
                claiming: maximum()
            )
            guard result.outcome != .alone else { return nil }
            var outcome = await outcome(record, of: claim, isStored: result.outcome == .stored, next: result.next)
            guard result.hasStepped else { return outcome }
            outcome.step = Step(claim: following, record: step)
            parked?.remember(step, of: following, awaiting: result.next)
            return outcome
        } catch {
            if !error.isTransient { logger.warning("a step is stored by itself", metadata: claim.metadata(error)) }
            return nil
        }
    }
}
