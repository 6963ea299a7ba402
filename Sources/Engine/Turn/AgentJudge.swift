import Conversation
internal import JSON
import Models
import Safety

/// Judges texts for guardrails with the model of the agent that a guardrail names.
struct AgentJudge: GuardrailJudging {
    package let registry: AgentRegistry
    /// The epoch of the definitions that the agents must at least be of.
    package let epoch: Int64
    /// When the turn began.
    package let start: ContinuousClock.Instant

    /// Most tokens that are reserved for an answer where the agent sets no limit.
    private static let answerTokens = 1_024

    package func verdict(of judge: GuardrailJudge, about text: String) async -> (GuardrailJudge.Verdict, StepRecord) {
        let agent: Agent
        do throws(AgentError) {
            agent = try await registry.agent(named: judge.agent, epoch: epoch)
        } catch {
            return (.failed("it cannot be had"), failure(error.code.description, error.message))
        }
        let request = Self.request(judge.messages(about: text, systemPrompt: agent.systemPrompt), to: agent)
        guard let request else {
            var step = failure("too_long")
            step.model = agent.model.name
            step.modelVersionID = agent.model.versionID
            step.provider = agent.model.provider
            return (.failed("the text is too long for its model"), step)
        }
        let call = ModelCall(agent: agent, kind: .guardrail, start: start, timeout: judge.timeout)
        let outcome = await call.run(request)
        return Self.verdict(outcome)
    }

    /// The request with these messages; nil when they do not fit into the model's window: a part of a text would say
    /// nothing about the rest.
    private static func request(_ messages: [ChatMessage], to agent: Agent) -> ModelRequest? {
        if let window = agent.model.contextWindow {
            let limit = ContextManager.tokenLimit(
                window: window,
                maximumOutput: agent.settings.maximumOutputTokens ?? answerTokens
            )
            guard agent.tokens.tokens(forBytes: messages.estimatedBytes) <= limit else { return nil }
        }
        return ModelRequest(
            messages: messages,
            temperature: agent.settings.temperature ?? 0,
            topP: agent.settings.topP,
            maximumOutputTokens: agent.settings.maximumOutputTokens,
            outputSchema: GuardrailJudge.answerSchema
        )
    }

    private static func verdict(_ outcome: ModelCall.Outcome) -> (GuardrailJudge.Verdict, StepRecord) {
        switch outcome.result {
        case .success(let response):
            var step = outcome.step
            // What was cut may have been about to say something else.
            let verdict =
                response.finishReason == .length
                ? .failed("its answer was cut off at the limit of tokens")
                : GuardrailJudge.verdict(of: response.message.content)
            if case .failed(let message) = verdict {
                step.errorCode = "judge_unclear"
                step.errorMessage = message
            }
            return (verdict, step)
        case .failure(let error):
            let reason =
                switch error.code {
                case .cancelled: "it was stopped"
                case .timeout: "it did not answer in time"
                default: "its model failed"
                }
            return (.failed(reason), outcome.step)
        }
    }

    /// The step of a call that was not made.
    private func failure(_ code: String, _ message: String? = nil) -> StepRecord {
        var step = StepRecord(.guardrail, offset: start.duration(to: .now))
        step.errorCode = code
        step.errorMessage = message
        return step
    }
}
