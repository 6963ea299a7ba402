import Conversation
import Models
import Safety

// Whether the model's answer is the reply.
extension Turn {
    /// Steps that cannot be used of a model that writes its calls, after which the turn fails.
    static let mostStepFailures = 3

    /// Has a model write a step again that cannot be used.
    ///
    /// After too many the turn continues with the next model, if there is one for errors; else it fails.
    mutating func correct(_ message: ChatMessage, _ complaint: String) throws(Stop) {
        var step = StepRecord(.validation, offset: transcript.offset)
        step.errorCode = "step_invalid"
        // A complaint quotes the answer, which no guardrail has inspected.
        // Its first line says what is wrong; the rest is the form again.
        let wrong = complaint.prefix { !$0.isNewline }
        let shown = gate.streamsText ? String(wrong) : "a step of the model cannot be used"
        step.errorMessage = shown
        transcript.append(step)
        stepFailures += 1
        guard stepFailures > Self.mostStepFailures else {
            context.correction = [message, .user(complaint)]
            return
        }
        let error = ModelError(.malformed, shown)
        guard let next = agent.fallback(from: model, after: error) else {
            let what = "\(stepFailures) steps of the model cannot be used; the last one: \(shown)"
            throw fail("model_\(error.code)", what)
        }
        let (old, new) = (agent.model(at: model).model.name, agent.model(at: next).model.name)
        transcript.append(.modelChanged(from: old, to: new, reason: ModelFallback.Reason.error.rawValue))
        (model, stepFailures, context.correction) = (next, 0, [])
    }

    /// Takes an answer as the reply; false when it does not fit the output schema and the model is to try again.
    mutating func accept(_ message: ChatMessage) async throws(Stop) -> Bool {
        guard let complaint = await agent.complaint(aboutOutput: message.content) else {
            try await conclude(message)
            return true
        }
        var step = StepRecord(.validation, offset: transcript.offset)
        step.errorCode = "output_invalid"
        // A complaint quotes the answer, which no guardrail has inspected.
        let shown = gate.streamsText ? complaint : "it does not fit the output schema"
        step.errorMessage = shown
        transcript.append(step)
        outputFailures += 1
        guard outputFailures <= agent.settings.outputRetries else { throw fail("output_invalid", shown) }
        environment.emit(.reset)
        context.correction = [
            message,
            .user(
                "Your answer does not fit the required JSON Schema: \(complaint). Answer with the corrected JSON only."
            ),
        ]
        return false
    }

    /// Adds an answer to the transcript after guardrails have inspected it.
    ///
    /// - Parameter isWhole: Whether it is complete, and not cut at a limit.
    mutating func conclude(_ message: ChatMessage, isWhole: Bool = true) async throws(Stop) {
        let (verdict, findings) = await gate.inspect(message.content, at: .output, isWhole: isWhole, looksUp: false)
        transcript.append(findings)
        switch verdict {
        case .blocked(let guardrail, let reply):
            // A judge that was stopped has said nothing about the answer: it goes with the turn.
            throw Task.isCancelled ? interrupt() : block(guardrail, reply)
        case .passed(let text), .asks(let text, _):
            if !gate.streamsText { environment.emit(.text(text)) }
            transcript.append(.assistant(text))
        }
    }
}
