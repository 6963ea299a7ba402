internal import Synchronization

/// Stands before what must not happen twice: lets a call have its effects only as long as its worker holds the lease.
///
/// It is asked directly before each effect, however long ago the call was begun: a process may be stopped at any moment,
/// for any time. Once it has refused it goes on refusing.
package final class EffectGate: Sendable {
    private struct State {
        var hasPassed = false
        var isClosed = false
    }

    private let state = Mutex(State())
    private let isOpen: @Sendable () -> Bool

    /// A gate.
    ///
    /// - Parameter isOpen: Whether the lease holds for certain; it must not block.
    package init(_ isOpen: @escaping @Sendable () -> Bool) {
        self.isOpen = isOpen
    }

    /// Asks for an effect that is about to happen; false when it must not.
    package func pass() -> Bool {
        state.withLock { state in
            state.isClosed = state.isClosed || !isOpen()
            state.hasPassed = state.hasPassed || !state.isClosed
            return !state.isClosed
        }
    }

    /// Whether an effect was refused.
    package var hasRefused: Bool { state.withLock { $0.isClosed } }

    /// Whether there may have been an effect.
    package var hasPassed: Bool { state.withLock { $0.hasPassed } }
}
