extension Turn {
    /// Whether pieces of an answer are told as they come.
    var tellsPieces: Bool { agent.guardrails?.holdsAnswers != true }

    /// Adds an answer to the transcript when the guardrails have looked at it.
    ///
    /// - Parameter isWhole: Whether it is complete, and not cut at a limit.
    mutating func conclude(_ message: ChatMessage, isWhole: Bool = true) async {
        guard let guardrails = agent.guardrails?.output, !guardrails.isEmpty else { return record.append(message) }
        let inspection = await inspect(message.content, guardrails, at: .output, isWhole: isWhole)
        if let guardrail = inspection.blocking {
            // A judge that was stopped has said nothing about the answer: it goes with the turn.
            return Task.isCancelled ? interrupt() : refuse(guardrail, at: .output)
        }
        if !tellsPieces { emit(.text(inspection.text)) }
        record.append(.assistant(inspection.text))
    }

    /// What the model says beside its calls, when the guardrails have looked at it; what one blocks is left out.
    mutating func admit(_ message: ChatMessage) async -> ChatMessage {
        guard !message.content.isEmpty, let guardrails = agent.guardrails?.output, !guardrails.isEmpty else {
            return message
        }
        let inspection = await inspect(message.content, guardrails, at: .output, isWhole: false)
        let text = inspection.blocking == nil ? inspection.text : ""
        if !tellsPieces, !text.isEmpty { emit(.text(text)) }
        return .assistant(text, toolCalls: message.toolCalls)
    }
}
