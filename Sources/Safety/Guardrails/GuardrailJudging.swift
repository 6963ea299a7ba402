package import Conversation

/// Answers the questions of guardrails that need a model's judgement.
package protocol GuardrailJudging: Sendable {
    /// Judges a text.
    ///
    /// - Parameters:
    ///   - judge: The question, and the agent whose model answers it.
    ///   - text: The text.
    /// - Returns: The verdict, and the call to the model as it is stored.
    func verdict(of judge: GuardrailJudge, about text: String) async -> (GuardrailJudge.Verdict, StepRecord)
}
