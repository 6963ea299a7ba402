package import JSON

/// A task as it is handed in.
package struct TaskSubmission: Sendable {
    /// What is to be done, in words.
    package var description: String
    /// What the agent must be able to do.
    package var capabilities: [String] = []
    /// Structured input; nil for none.
    package var input: JSONValue?
    /// The agent; nil for one that has the capabilities.
    package var agent: String?
    /// Lower is claimed first; nil for the usual 10.
    package var priority: Int?
    /// How long until it is given up; nil for no limit.
    package var timeLimit: Duration?
    /// Most tokens that it and the tasks below it may take; nil for no limit.
    package var tokens: Int?
    /// Most that it and the tasks below it may cost, in USD; nil for no limit.
    package var cost: Double?
    /// Most attempts, each with another agent; nil for the usual 2.
    package var attempts: Int?
    /// The tasks that have to be done first.
    package var dependencies: [Int64] = []
    /// The queue that it waits in; nil for that of its agent.
    package var queue: String?

    package init(_ description: String) {
        self.description = description
    }
}
