import Conversation

/// What the task of a turn leaves it, beside the limits of its agent.
struct TaskLimits: Sendable {
    /// The name of the limit of a turn whose deadline has passed.
    static let deadline = "deadline"
    /// The name of the limit of a turn whose own time is over.
    static let timeout = "timeout"
    /// The name of the limit of a turn whose budget is spent.
    static let budget = "budget"

    private let task: TaskReport?
    private let agent: Agent

    init(of claim: ClaimedSubmission, _ agent: Agent) {
        (task, self.agent) = (claim.task, agent)
    }

    /// Levels of tasks that the turn may have below it.
    var depthLeft: Int { task?.depthLeft ?? agent.settings.maximumChainDepth }

    /// How long an attempt may take, and the limit that ends it; a deadline that has passed is the turn's to see to.
    var time: (duration: Duration, limit: String) {
        let timeout = agent.settings.timeout
        guard let left = task?.timeLeft, left > .zero, left < timeout else { return (timeout, Self.timeout) }
        return (left, Self.deadline)
    }

    /// Whether an attempt has taken what the budget left when it began.
    func areReached(by spent: (usage: TokenUsage, cost: Double)) -> Bool {
        let tokens = spent.usage.input + spent.usage.output
        return task?.tokensLeft.map { tokens >= $0 } ?? false || task?.costLeft.map { spent.cost >= $0 } ?? false
    }
}
