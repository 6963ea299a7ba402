import Conversation
internal import Logging
import Store

/// What is submitted beside messages: undo, set, compact and the like.
extension TurnProcessor {
    /// Carries out what is no message.
    ///
    /// - Parameter slot: Lent while it only waits to be stored.
    func operate(_ claim: ClaimedSubmission, in slot: Slot?) async -> Outcome {
        guard claim.attempt <= loop.maximumAttempts else {
            return await giveUp(
                claim,
                in: slot,
                because: "the operation was begun \(claim.attempt - 1) times and never finished; it is not tried again"
            )
        }
        if claim.operation == .compact { return await compact(claim, in: slot) }
        return await carryOut(claim, in: slot) { () throws(StoreError) in try await store.apply(claim) }
    }

    /// Carries out an operation whose first part is a call to the model.
    private func compact(_ claim: ClaimedSubmission, in slot: Slot?) async -> Outcome {
        do throws(StoreError) {
            if let compaction = try await loop.compact(claim, store: store, signals: context.signals) {
                return await carryOut(claim, in: slot) { () throws(StoreError) in
                    try await store.store(compaction, of: claim, ends: true)
                }
            }
        } catch {
            return await postpone(claim, in: slot, error)
        }
        return await giveBack(claim, TurnRecord(agent: claim.agent), counting: !Task.isCancelled)
    }

    /// Ends an operation in the database, trying again while that is away.
    ///
    /// - Parameter end: Returns whether the lease still held.
    private func carryOut(
        _ claim: ClaimedSubmission,
        in slot: Slot?,
        _ end: () async throws(StoreError) -> Bool
    ) async -> Outcome {
        let record = TurnRecord(agent: claim.agent)
        let row = LockedRow(claim, in: store, logger: logger)
        do throws(StoreError) {
            let isStored = try await retrying(
                .database,
                for: patience,
                while: \.isTransient,
                noting: { _ in slot?.lend() }
            ) { () throws(StoreError) in try await row.attempt(end) }
            return Outcome(record: record, isStored: isStored, next: [])
        } catch {
            return await postpone(claim, in: slot, error)
        }
    }

    /// Has an operation that failed tried again, a little later each time, or ends it after the last attempt.
    private func postpone(_ claim: ClaimedSubmission, in slot: Slot?, _ error: StoreError) async -> Outcome {
        logger.warning("an operation could not be carried out", metadata: claim.metadata(error))
        let record = TurnRecord(agent: claim.agent)
        guard error.code != .cancelled, !Task.isCancelled else {
            return await giveBack(claim, record, counting: !Task.isCancelled)
        }
        // A database that is away says nothing about the operation. What it refuses for a while is bounded like the rest.
        guard error.code != .unreachable else {
            await pause(before: claim.attempt + 1, lending: slot)
            return await giveBack(claim, record, counting: false)
        }
        guard claim.attempt < loop.maximumAttempts else { return await giveUp(claim, in: slot, because: error.message) }
        await pause(before: claim.attempt + 1, lending: slot)
        let why = "attempt \(claim.attempt) of \(loop.maximumAttempts) failed: \(error.message)"
        do throws(StoreError) {
            _ = try await store.postpone(claim, because: why)
        } catch {
            logger.debug("the failure of an operation was not stored", metadata: claim.metadata(error))
            return await giveBack(claim, record, counting: !Task.isCancelled)
        }
        return Outcome(record: record, isStored: false, next: [])
    }
}
