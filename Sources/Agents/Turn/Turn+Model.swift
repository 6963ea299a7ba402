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
        let (emit, tellsPieces) = (emit, tellsPieces)
        let messages = context.messages(
            summary: summary,
            past: past,
            turn: record.messages,
            correction: correction
        )
        do throws(ModelError) {
            let response = try await agent.provider.respond(to: request(messages)) { delta in
                if case .text(let text) = delta, tellsPieces { emit(.text(text)) }
            }
            agent.tokens.learn(bytes: context.bytes(of: messages), usage: response.usage)
            return .success(response)
        } catch {
            return .failure(error)
        }
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
