/// Where guardrails find the agents that judge, and how they ask them.
struct GuardrailJudges: Sendable {
    let registry: AgentRegistry
    /// The epoch of the definitions that judges must at least be of.
    let epoch: Int64
    /// When the turn began.
    let start: ContinuousClock.Instant

    /// Asks a judge.
    ///
    /// - Returns: What it said, and the call as it is stored.
    func verdict(of judge: GuardrailJudge, about text: String) async -> (GuardrailJudge.Verdict, StepRecord) {
        var step = StepRecord(.guardrail, offset: start.duration(to: .now))
        let agent: Agent
        do throws(AgentError) {
            agent = try await registry.agent(named: judge.agent, epoch: epoch)
        } catch {
            step.errorCode = error.code.description
            step.errorMessage = error.message
            return (.failed("it cannot be had"), step)
        }
        let verdict = await judge.ask(about: text, agent, step: &step)
        return (verdict, step)
    }
}
