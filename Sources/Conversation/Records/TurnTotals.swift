/// What earlier attempts at a turn have come to and stored.
package struct TurnTotals: Sendable, Hashable {
    /// Steps that are stored.
    package var steps = 0
    /// Calls to the model.
    package var modelCalls = 0
    /// Calls to tools, also those that have not ended.
    package var toolCalls = 0
    /// The tokens of all model calls.
    package var usage = TokenUsage.zero
    /// The cost in USD.
    package var cost: Double = 0
    /// The time that was worked on it.
    package var duration: Duration = .zero
    /// The time that it waited for a model.
    package var postponed: Duration = .zero
}
