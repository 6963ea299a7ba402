import Conversation
internal import JSON
import Safety
import Tools

/// What a turn has called so far, as a policy counts it.
struct CallHistory: Sendable {
    private let agent: Agent
    private let before: [(tool: String, succeeded: Bool)]
    private let cost: Double

    /// The history of a turn.
    ///
    /// A tool's output, which others may have written, has no say in what counts.
    ///
    /// - Parameters:
    ///   - calls: The calls of this attempt and those that the one before it left open.
    ///   - cost: What the turn's model calls have cost in USD.
    init(turn: TurnEnvironment, calls: [ToolCallRecord], cost: Double) {
        agent = turn.agent
        self.cost = cost
        let earlier = turn.claim.progress?.earlierCalls ?? []
        let called =
            earlier.map { ($0.tool, $0.state) }
            + calls.filter { $0.state != .planned }.map { ($0.request.name, $0.state) }
        before = called.filter { $0.1 != .denied }.map { ($0.0, $0.1 == .succeeded) }
    }

    /// A call as a policy decides about it.
    ///
    /// - Parameters:
    ///   - call: The call.
    ///   - besides: The tools of calls before it in the same answer that are to run.
    func proposal(of call: ToolCallRecord, besides: [String]) -> ProposedCall {
        let arguments = (try? JSONValue(parsing: call.request.arguments)) ?? .null
        return ProposedCall(
            tool: call.request.name,
            implementation: agent.toolImplementations[call.request.name],
            effect: call.effect,
            arguments: arguments,
            facts: agent.tools.tool(named: call.request.name)?.facts(of: arguments),
            agent: agent.name,
            earlierCalls: before.filter(\.succeeded).map(\.tool),
            attemptedCalls: before.map(\.tool) + besides,
            cost: cost
        )
    }

    /// A call that another one makes, such as a step of a pipeline.
    func proposal(of tool: any Tool, with arguments: JSONValue) -> ProposedCall {
        let name = tool.specification.name
        return ProposedCall(
            tool: name,
            implementation: agent.toolImplementations[name],
            effect: tool.effect,
            arguments: arguments,
            facts: tool.facts(of: arguments),
            agent: agent.name,
            earlierCalls: before.filter(\.succeeded).map(\.tool),
            attemptedCalls: before.map(\.tool),
            cost: cost
        )
    }
}
