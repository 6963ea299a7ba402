public import JSON
public import JSONSchema

/// An agent, built from rows and ready to run turns; immutable, shared by all turns of its version.
public struct Agent: Sendable {
    /// The name.
    public let name: String
    /// The version, from 1.
    public let version: Int
    /// The version's id.
    public let versionID: Int64
    /// The epoch of the definitions that it was built at.
    public let epoch: Int64
    /// Limits and sampling.
    public internal(set) var settings: AgentSettings
    /// The first message to the model.
    public let systemPrompt: String
    /// The same, with what the model has to know of the marks around tools' outputs.
    let instructions: String
    /// Whether tools' outputs are marked as data.
    let marksOutputs: Bool
    /// The model's row.
    public let model: Model
    /// Speaks to the model.
    public let provider: any ModelProvider
    /// Knows how many tokens a text has for the model; shared by all agents of the model's version.
    let tokens: TokenEstimator
    /// Finds and runs the tools.
    public let tools: ToolRouter
    /// The implementation that each tool's row names, by the tool's name.
    public let toolImplementations: [String: String]
    /// Says of every call whether it may run.
    public let policy: any CallPolicy
    /// Inspect what goes in and out; nil if it names none.
    public let guardrails: GuardrailSet?
    /// The version's id of each tool, by name.
    public let toolVersions: [String: Int64]
    /// What structured input must fit; nil for plain text.
    public let inputSchema: JSONSchema?
    /// What a reply must fit; nil for plain text.
    public let outputSchema: JSONSchema?
    /// The output schema as the provider is given it.
    public let outputSchemaDocument: JSONValue?
}
