import Conversation
import Orchestration

// Calls that delegate come last in a round: then nothing else of it is open while the turn waits for their tasks.
extension ToolRound {
    /// How many tasks of the round have not ended.
    var openTasks: Int {
        delegations.values.reduce(0) { sum, delegation in
            if case .open(let count) = delegation { sum + count } else { sum }
        }
    }

    /// The calls that delegate and have no tasks yet.
    var newDelegations: [Int] { indices(.planned).filter { delegations[$0] != nil } }

    /// Has the tasks of calls started that delegate, when everything else of the round is done.
    mutating func delegate() -> [Action] {
        let new = newDelegations
        guard !new.isEmpty else { return settle() }
        phase = .delegating
        return [.delegate(new)]
    }

    /// Takes how many tasks calls have that delegate; those that cannot be have their results.
    mutating func delegated(_ started: [(index: Int, delegation: Delegation)], isCancelled: Bool) -> [Action] {
        guard case .delegating = phase else { return [] }
        if isCancelled { return end(.interrupt) }
        takeDelegations(Dictionary(started.map { ($0.index, $0.delegation) }) { first, _ in first })
        let open = started.reduce(0) { sum, call in
            if case .open(let count) = call.delegation { sum + count } else { sum }
        }
        return open > 0 ? end(.awaitTasks(open)) : settle()
    }

    /// Takes the results of calls whose tasks have all ended; followers are shown them after their inspection.
    mutating func takeDelegations(_ delegations: [Int: Delegation]) {
        for index in indices(.planned) {
            guard case .ended(let result) = delegations[index] else { continue }
            calls[index].take(result)
            unreported.insert(index)
        }
    }

    /// Ends the calls of a turn that was stopped: what their tasks came to is not shown to anybody uninspected.
    mutating func dropDelegations() {
        for index in indices(.planned) where delegations[index] != nil && delegations[index] != .new {
            let request = calls[index].request
            let error = ToolError(.cancelled, "The turn was stopped while its tasks ran.")
            let output = ToolOutput("Error: \(error.message)")
            calls[index].take(ToolCallResult(call: request, output: output, error: error))
        }
    }
}
