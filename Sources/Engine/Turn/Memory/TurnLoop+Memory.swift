import Conversation
internal import JSON
internal import Logging
import Store

extension TurnLoop {
    /// A claim with what its turn, and those before it, are shown of what is remembered.
    ///
    /// One statement that only reads, which is tried twice: without it, what stood before earlier messages is missing, too.
    /// A database that cannot be asked costs the memories of this turn, not the turn.
    func remembering(_ claim: ClaimedSubmission, for agent: Agent, _ journal: TurnJournal) async -> ClaimedSubmission {
        // What answers by rules searches the message for words: text before it would be part of that.
        guard let settings = agent.settings.memory, settings.recall, agent.marksOutputs else { return claim }
        var claim = claim
        var memories: TurnMemories
        do throws(StoreError) {
            memories = try await memoriesInTime(of: claim, for: agent.name, settings, journal)
        } catch {
            journal.logger.warning("nothing is recalled", metadata: claim.metadata(error))
            memories = TurnMemories()
            memories.reason = error.code.description
        }
        if memories.isNew {
            let budget = min(settings.budget, agent.model.contextWindow.map { $0 / 8 } ?? .max)
            memories.found = MemoryPrelude.fitting(memories.found, into: budget, agent.tokens)
        }
        if case .sent(let messages, let summary) = claim.past, !memories.shown.isEmpty {
            let shown = memories.shown
            claim.past = .sent(
                messages.map { message in
                    guard let items = shown[message.number], message.message.role == .user else { return message }
                    let text = MemoryPrelude.text(items, before: message.message.content)
                    return NumberedMessage(number: message.number, message: .user(text))
                },
                summary: summary
            )
        }
        claim.memories = memories
        return claim
    }

    /// How long the statement may take: the turn's own clock does not run yet.
    private static var recallTimeout: Duration { .seconds(2) }

    private func memoriesInTime(
        of claim: ClaimedSubmission,
        for agent: String,
        _ settings: MemorySettings,
        _ journal: TurnJournal
    ) async throws(StoreError) -> TurnMemories {
        let (store, timeout) = (journal.store, Self.recallTimeout)
        do throws(StoreError) {
            return try await store.memories(of: claim, for: agent, settings: settings.json, timeout: timeout)
        } catch {
            guard error.code != .cancelled else { throw error }
            return try await store.memories(of: claim, for: agent, settings: settings.json, timeout: timeout)
        }
    }
}
