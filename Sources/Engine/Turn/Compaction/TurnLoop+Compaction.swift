package import Conversation
import JSON
package import Store

extension TurnLoop {
    /// Carries out the operation `compact` as far as it is not the database's part.
    ///
    /// - Parameters:
    ///   - claim: The operation.
    ///   - store: Where its source is read.
    ///   - signals: Report when the operation is to be stopped.
    /// - Returns: What is to be stored; nil when the calling task was cancelled.
    /// - Throws: ``StoreError`` when the database cannot be asked.
    package func compact(
        _ claim: ClaimedSubmission,
        store: WorkStore,
        signals: TurnSignals?
    ) async throws(StoreError) -> CompactionOutcome? {
        if claim.body["undo"] == true { return .undone }
        guard let source = try await store.compactionSource(of: claim) else {
            return .refused("there is nothing to compact: the last two turns are left as they are")
        }
        var agent: Agent?
        do throws(AgentError) {
            try refuse(claim)
            agent = try await self.agent(for: claim)
        } catch {
            guard error.code != .attemptsExhausted else { return .refused(error.message) }
            // It would be a summary without the model.
            guard !error.isTransient else { throw StoreError(.unavailable, error.message) }
        }
        let compactor = Compactor(agent: agent, source: source, start: .now)
        return await withTaskGroup(of: CompactionOutcome?.self) { group in
            group.addTask { await compactor.run() }
            if let signals {
                group.addTask {
                    await signals.waitForStop(of: claim.lease) ? .refused("somebody has stopped it") : nil
                }
            }
            let first = await group.next() ?? nil
            group.cancelAll()
            return first
        }
    }
}
