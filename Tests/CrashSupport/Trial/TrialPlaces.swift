import Synchronization

/// The conversations of a trial: forks come, and some are closed.
final class TrialPlaces: Sendable {
    private struct State {
        var open: [String]
        var closed: [String] = []
        var forks = 0
    }

    private let state: Mutex<State>

    /// Conversations that stay open in any case.
    private static let leastOpen = 4

    init(_ names: [String]) {
        state = Mutex(State(open: names))
    }

    /// A conversation to do something with; now and then one that is closed.
    func pick(_ random: inout TrialRandom) -> String {
        let isClosed = random.happens(5)
        return state.withLock { state in
            let names = isClosed && !state.closed.isEmpty ? state.closed : state.open
            return names.randomElement(using: &random) ?? ""
        }
    }

    /// The name of a fork that there is to be.
    func nextFork() -> String {
        state.withLock { state in
            state.forks += 1
            return "f\(state.forks)"
        }
    }

    /// Takes note of a conversation that there is now.
    func add(_ name: String) {
        state.withLock { $0.open.append(name) }
    }

    /// Chooses a conversation to be closed; nil when there are too few.
    func pickToClose(_ random: inout TrialRandom) -> String? {
        state.withLock { state in
            guard state.open.count > Self.leastOpen, let index = state.open.indices.randomElement(using: &random)
            else { return nil }
            let name = state.open.remove(at: index)
            state.closed.append(name)
            return name
        }
    }
}
