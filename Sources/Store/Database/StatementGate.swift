internal import Reactor

/// Lets in as many statements of others as there are connections for them, first come, first served.
///
/// A statement that no request to cancel ends keeps its place after its caller was answered: the server's process works on
/// for it, and no other is to join it. The place is free again when the process is gone.
final class StatementGate: Sendable {
    /// A backend of the server that still runs a statement which its caller no longer waits for.
    struct Stuck: Sendable, Hashable {
        let process: Int32
        let since: ContinuousClock.Instant
    }

    private struct Waiter {
        let number: UInt64
        let continuation: AsyncStream<Never>.Continuation
    }

    private struct State {
        var free: Int
        var waiters: [Waiter] = []
        var stuck: [Stuck] = []
        var lastNumber: UInt64 = 0

        /// Gives a place to the next who waits.
        mutating func leave() -> Waiter? {
            guard waiters.isEmpty else { return waiters.removeFirst() }
            free += 1
            return nil
        }
    }

    /// How many statements may run at once.
    let limit: Int
    private let state: LockedValue<State>

    /// How often the first of those that wait has the stuck processes looked for.
    private static let interval = Duration.milliseconds(500)

    init(limit: Int) {
        self.limit = max(1, limit)
        state = LockedValue(State(free: max(1, limit)))
    }

    /// The processes that keep a place.
    var stuck: [Stuck] { state.withLock { $0.stuck } }

    /// Takes a place, which has to be given back.
    ///
    /// - Parameters:
    ///   - deadline: How long to wait for one.
    ///   - isGone: Says which of some processes are gone.
    /// - Returns: Whether there was one in time.
    func enter(
        until deadline: ContinuousClock.Instant,
        _ isGone: @escaping @Sendable ([Stuck]) async -> [Stuck]
    ) async -> Bool {
        let (stream, continuation) = AsyncStream.makeStream(of: Never.self)
        let number = state.withLock { state -> UInt64? in
            guard state.free == 0 || !state.waiters.isEmpty else {
                state.free -= 1
                return nil
            }
            state.lastNumber += 1
            state.waiters.append(Waiter(number: state.lastNumber, continuation: continuation))
            return state.lastNumber
        }
        guard let number else { return true }
        await withTaskGroup(of: Bool.self) { group in
            group.addTask {
                for await _ in stream {}
                return true
            }
            group.addTask {
                try? await ContinuousClock().sleep(until: deadline)
                return true
            }
            group.addTask {
                while !Task.isCancelled {
                    let stuck = self.stuckProcesses(for: number)
                    if !stuck.isEmpty { self.free(await isGone(stuck)) }
                    do { try await Task.sleep(for: Self.interval) } catch { break }
                }
                return false
            }
            while await group.next() == false {}
            group.cancelAll()
        }
        return state.withLock { state in
            guard let index = state.waiters.firstIndex(where: { $0.number == number }) else { return true }
            state.waiters.remove(at: index)
            return false
        }
    }

    /// What a waiter inspects for all of them: nothing unless it is the first.
    private func stuckProcesses(for number: UInt64) -> [Stuck] {
        state.withLock { $0.waiters.first?.number == number ? $0.stuck : [] }
    }

    /// Gives a place back.
    func leave() {
        state.withLock { $0.leave() }?.continuation.finish()
    }

    /// Leaves a place to a backend that still runs its statement.
    func giveUp(_ process: Int32) {
        state.withLock { $0.stuck.append(Stuck(process: process, since: .now)) }
    }

    /// Gives back the places of processes that are gone.
    func free(_ gone: [Stuck]) {
        let waiters = state.withLock { state -> [Waiter] in
            let found = state.stuck.filter(gone.contains)
            state.stuck.removeAll(where: gone.contains)
            return found.compactMap { _ in state.leave() }
        }
        for waiter in waiters { waiter.continuation.finish() }
    }
}
