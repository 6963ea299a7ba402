public import JSON

/// An agent's limits and sampling settings, with the field names of its document.
public struct AgentSettings: Sendable, Hashable {
    /// What it is for.
    public var description: String
    /// What it can be asked for.
    public var capabilities: [String]
    /// Sampling temperature; nil leaves it to the model.
    public var temperature: Double?
    /// Nucleus sampling; nil leaves it to the model.
    public var topP: Double?
    /// Penalty for tokens that were used at all; nil leaves it to the model.
    public var presencePenalty: Double?
    /// Penalty for tokens by how often they were used; nil leaves it to the model.
    public var frequencyPenalty: Double?
    /// Most tokens of one answer; nil leaves it to the model.
    public var maximumOutputTokens: Int?
    /// Most model calls in a turn.
    ///
    /// Default: 15.
    public var maximumIterations: Int
    /// Most input and output tokens of a turn together; nil for no limit.
    public var maximumTurnTokens: Int?
    /// Most earlier messages that the model is shown.
    ///
    /// Default: 100.
    public var historyLimit: Int
    /// Share of the model's context window from which on a turn begins with a summary of the oldest messages.
    ///
    /// Default: 0.8.
    public var compactAt: Double
    /// Times that a reply which does not fit the output schema is sent back.
    ///
    /// Default: 2.
    public var outputRetries: Int
    /// How long a turn may take.
    ///
    /// Default: 300 seconds.
    public var timeout: Duration
    /// How deep it may hand on to other agents.
    ///
    /// Default: 3.
    public var maximumChainDepth: Int
    /// How agents after it are run.
    ///
    /// Default: `sequential`.
    public var chainStrategy: String

    /// Reads the settings from an agent's document; members that are missing have their defaults.
    ///
    /// - Parameter document: The document as `register` stored it: its types and ranges have been checked.
    public init(document: JSONValue) {
        description = document["description"]?.stringValue ?? ""
        capabilities = document["capabilities"]?.arrayValue?.compactMap(\.stringValue) ?? []
        temperature = document["temperature"]?.numberValue
        topP = document["top_p"]?.numberValue
        presencePenalty = document["presence_penalty"]?.numberValue
        frequencyPenalty = document["frequency_penalty"]?.numberValue
        maximumOutputTokens = document["max_output_tokens"]?.integerValue.map(Int.init)
        maximumIterations = document["max_iterations"]?.integerValue.map(Int.init) ?? 15
        maximumTurnTokens = document["max_turn_tokens"]?.integerValue.map(Int.init)
        historyLimit = document["history_limit"]?.integerValue.map(Int.init) ?? 100
        compactAt = document["compact_at"]?.numberValue ?? 0.8
        outputRetries = document["output_retries"]?.integerValue.map(Int.init) ?? 2
        timeout = .seconds(document["timeout"]?.numberValue ?? 300)
        maximumChainDepth = document["max_chain_depth"]?.integerValue.map(Int.init) ?? 3
        chainStrategy = document["chain_strategy"]?.stringValue ?? "sequential"
    }
}
