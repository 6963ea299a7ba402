internal import Synchronization

internal import struct FoundationEssentials.UUID

/// The leases that this process knows it holds.
final class LeaseBook: Sendable {
    private struct State {
        var held: Set<UUID> = []
        var suspects: Set<UUID> = []
    }

    private let state = Mutex(State())

    func add(_ lease: UUID) {
        state.withLock { _ = $0.held.insert(lease) }
    }

    func remove(_ lease: UUID) {
        state.withLock { _ = $0.held.remove(lease) }
    }

    /// Those of the database's leases that were unknown at this call and the one before.
    func forgotten(among leases: [UUID: String]) -> [UUID: String] {
        state.withLock { state in
            let unknown = Set(leases.keys).subtracting(state.held)
            let forgotten = unknown.intersection(state.suspects)
            state.suspects = unknown.subtracting(forgotten)
            return leases.filter { forgotten.contains($0.key) }
        }
    }
}
