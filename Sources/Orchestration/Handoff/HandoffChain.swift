package import Conversation
package import Definitions
internal import JSON

/// Agents that answer a conversation one after the other, each handing it over to the next.
package struct HandoffChain: Sendable, Hashable {
    /// The chain's name.
    package let name: String
    /// The id of its version.
    package let versionID: Int64
    /// Most handoffs in a turn.
    package let maximumHandoffs: Int
    /// Whether the conversation stays with the agent that it was handed over to.
    package let isSticky: Bool

    private let start: String
    /// Whom each agent may hand over to.
    private let ways: [String: [Delegates.Candidate]]

    /// Reads a chain; nil when its strategy is another one.
    ///
    /// - Parameter parts: What the chain is built from.
    package init?(of parts: AgentParts) {
        let document = parts.agent.document
        guard document["strategy"] == "handoff", document["from"] == nil, let start = document["start"]?.stringValue
        else { return nil }
        name = parts.agent.name
        versionID = parts.agent.versionID
        self.start = start
        isSticky = document["sticky"]?.boolValue ?? false
        maximumHandoffs = Int(document["max_handoffs"]?.integerValue ?? 5)
        var ways: [String: [Delegates.Candidate]] = [:]
        for way in document["to"]?.objectValue ?? [:] {
            ways[way.key] = (way.value.arrayValue ?? [way.value]).compactMap(\.stringValue).map { name in
                let part = parts.delegates.first { $0.name == name }
                return Delegates.Candidate(
                    name: name,
                    description: part?.document["description"]?.stringValue ?? ""
                )
            }
        }
        self.ways = ways
    }

    /// The agent that answers now: whom the turn, or with a sticky chain the conversation, was handed over to.
    ///
    /// - Parameter claim: The turn's claim.
    package func present(in claim: ClaimedSubmission) -> String {
        let known = [claim.progress?.agent, isSticky ? claim.settings?["handed_to"]?.stringValue : nil]
        return known.compactMap { $0 }.first { isMember($0) } ?? start
    }

    /// Whether the turn may be handed over once more.
    ///
    /// - Parameter claim: The turn's claim.
    package func mayHandOver(in claim: ClaimedSubmission) -> Bool {
        let done = claim.progress?.earlierCalls.count { $0.tool == HandoffTool.name && $0.state == .succeeded } ?? 0
        return done < maximumHandoffs
    }

    /// The tool by which an agent hands over; nil when it may not.
    package func tool(for agent: String) -> HandoffTool? {
        ways[agent].flatMap { $0.isEmpty ? nil : HandoffTool(candidates: $0) }
    }

    private func isMember(_ agent: String) -> Bool {
        agent == start || ways[agent] != nil || ways.values.contains { $0.contains { $0.name == agent } }
    }
}
