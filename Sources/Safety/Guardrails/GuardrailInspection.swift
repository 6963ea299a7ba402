package import Conversation
internal import JSON
internal import Reactor

/// What the guardrails of one place have made of a text.
///
/// They inspect it one after the other, each what the one before has left of it. The first that blocks ends it.
package struct GuardrailInspection: Sendable {
    /// A guardrail that wants an operator to decide, and what it has found.
    package struct Question: Sendable {
        package let guardrail: Guardrail
        package let detail: String
    }

    /// The text as it goes on, if it does.
    package private(set) var text: String
    /// What was found, to be stored.
    package private(set) var hits: [GuardrailHit] = []
    /// Calls to judges, to be stored.
    package private(set) var steps: [StepRecord] = []
    /// The guardrail that lets the text go no further.
    package private(set) var blocking: Guardrail?
    /// Guardrails that want an operator to decide.
    package private(set) var questions: [Question] = []

    /// A text that no guardrail has inspected.
    package init(_ text: String) {
        self.text = text
    }

    /// Inspects the text with the checks that need neither a model nor an operator.
    ///
    /// - Parameters:
    ///   - guardrails: The guardrails; judges among them are passed over.
    ///   - place: What the text is.
    ///   - isWhole: Whether it is complete.
    package mutating func inspect(_ guardrails: [Guardrail], at place: GuardrailPlace, isWhole: Bool) {
        for guardrail in guardrails where blocking == nil { inspect(guardrail, at: place, isWhole: isWhole) }
    }

    /// Inspects the text with all checks, judges too, off the caller's executor: a long text takes the processor for a
    /// while.
    package mutating func inspect(
        _ guardrails: [Guardrail],
        at place: GuardrailPlace,
        isWhole: Bool,
        with judges: some GuardrailJudging
    ) async {
        for guardrail in guardrails where blocking == nil {
            guard case .judge(let judge) = guardrail.check else {
                let before = self
                self = await withTaskExecutorPreference(WorkThreads.shared) { () async -> GuardrailInspection in
                    var inspection = before
                    inspection.inspect(guardrail, at: place, isWhole: isWhole)
                    return inspection
                }
                continue
            }
            guard !text.isEmpty else { continue }
            let (verdict, step) = await judges.verdict(of: judge, about: text)
            steps.append(step)
            switch verdict {
            case .no: continue
            case .yes(let reason):
                let detail = "judge \(judge.agent): \(GuardrailExcerpt.scrubbed(reason))"
                take(GuardrailFinding(detail), of: guardrail, at: place)
            case .failed(let message):
                let action: GuardrailAction = judge.passesOnError ? .warn : .block
                keep("judge \(judge.agent): \(message)", of: guardrail, at: place, action)
                if !judge.passesOnError { blocking = guardrail }
            }
        }
    }

    private mutating func inspect(_ guardrail: Guardrail, at place: GuardrailPlace, isWhole: Bool) {
        guard let finding = guardrail.check.finding(in: text, name: guardrail.name, isWhole: isWhole) else { return }
        take(finding, of: guardrail, at: place)
    }

    private mutating func take(_ finding: GuardrailFinding, of guardrail: Guardrail, at place: GuardrailPlace) {
        keep(finding.detail, of: guardrail, at: place, guardrail.action)
        switch guardrail.action {
        case .block: blocking = guardrail
        case .redact: text = text.redacting(finding.spans)
        case .warn: break
        case .ask: questions.append(Question(guardrail: guardrail, detail: finding.detail))
        }
    }

    private mutating func keep(
        _ detail: String,
        of guardrail: Guardrail,
        at place: GuardrailPlace,
        _ action: GuardrailAction
    ) {
        hits.append(
            GuardrailHit(
                guardrail: guardrail.name,
                version: guardrail.version,
                place: place,
                action: action,
                detail: detail
            )
        )
    }
}
