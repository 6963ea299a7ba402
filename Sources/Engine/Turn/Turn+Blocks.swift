import Conversation
internal import Logging
internal import Reactor
import Store

// What a turn shows of blocks.
extension Turn {
    /// Puts the agent's blocks before the messages of users: those that the model has not been shown as they are now.
    ///
    /// What is shown is stored first, so that another attempt shows the same. A turn that cannot know what stands in
    /// them stops: it would answer without what its agent always has before it.
    mutating func showBlocks() async throws(Stop) {
        guard !labels.isEmpty else { return }
        let first = context.firstMessage(of: claim)
        guard let blocks = await journal.blocks(labels, from: first) else {
            throw Task.isCancelled ? interrupt() : .abandoned(.notStored)
        }
        context.show(ContextPrelude(blocks: blocks), in: claim)
    }

    /// Shows blocks as the turn would, and stores nothing; none if the database cannot be asked.
    mutating func rehearseBlocks() async {
        guard !labels.isEmpty else { return }
        let first = context.firstMessage(of: claim)
        let blocks = try? await journal.store.blocks(labels, of: claim, from: first, isRehearsal: true)
        context.show(ContextPrelude(blocks: blocks ?? []), in: claim)
    }

    /// The blocks that are shown: what answers by rules or a plan reads none.
    private var labels: [String] { agent.marksOutputs ? agent.settings.blocks : [] }
}

extension TurnJournal {
    /// What the turn shows of blocks, trying again for as long as the database is away.
    ///
    /// - Parameters:
    ///   - labels: Their names.
    ///   - first: The number of the first message that the model is shown; nil if it is the turn's.
    /// - Returns: What was shown, oldest first; nil when it cannot be known, and then the turn must stop.
    func blocks(_ labels: [String], from first: Int64?) async -> [ShownBlock]? {
        let (store, claim, logger, slot, isRehearsal) = (store, claim, logger, slot, isRehearsal)
        defer { slot?.takeBack() }
        do throws(StoreError) {
            return try await storing(
                for: patience,
                noting: { error in
                    slot?.lend()
                    logger.warning("a turn's blocks cannot be read yet", metadata: claim.metadata(error))
                }
            ) { timeout throws(StoreError) in
                try await store.blocks(labels, of: claim, from: first, isRehearsal: isRehearsal, timeout: timeout)
            }
        } catch {
            failure.withLock { $0 = error }
            logger.warning("a turn's blocks cannot be read; it stops", metadata: claim.metadata(error))
            return nil
        }
    }
}
