import DequeModule
import Reactor

/// The events that one listener has not taken yet.
///
/// Bounded: a listener that lags behind loses what it has not taken, and is asked to read everything again.
final class PostgresListenEvents: Sendable {
    /// How many events are kept.
    ///
    /// A payload is at most 8,000 bytes, so that this is 8 MB at worst.
    static let capacity = 1_024

    private struct State {
        var events = Deque<PostgresListenEvent>()
        var waiting: CheckedContinuation<PostgresListenEvent?, Never>?
        var isFinished = false
    }

    private let state = LockedValue(State())

    /// Adds an event.
    func add(_ event: PostgresListenEvent) {
        let waiting: CheckedContinuation<PostgresListenEvent?, Never>? = state.withLock { state in
            guard !state.isFinished else { return nil }
            if let waiting = state.waiting {
                state.waiting = nil
                return waiting
            }
            if state.events.count >= Self.capacity {
                state.events.removeAll(keepingCapacity: true)
                state.events.append(.connected)
            } else {
                state.events.append(event)
            }
            return nil
        }
        waiting?.resume(returning: event)
    }

    /// Ends the sequence, after what is there already.
    func finish() {
        let waiting = state.withLock { state in
            defer { state.waiting = nil }
            state.isFinished = true
            return state.waiting
        }
        waiting?.resume(returning: nil)
    }

    /// The next event; `nil` when there will be none, or the task is cancelled.
    func next() async -> PostgresListenEvent? {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let event: PostgresListenEvent?? = state.withLock { state in
                    if Task.isCancelled { return .some(nil) }
                    if let event = state.events.popFirst() { return event }
                    if state.isFinished { return .some(nil) }
                    state.waiting = continuation
                    return nil
                }
                if let event { continuation.resume(returning: event) }
            }
        } onCancel: {
            finish()
        }
    }
}
