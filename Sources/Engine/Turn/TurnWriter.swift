import Conversation
internal import Logging
import Store
internal import Synchronization

/// Stores turns that end at about the same time together: in one statement and one commit.
///
/// A turn that ends while none is being stored is stored at once. What ends meanwhile waits, and the first of those then
/// stores all of them. What cannot be stored so, its caller stores alone: one turn that the database refuses, or whose
/// row another transaction has, costs the others an attempt and nothing else.
final class TurnWriter: Sendable {
    /// What became of a turn.
    struct Stored: Sendable {
        var outcome: StorageOutcome
        /// What was claimed in the same commit, for the slot that the turn leaves.
        var next: ClaimedSubmission?
    }

    /// What a turn that waits is resumed with.
    private enum Resumption: Sendable {
        /// What became of it; nil when it has to be stored alone.
        case stored(Stored?)
        /// It stores what waits now.
        case leads
    }

    private struct Waiter: Sendable {
        let mayClaim: @Sendable () -> Bool
        let continuation: CheckedContinuation<Resumption, Never>
    }

    private typealias Entry = TurnBatches<Waiter>.Entry

    private let store: WorkStore
    private let worker: Int64
    private let logger: Logger
    private let batches = Mutex(TurnBatches<Waiter>())

    init(store: WorkStore, worker: Int64, logger: Logger) {
        (self.store, self.worker, self.logger) = (store, worker, logger)
    }

    /// How many turns wait for the one that is being stored.
    var waiting: Int { batches.withLock(\.count) }

    /// Stores a turn.
    ///
    /// - Parameters:
    ///   - turn: The turn.
    ///   - mayClaim: Asked when it is stored: whether another conversation is to be claimed in its place.
    /// - Returns: What became of it; nil when it has to be stored alone.
    func store(_ turn: EndedTurn, claiming mayClaim: @escaping @Sendable () -> Bool) async -> Stored? {
        guard turn.bytes <= TurnBatches<Waiter>.maximumBytes else { return nil }
        if !batches.withLock({ $0.leads() }) {
            let resumption = await withCheckedContinuation { continuation in
                let entry = Entry(turn: turn, waiter: Waiter(mayClaim: mayClaim, continuation: continuation))
                let leads = batches.withLock { batches in
                    // The batch that it was to wait for may have ended meanwhile.
                    if batches.leads() { return true }
                    batches.wait(entry)
                    return false
                }
                if leads { continuation.resume(returning: .leads) }
            }
            if case .stored(let stored) = resumption { return stored }
        }
        return await lead(turn, claiming: mayClaim)
    }

    /// Stores a turn and all that wait, and has another store what waits then.
    private func lead(_ turn: EndedTurn, claiming mayClaim: @Sendable () -> Bool) async -> Stored? {
        let others = batches.withLock { $0.take(with: turn) }
        let claimants = [mayClaim()] + others.map { $0.waiter.mayClaim() }
        let stored = await storeAll([turn] + others.map(\.turn), claimants)
        let next = batches.withLock { $0.end() }
        next?.waiter.continuation.resume(returning: .leads)
        for (other, stored) in zip(others, stored.dropFirst()) {
            other.waiter.continuation.resume(returning: .stored(stored))
        }
        return stored[0]
    }

    /// - Returns: One for each turn.
    private func storeAll(_ turns: [EndedTurn], _ claimants: [Bool]) async -> [Stored?] {
        do throws(StoreError) {
            let (outcomes, claims) = try await store.finish(
                turns,
                worker: worker,
                claiming: claimants.count { $0 }
            )
            var next = claims[...]
            let stored = zip(outcomes, claimants).map { outcome, mayClaim in
                Stored(outcome: outcome, next: mayClaim && outcome != .alone ? next.popFirst() : nil)
            }
            // The slots of turns that are not stored are not free.
            for claim in next { _ = try? await store.release(claim) }
            return stored
        } catch {
            if !error.isTransient {
                logger.warning(
                    "\(turns.count) turns cannot be stored at once; each is stored alone",
                    metadata: error.metadata
                )
            }
            return Array(repeating: nil, count: turns.count)
        }
    }
}
