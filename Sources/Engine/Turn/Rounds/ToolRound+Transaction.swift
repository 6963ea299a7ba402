import Conversation
import Safety
import Tools

// Calls that write to the database run in the transaction that stores their results.
extension ToolRound {
    mutating func runTransactional() -> [Action] {
        let transactional = indices(.planned).filter { calls[$0].effect == .sql && delegations[$0] == nil }
        guard !transactional.isEmpty else { return delegate() }
        phase = .inTransaction(transactional, isAnswered: false)
        return [.runInTransaction(transactional)]
    }

    /// Takes, within the transaction, the results of the calls and what guardrails found in them that need no model and no operator.
    ///
    /// - Returns: What is to be done within the transaction.
    mutating func ranInTransaction(_ results: [(ran: Ran, verdict: GuardrailVerdict?)]) -> [Action] {
        guard case .inTransaction(let indices, _) = phase else { return [] }
        for (ran, verdict) in results {
            take(ran)
            if let verdict { apply(verdict, to: ran.index, isFinal: !inspection.takesTime) }
        }
        unreported.formUnion(indices)
        // What an operator or a model has to inspect is answered after the transaction, and so are calls with tasks.
        guard !inspection.takesTime, newDelegations.isEmpty else { return [] }
        phase = .inTransaction(indices, isAnswered: true)
        return answer()
    }

    /// Takes whether the transaction was committed; if not, the calls may have run or not, and the database knows.
    mutating func committed(_ isCommitted: Bool, isCancelled: Bool) -> [Action] {
        guard case .inTransaction(_, let isAnswered) = phase else { return [] }
        guard isCommitted else { return end(.abandon(.notStored)) }
        isStored = true
        guard isAnswered else { return delegate() }
        return reports() + end(isCancelled ? .interrupt : .finish)
    }

    /// Takes that the turn was stopped before the commit: the calls are as if they had not begun.
    mutating func cancelledInTransaction() -> [Action] {
        guard case .inTransaction = phase else { return [] }
        // What an unsafe call before them gave is known, and is stored whatever becomes of the turn.
        let isKnown = calls.contains { $0.effect == .unsafe && $0.result != nil && $0.storage != .stored }
        guard isKnown else { return end(.interrupt) }
        phase = .storingInterruption
        return [.save]
    }

    /// Takes that the transaction was undone: its calls have failed, and have changed nothing.
    mutating func undone(because reason: String) -> [Action] {
        guard case .inTransaction(let indices, _) = phase else { return [] }
        let error = ToolError(.failed, reason)
        for index in indices {
            let request = calls[index].request
            calls[index].take(ToolCallResult(call: request, output: ToolOutput("Error: \(reason)"), error: error))
        }
        unreported.formUnion(indices)
        return delegate()
    }
}
