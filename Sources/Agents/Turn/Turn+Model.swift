extension Turn {
    /// Asks the model; nil when the turn has ended because it did not answer.
    mutating func callModel() async -> ModelResponse? {
        var step = StepRecord(.modelCall, offset: start.duration(to: .now))
        step.model = agent.model.name
        step.modelVersionID = agent.model.versionID
        step.provider = agent.model.provider
        let began = ContinuousClock.now
        let result = await respond()
        step.duration = began.duration(to: .now)
        switch result {
        case .success(let response):
            step.finishReason = response.finishReason.rawValue
            step.usage = response.usage
            step.cost = agent.model.prices.cost(of: response.usage)
            step.timeToFirstToken = response.timeToFirstToken
            record.steps.append(step)
            return response
        case .failure(let error):
            step.errorCode = error.code.description
            step.errorMessage = error.message
            record.steps.append(step)
            if error.code == .cancelled {
                interrupt()
            } else {
                fail("model_\(error.code)", error.message)
            }
            return nil
        }
    }

    private func respond() async -> Result<ModelResponse, ModelError> {
        let emit = emit
        do throws(ModelError) {
            let response = try await agent.provider.respond(to: request) { delta in
                if case .text(let text) = delta { emit(.text(text)) }
            }
            return .success(response)
        } catch {
            return .failure(error)
        }
    }

    private var request: ModelRequest {
        let settings = agent.settings
        var messages: [ChatMessage] = []
        if !agent.systemPrompt.isEmpty { messages.append(.system(agent.systemPrompt)) }
        messages += past
        messages += record.messages
        messages += correction
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

    /// The messages before the turn that the model is shown.
    var past: ArraySlice<ChatMessage> {
        ContextWindow(messageLimit: agent.settings.historyLimit, contextWindow: agent.model.contextWindow)
            .select(from: claim.history)
    }
}
