/// What is to be done, step by step, before it is done.
package struct Plan: Sendable, Hashable {
    /// The task in words.
    package var task: String
    /// The steps, numbered from 1 in their order.
    package var steps: [PlanStep]
    /// What is done when a step fails: the first that fits.
    package var recoveries: [RecoveryRule]

    package init(task: String, steps: [PlanStep], recoveries: [RecoveryRule] = []) {
        (self.task, self.steps, self.recoveries) = (task, steps, recoveries)
    }

    /// The plan as text: its task, and a line for each step.
    ///
    /// `agentctl.plan_summary` writes the same.
    package var summary: String {
        "Task: \(task)\nSteps:\n" + steps.map { "  \($0.line)" }.joined(separator: "\n")
    }
}

/// How the steps of a plan are run.
package enum ExecutionMode: String, Sendable, Hashable, CaseIterable {
    /// One after the other, in order.
    case sequential
    /// All that wait for no other at once.
    case parallel
    /// One after the other, each after an operator has approved it.
    case interactive
}
