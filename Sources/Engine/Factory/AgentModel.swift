package import Models

/// A model of an agent and what speaks to it: its own, or one that is asked when that one fails.
package struct AgentModel: Sendable {
    /// The model's row.
    package let model: Model
    /// Speaks to the model.
    let provider: any ModelProvider
    /// Knows how many tokens a text has for the model.
    let tokens: TokenEstimator
    /// The failures of those before it after which it is asked.
    let reasons: Set<ModelFallback.Reason>
}

extension Agent {
    /// A model of the agent: 0 for its own, and then those that it falls back to, in order.
    func model(at index: Int) -> AgentModel {
        index == 0 ? AgentModel(model: model, provider: provider, tokens: tokens, reasons: []) : fallbacks[index - 1]
    }

    /// The model that is asked when another one fails.
    ///
    /// - Parameters:
    ///   - index: The one that failed.
    ///   - error: How.
    /// - Returns: The next one in order that is there for such a failure; nil if there is none.
    func fallback(from index: Int, after error: ModelError) -> Int? {
        guard index < fallbacks.count, let reason = error.fallbackReason else { return nil }
        return fallbacks[index...].firstIndex { $0.reasons.contains(reason) }.map { $0 + 1 }
    }
}
