import Conversation
import Definitions
internal import Logging
import Store
internal import Synchronization

internal import struct FoundationEssentials.UUID

/// Stores what running turns emit in one statement every so often, for followers in other processes.
///
/// A turn that ends before its pieces were stored costs nothing: its message supersedes them.
final class DeltaWriter: Sendable {
    private let store: WorkStore
    private let logger: Logger
    private let interval: Duration
    /// The pieces of running turns, by their leases.
    private let turns = Mutex<[UUID: TurnPieces]>([:])

    init(store: WorkStore, interval: Duration, logger: Logger) {
        self.store = store
        self.interval = interval
        self.logger = logger
    }

    /// Stores until the task is cancelled.
    func run() async {
        while !Task.isCancelled {
            try? await Task.sleep(for: interval)
            let records = turns.withLock { Array($0.values) }.flatMap { $0.take() }
            guard !records.isEmpty else { continue }
            do throws(StoreError) {
                try await store.write(deltas: records)
            } catch {
                logger.debug("pieces of answers were not stored", metadata: error.metadata)
            }
        }
    }

    /// Keeps the pieces of a turn from now on.
    func begin(_ claim: ClaimedSubmission) -> TurnPieces {
        let pieces = TurnPieces(of: claim)
        turns.withLock { $0[claim.lease] = pieces }
        return pieces
    }

    /// Drops the pieces of a turn that has ended.
    func end(_ claim: ClaimedSubmission) {
        turns.withLock { _ = $0.removeValue(forKey: claim.lease) }
    }
}
