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
        maximumIterations = 15
        historyLimit = 100
        compactAt = 0.8
        outputRetries = 2
        timeout = .seconds(300)
        maximumChainDepth = 3
        chainStrategy = document["chain_strategy"]?.stringValue ?? "sequential"
        take(numbersOf: document)
    }

    /// The settings with those numbers that a document of the same fields has; the others stay.
    ///
    /// - Parameter document: What `agentctl.set` has changed for a conversation.
    func changed(by document: JSONValue) -> AgentSettings {
        var settings = self
        settings.take(numbersOf: document)
        return settings
    }

    private mutating func take(numbersOf document: JSONValue) {
        func integer(_ name: String) -> Int? { document[name]?.integerValue.map(Int.init) }
        temperature = document["temperature"]?.numberValue ?? temperature
        topP = document["top_p"]?.numberValue ?? topP
        presencePenalty = document["presence_penalty"]?.numberValue ?? presencePenalty
        frequencyPenalty = document["frequency_penalty"]?.numberValue ?? frequencyPenalty
        maximumOutputTokens = integer("max_output_tokens") ?? maximumOutputTokens
        maximumIterations = integer("max_iterations") ?? maximumIterations
        maximumTurnTokens = integer("max_turn_tokens") ?? maximumTurnTokens
        historyLimit = integer("history_limit") ?? historyLimit
        compactAt = document["compact_at"]?.numberValue ?? compactAt
        outputRetries = integer("output_retries") ?? outputRetries
        timeout = document["timeout"]?.numberValue.map { .seconds($0) } ?? timeout
        maximumChainDepth = integer("max_chain_depth") ?? maximumChainDepth
    }
}
