/// What tasks may take; nil for no limit.
package struct TaskAllowance: Sendable, Hashable {
    /// Tokens.
    package var tokens: Int?
    /// Cost in USD.
    package var cost: Double?

    package init(tokens: Int? = nil, cost: Double? = nil) {
        (self.tokens, self.cost) = (tokens, cost)
    }

    /// The least cost that a task can be given, in USD.
    private static let leastCost = 1e-10

    /// Whether nothing is left of it that a task could be given.
    var isSpent: Bool { tokens.map { $0 < 1 } ?? false || cost.map { $0 < Self.leastCost } ?? false }

    /// The smaller of each limit.
    func limited(by other: TaskAllowance) -> TaskAllowance {
        TaskAllowance(
            tokens: [tokens, other.tokens].compactMap { $0 }.min(),
            cost: [cost, other.cost].compactMap { $0 }.min()
        )
    }

    func divided(by count: Int) -> TaskAllowance {
        TaskAllowance(tokens: tokens.map { $0 / count }, cost: cost.map { $0 / Double(count) })
    }

    func adding(_ other: TaskAllowance) -> TaskAllowance {
        TaskAllowance(tokens: tokens.map { $0 + (other.tokens ?? 0) }, cost: cost.map { $0 + (other.cost ?? 0) })
    }

    func subtracting(_ other: TaskAllowance) -> TaskAllowance {
        TaskAllowance(tokens: tokens.map { $0 - (other.tokens ?? 0) }, cost: cost.map { $0 - (other.cost ?? 0) })
    }
}
