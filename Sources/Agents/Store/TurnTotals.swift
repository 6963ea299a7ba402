/// What earlier attempts at a turn have come to and stored.
struct TurnTotals: Sendable, Hashable {
    /// Steps that are stored.
    var steps = 0
    /// Calls to the model.
    var modelCalls = 0
    /// Calls to tools, also those that have not ended.
    var toolCalls = 0
    /// The tokens of all model calls.
    var usage = TokenUsage.zero
    /// The cost in USD.
    var cost: Double = 0
    /// The time that was worked on it.
    var duration: Duration = .zero
}
