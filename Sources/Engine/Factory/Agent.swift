package import JSON
package import JSONSchema
package import Models
package import Orchestration
package import Safety
package import Tools

/// An agent, built from rows and ready to run turns; immutable, shared by all turns of its version.
///
/// A chain is one, too, for everything but its turns: it has tools and a policy, and instead of a model its nodes.
package struct Agent: Sendable {
    /// The name.
    package let name: String
    /// The version, from 1.
    package let version: Int
    /// The version's id.
    package let versionID: Int64
    /// The epoch of the definitions that it was built at.
    package let epoch: Int64
    /// Limits and sampling.
    package var settings: AgentSettings
    /// The first message to the model.
    package let systemPrompt: String
    /// The same, with what the model has to know of the marks around tools' outputs.
    let instructions: String
    /// Whether tools' outputs are marked as data.
    let marksOutputs: Bool
    /// The model's row.
    package let model: Model
    /// Speaks to the model.
    package let provider: any ModelProvider
    /// Knows how many tokens a text has for the model; shared by all agents of the model's version.
    let tokens: TokenEstimator
    /// The models that are asked when it fails, in order.
    var fallbacks: [AgentModel] = []
    /// Which servers of models are not asked for now; shared by all agents of the process.
    var endpoints = EndpointBook(store: nil)
    /// Finds and runs the tools.
    package var tools: ToolRouter
    /// The implementation that each tool's row names, by the tool's name.
    package var toolImplementations: [String: String]
    /// The tools whose outputs come from inside: what is read from those of others is not trusted.
    package var insideTools: [String] = []
    /// Says of every call whether it may run.
    package let policy: any CallPolicy
    /// Inspect what goes in and out; nil if it names none.
    package let guardrails: GuardrailSet?
    /// The version's id of each tool, by name.
    package let toolVersions: [String: Int64]
    /// What structured input must fit; nil for plain text.
    package let inputSchema: JSONSchema?
    /// What a reply must fit; nil for plain text.
    package let outputSchema: JSONSchema?
    /// The output schema as the provider is given it.
    package let outputSchemaDocument: JSONValue?
    /// What a chain runs; nil of an agent that asks a model.
    package var chain: RunnableChain?
    /// The handoff that it is, or that it answers in; nil of any other agent.
    package var handoff: HandoffChain?
    /// The version of the handoff that it answers for, whether it may hand over or not.
    package var chainVersionID: Int64?
}
