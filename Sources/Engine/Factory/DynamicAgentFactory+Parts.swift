import Definitions
import JSON
import Models
import Store
import Tools

// What is read from the rows of an agent alone.
extension DynamicAgentFactory {
    /// Refuses a tool that is named like the action by which a model ends that writes its calls.
    static func refuseFinish(
        among tools: ToolRouter,
        of providers: [any ModelProvider],
        in parts: AgentParts
    ) throws(AgentError) {
        guard tools.entries[ReactProvider.finish] != nil, providers.contains(where: { $0 is ReactProvider })
        else { return }
        throw AgentError(
            .invalid,
            "agent \"\(parts.agent.name)\": a tool is named \"\(ReactProvider.finish)\", which is how a model that is asked "
                + "by react ends; give the tool another name"
        )
    }

    /// A model as its row has it, at the endpoint that it names.
    static func model(of row: Definition, in parts: AgentParts) throws(ModelError) -> Model {
        try Model(
            name: row.name,
            versionID: row.versionID,
            document: row.document,
            endpoints: Dictionary(parts.endpoints.map { ($0.name, $0.document) }) { first, _ in first }
        )
    }

    /// The tools whose outputs come from inside, as their rows say, or else their implementations.
    static func insideTools(of parts: AgentParts) -> [String] {
        parts.tools.filter { part in
            if let trust = part.document["output_trust"]?.stringValue { return trust == "internal" }
            return ToolMemory.insideImplementations.contains(part.document["implementation"]?.stringValue ?? "")
        }.map(\.name).sorted()
    }

    /// The versions of its tools and functions, by name.
    static func versions(of parts: AgentParts) -> [String: Int64] {
        Dictionary((parts.tools + parts.functions).map { ($0.name, $0.versionID) }) { first, _ in first }
    }
}
