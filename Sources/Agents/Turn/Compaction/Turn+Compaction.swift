internal import Logging

extension Turn {
    /// Has the oldest messages summarized before the first call to the model, when the context is too full; false when the
    /// turn cannot go on.
    ///
    /// The summary is stored at once: it is paid, and another attempt at the turn begins with it.
    mutating func makeRoom() async -> Bool {
        guard record.modelCalls == 0, record.stored.saves == 0, isTooFull else { return true }
        do throws(StoreError) {
            guard let source = try await journal.store.compactionSource(of: claim) else { return true }
            let compactor = Compactor(agent: agent, source: source, start: start)
            guard let outcome = await compactor.run() else {
                interrupt()
                return false
            }
            if let step = outcome.step { record.steps.append(step) }
            guard case .made(let compaction) = outcome else { return true }
            guard try await journal.store.store(outcome, of: claim, ends: false) else {
                abandon(.notStored)
                return false
            }
            summary = compaction.summary
            past = context.past(of: claim.history(after: source.lastMessage))
        } catch {
            // The turn goes on with what fits: a summary is no part of what was asked for.
            journal.logger.warning("a conversation is not compacted", metadata: error.metadata)
        }
        return true
    }

    /// The least share of the room that a summary must stand for: else a conversation whose last turns alone fill the
    /// context would be summarized with every turn, for nothing.
    private static let leastGain = 1.0 / 8

    private var isTooFull: Bool {
        guard let window = agent.model.contextWindow else { return false }
        let room = agent.settings.compactAt * Double(window)
        let tokens = context.tokens(summary: summary, past: past, turn: record.messages)
        guard Double(tokens) > room else { return false }
        // More than is shown is more than the last turns.
        if past.count >= agent.settings.historyLimit { return true }
        let turns = past.indices.filter { past[$0].role == .user }
        guard turns.count > 2 else { return false }
        let kept = context.tokens(summary: summary, past: past[turns[turns.count - 2]...], turn: record.messages)
        return Double(tokens - kept) > Self.leastGain * room
    }
}
