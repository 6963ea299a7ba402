package import Conversation
package import Definitions

/// The guardrails of an agent, in the order in which it names them.
package struct GuardrailSet: Sendable {
    /// Those that inspect what the user says.
    package let input: [Guardrail]
    /// Those that inspect what the agent says.
    package let output: [Guardrail]
    /// Those that inspect what tools return.
    package let toolOutput: [Guardrail]
    /// Whether answers are shown only after they were inspected, as something may be taken out of them.
    package let holdsAnswers: Bool
    /// Whether what tools print is shown only after they have returned.
    package let holdsToolOutputs: Bool
    /// Whether inspecting the outputs of tools can take a while, because a model or an operator is asked.
    package let takesTimeForToolOutputs: Bool

    /// Makes the guardrails of an agent.
    ///
    /// - Parameter definitions: Their rows, in the agent's order.
    /// - Returns: nil when there are none: then nothing is inspected, and nothing paid.
    /// - Throws: ``GuardrailError`` with every mistake and its place.
    package init?(_ definitions: [Definition]) throws(GuardrailError) {
        guard !definitions.isEmpty else { return nil }
        var guardrails: [Guardrail] = []
        var mistakes: [GuardrailError.Mistake] = []
        for definition in definitions {
            let reader = GuardrailReader(
                name: definition.name,
                version: definition.version,
                document: definition.document
            )
            mistakes += reader.problems.list.map { GuardrailError.Mistake(guardrail: definition.name, problem: $0) }
            if let guardrail = reader.guardrail { guardrails.append(guardrail) }
        }
        guard mistakes.isEmpty else { throw GuardrailError(mistakes: mistakes) }
        input = guardrails.filter { $0.places.contains(.input) }
        output = guardrails.filter { $0.places.contains(.output) }
        toolOutput = guardrails.filter { $0.places.contains(.toolOutput) }
        holdsAnswers = output.contains { $0.canChange }
        holdsToolOutputs = toolOutput.contains { $0.canChange }
        takesTimeForToolOutputs = toolOutput.contains { guardrail in
            if case .judge = guardrail.check { return true }
            return guardrail.action == .ask
        }
    }

    /// The record of a call as it is stored: without what guardrails have taken out of what the tool returned.
    ///
    /// - Parameters:
    ///   - call: What ran within the tool.
    ///   - isWithheld: Whether a guardrail has withheld what the tool returned.
    package func cleaned(_ call: FunctionCallRecord, isWithheld: Bool) -> FunctionCallRecord {
        var call = call
        func clean(_ text: String?) -> String? {
            guard let text, !text.isEmpty else { return text }
            if isWithheld { return "[withheld by a guardrail]" }
            var inspection = GuardrailInspection(text)
            inspection.inspect(toolOutput.filter { $0.action == .redact }, at: .toolOutput, isWhole: true)
            return inspection.text
        }
        call.result = clean(call.result)
        call.errorMessage = clean(call.errorMessage)
        call.traceback = clean(call.traceback)
        call.output = clean(call.output) ?? ""
        return call
    }

    /// Those that inspect a place.
    package subscript(place: GuardrailPlace) -> [Guardrail] {
        switch place {
        case .input: input
        case .output: output
        case .toolOutput: toolOutput
        }
    }
}

extension Guardrail {
    /// Whether it can keep a text, or a part of it, from being shown.
    fileprivate var canChange: Bool {
        if case .judge(let judge) = check, !judge.passesOnError { return true }
        return action != .warn
    }
}
