package import JSON

/// What the turn of a task has to know of it, as `agentctl.claim` returns it.
package struct TaskReport: Sendable, Hashable {
    /// The task.
    package let id: Int64
    /// Levels that may still follow below it.
    package let depthLeft: Int
    /// The agents from the root to the task's own.
    package let path: [String]
    /// The conversation of the turn that delegated it; nil for a task of `submit_task()`.
    package let parent: String?
    /// The conversation of the turn at the top of its tree; nil for a task of `submit_task()`.
    package let root: String?
    /// The submission of that turn.
    package let rootSeq: Int64?
    /// How long until its deadline, negative when it has passed; nil for none.
    package let timeLeft: Duration?
    /// Tokens that it and the tasks below it may still take; nil for no limit.
    package let tokensLeft: Int?
    /// What it and the tasks below it may still cost, in USD; nil for no limit.
    package let costLeft: Double?
    /// Nodes of a chain that its agent may choose to go to; empty for none.
    package let choices: [String]
    /// Whether it was stopped before the claim.
    package let isStopped: Bool

    /// Reads the report; nil if it is none.
    package init?(stored: JSONValue) {
        guard let id = stored["id"]?.integerValue, let depthLeft = stored["depth_left"]?.integerValue else {
            return nil
        }
        self.id = id
        self.depthLeft = Int(depthLeft)
        path = stored["path"]?.arrayValue?.compactMap(\.stringValue) ?? []
        parent = stored["parent_conversation"]?.stringValue
        root = stored["root_conversation"]?.stringValue
        rootSeq = stored["root_seq"]?.integerValue
        timeLeft = stored["seconds_left"]?.secondsValue
        tokensLeft = stored["tokens_left"]?.integerValue.map { Int($0) }
        costLeft = stored["usd_left"]?.numberValue
        choices = stored["choices"]?.arrayValue?.compactMap(\.stringValue) ?? []
        isStopped = stored["stopped"]?.boolValue ?? false
    }

    /// Whether the deadline has passed.
    package var isOverdue: Bool { timeLeft.map { $0 <= .zero } ?? false }
}
