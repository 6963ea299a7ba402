package import Conversation
package import JSON
package import Tools

/// A tool call before it runs, as a policy sees it.
package struct ProposedCall: Sendable {
    /// The tool's name.
    package let tool: String
    /// The implementation that its row names; nil when there is no such tool, or it is a function.
    package let implementation: String?
    /// What a call does to the world.
    package let effect: ToolEffect
    /// The arguments.
    package let arguments: JSONValue
    /// What it would do, as its tool says.
    package let facts: ToolFacts
    /// The agent that calls.
    package let agent: String
    /// The tools that succeeded before in the turn, in order.
    package let earlierCalls: [String]
    /// The tools that were called before in the turn or in the same answer, whether they succeeded or not.
    ///
    /// Refused calls do not count.
    package let attemptedCalls: [String]
    /// The turn's cost so far, in USD.
    package let cost: Double

    /// A call; nothing for `facts` means what the names of the arguments say, and nothing for `attemptedCalls` that all that
    /// were attempted succeeded.
    package init(
        tool: String,
        implementation: String? = nil,
        effect: ToolEffect,
        arguments: JSONValue,
        facts: ToolFacts? = nil,
        agent: String,
        earlierCalls: [String] = [],
        attemptedCalls: [String]? = nil,
        cost: Double = 0
    ) {
        self.tool = tool
        self.implementation = implementation
        self.effect = effect
        self.arguments = arguments
        self.facts = facts ?? ToolFacts(named: arguments)
        self.agent = agent
        self.earlierCalls = earlierCalls
        self.attemptedCalls = attemptedCalls ?? earlierCalls
        self.cost = cost
    }
}
