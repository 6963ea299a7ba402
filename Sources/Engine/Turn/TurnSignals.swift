import Store
internal import Synchronization

internal import struct FoundationEssentials.UUID

/// What other processes want of the turns of a worker: that they stop, or take up a message.
package final class TurnSignals: Sendable {
    private struct State {
        var waiting: [UUID: AsyncStream<Never>.Continuation] = [:]
        /// Those that are to stop and do not wait yet.
        var stopped: Set<UUID> = []
        var steered: Set<UUID> = []
    }

    private let store: WorkStore
    private let worker: Int64
    private let state = Mutex(State())

    init(store: WorkStore, worker: Int64) {
        self.store = store
        self.worker = worker
    }

    /// Waits until a turn is to be stopped, or the calling task is cancelled.
    ///
    /// - Parameter lease: The turn's lease.
    /// - Returns: Whether the turn is to be stopped.
    func waitForStop(of lease: UUID) async -> Bool {
        let (stream, continuation) = AsyncStream.makeStream(of: Never.self)
        let isStopped = state.withLock { state in
            state.waiting[lease] = continuation
            return state.stopped.remove(lease) != nil
        }
        if !isStopped { for await _ in stream {} }
        return state.withLock { $0.waiting.removeValue(forKey: lease) == nil } || isStopped
    }

    /// Whether a message was sent into a turn since this was asked last.
    func takeSteering(of lease: UUID) -> Bool {
        state.withLock { $0.steered.remove(lease) != nil }
    }

    /// Reads what is wanted of which turns.
    ///
    /// - Throws: ``StoreError`` when the database cannot be asked.
    func refresh() async throws(StoreError) {
        let found = try await store.signals(of: worker)
        state.withLock { state in
            for lease in found.interrupted {
                if let continuation = state.waiting.removeValue(forKey: lease) {
                    continuation.finish()
                } else {
                    state.stopped.insert(lease)
                }
            }
            // A turn that ended meanwhile is not asked about again.
            state.stopped.formIntersection(found.interrupted)
            state.steered = found.steered
        }
    }
}
