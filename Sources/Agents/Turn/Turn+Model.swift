extension Turn {
    /// Asks the model; nil when the call failed, and the turn has ended.
    mutating func callModel() async -> ModelResponse? {
        let messages = context.messages(
            summary: summary,
            past: past,
            turn: record.messages,
            correction: correction
        )
        let (emit, tellsPieces) = (emit, tellsPieces)
        let outcome = await ModelCall(agent: agent, kind: .modelCall, start: start).run(request(messages)) { delta in
            if case .text(let text) = delta, tellsPieces { emit(.text(text)) }
        }
        record.steps.append(outcome.step)
        switch outcome.result {
        case .success(let response):
            agent.tokens.learn(bytes: context.bytes(of: messages), usage: response.usage)
            return response
        case .failure(let error) where error.code == .cancelled: interrupt()
        case .failure(let error): fail("model_\(error.code)", error.message)
        }
        return nil
    }

    private func request(_ messages: [ChatMessage]) -> ModelRequest {
        let settings = agent.settings
        return ModelRequest(
            messages: messages,
            tools: agent.tools.specifications,
            temperature: settings.temperature,
            topP: settings.topP,
            presencePenalty: settings.presencePenalty,
            frequencyPenalty: settings.frequencyPenalty,
            maximumOutputTokens: settings.maximumOutputTokens,
            outputSchema: agent.outputSchemaDocument
        )
    }
}
