/// What all tasks of a run of a chain together may take; nil for no limit of its own.
package struct TaskAllowance: Sendable, Hashable {
    /// Tokens.
    package var tokens: Int?
    /// Cost in USD.
    package var cost: Double?

    package init(tokens: Int? = nil, cost: Double? = nil) {
        (self.tokens, self.cost) = (tokens, cost)
    }
}
