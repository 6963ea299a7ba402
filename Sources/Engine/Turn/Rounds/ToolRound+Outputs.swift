import Conversation
import Safety

// Guardrails inspect outputs before anything else is done with them.
extension ToolRound {
    /// Has outputs inspected that were not, before anything else is done with them.
    mutating func inspect(then sequel: Sequel) -> [Action] {
        let fresh = inspection.isOn ? calls.indices.filter { !inspected.contains($0) && calls[$0].hasOutput } : []
        guard !fresh.isEmpty else { return resume(sequel) }
        phase = .inspecting(sequel)
        return [.inspect(fresh)]
    }

    /// Takes what guardrails say about outputs.
    mutating func inspected(
        _ verdicts: [(index: Int, verdict: GuardrailVerdict)],
        isCancelled: Bool
    ) -> [Action] {
        guard case .inspecting(let sequel) = phase else { return [] }
        for (index, verdict) in verdicts { apply(verdict, to: index, isFinal: true) }
        return resume(sequel, isCancelled: isCancelled)
    }

    private mutating func resume(_ sequel: Sequel, isCancelled: Bool = false) -> [Action] {
        switch sequel {
        case .resume: resume()
        case .results(let indices, let isRefused, let wasCancelled):
            results(indices, isRefused: isRefused, isCancelled: isCancelled || wasCancelled)
        case .settle: settleInspected()
        }
    }

    mutating func apply(_ verdict: GuardrailVerdict, to index: Int, isFinal: Bool) {
        switch verdict {
        case .passed(let text): calls[index].replaceResult(with: text)
        case .blocked(_, let reply): calls[index].withhold(reply)
        case .asks(let text, let questions):
            calls[index].replaceResult(with: text)
            calls[index].isOutputOpen = true
            openOutputs[index] = questions
        }
        if isFinal || calls[index].isWithheld { inspected.insert(index) }
    }
}
