internal import Synchronization

internal import struct FoundationEssentials.UUID

/// The turns of a worker that somebody wants stopped, wherever that somebody is.
final class Interruptions: Sendable {
    private struct State {
        var waiting: [UUID: AsyncStream<Never>.Continuation] = [:]
        /// Those whose turn does not wait yet.
        var early: Set<UUID> = []
    }

    private let store: Store
    private let worker: Int64
    private let state = Mutex(State())

    init(store: Store, worker: Int64) {
        self.store = store
        self.worker = worker
    }

    /// Waits until a turn is to be stopped, or the calling task is cancelled.
    ///
    /// - Parameter lease: The turn's lease.
    /// - Returns: Whether the turn is to be stopped.
    func wait(for lease: UUID) async -> Bool {
        let (stream, continuation) = AsyncStream.makeStream(of: Never.self)
        let isStopped = state.withLock { state in
            state.waiting[lease] = continuation
            return state.early.remove(lease) != nil
        }
        if !isStopped { for await _ in stream {} }
        return state.withLock { $0.waiting.removeValue(forKey: lease) == nil } || isStopped
    }

    /// Looks which turns are to be stopped, and stops them.
    ///
    /// - Throws: ``StoreError`` when the database cannot be asked.
    func look() async throws(StoreError) {
        let leases = try await store.interruptedLeases(of: worker)
        state.withLock { state in
            for lease in leases {
                if let continuation = state.waiting.removeValue(forKey: lease) {
                    continuation.finish()
                } else {
                    state.early.insert(lease)
                }
            }
            // A turn that ended meanwhile is not asked about again.
            state.early.formIntersection(leases)
        }
    }
}
