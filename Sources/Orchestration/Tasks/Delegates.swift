package import Definitions
internal import JSON

/// Whom an agent may delegate to, as its rows say.
package struct Delegates: Sendable, Hashable {
    /// Another agent that it may name.
    package struct Candidate: Sendable, Hashable {
        package let name: String
        /// What it is for; may be empty.
        package let description: String

        package init(name: String, description: String) {
            (self.name, self.description) = (name, description)
        }
    }

    /// The agents that it may name, in the order of its document.
    package let agents: [Candidate]
    /// The capabilities by which it may have an agent chosen.
    package let capabilities: [String]
    /// Whether the tasks of one call run one after the other.
    package let isSequential: Bool

    package init(agents: [Candidate], capabilities: [String] = [], isSequential: Bool = false) {
        (self.agents, self.capabilities, self.isSequential) = (agents, capabilities, isSequential)
    }

    /// Reads them; nil when the agent may not delegate.
    ///
    /// - Parameter parts: What the agent is built from.
    package init?(of parts: AgentParts) {
        let document = parts.agent.document
        let names = document["delegates"]?.arrayValue?.compactMap(\.stringValue) ?? []
        let capabilities = document["delegate_capabilities"]?.arrayValue?.compactMap(\.stringValue) ?? []
        guard !names.isEmpty || !capabilities.isEmpty else { return nil }
        self.init(
            agents: names.map { name in
                let part = parts.delegates.first { $0.name == name }
                return Candidate(name: name, description: part?.document["description"]?.stringValue ?? "")
            },
            capabilities: capabilities,
            isSequential: document["chain_strategy"]?.stringValue == "sequential"
        )
    }
}
