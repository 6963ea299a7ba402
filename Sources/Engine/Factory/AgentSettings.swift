import Definitions
package import JSON

/// An agent's limits and sampling settings, with the field names of its document.
package struct AgentSettings: Sendable, Hashable {
    /// What it is for.
    package var description: String
    /// What it can be asked for.
    package var capabilities: [String]
    /// Sampling temperature; nil leaves it to the model.
    package var temperature: Double?
    /// Nucleus sampling; nil leaves it to the model.
    package var topP: Double?
    /// Penalty for tokens that were used at all; nil leaves it to the model.
    package var presencePenalty: Double?
    /// Penalty for tokens by how often they were used; nil leaves it to the model.
    package var frequencyPenalty: Double?
    /// Most tokens of one answer; nil leaves it to the model.
    package var maximumOutputTokens: Int?
    /// Most model calls in a turn.
    package var maximumIterations: Int
    /// Most input and output tokens of a turn together; nil for no limit.
    package var maximumTurnTokens: Int?
    /// Most earlier messages that the model is shown.
    package var historyLimit: Int
    /// Share of the model's context window from which on a turn begins with a summary of the oldest messages.
    package var compactAt: Double
    /// Times that a reply which does not fit the output schema is sent back.
    package var outputRetries: Int
    /// How long a turn may take.
    package var timeout: Duration
    /// How deep it may hand on to other agents.
    package var maximumChainDepth: Int
    /// How agents after it are run.
    package var chainStrategy: String
    /// What it remembers and is shown; nil: nothing is read, written or paid.
    package var memory: MemorySettings?
    /// Names of the blocks that it always has before it.
    package var blocks: [String]

    /// Reads the settings from an agent's document; members that are missing have their defaults.
    ///
    /// - Parameter document: The document as `register` stored it: its types and ranges have been checked.
    package init(document: JSONValue) {
        let defaults = FieldDefaults(of: "agent")
        description = document["description"]?.stringValue ?? defaults.text("description")
        capabilities = document["capabilities"]?.arrayValue?.compactMap(\.stringValue) ?? defaults.texts("capabilities")
        maximumIterations = defaults.integer("max_iterations")
        historyLimit = defaults.integer("history_limit")
        compactAt = defaults.number("compact_at")
        outputRetries = defaults.integer("output_retries")
        timeout = defaults.seconds("timeout")
        maximumChainDepth = defaults.integer("max_chain_depth")
        chainStrategy = document["chain_strategy"]?.stringValue ?? defaults.text("chain_strategy")
        memory = document["memory"].map(MemorySettings.init(field:))
        blocks = document["memory"]?["blocks"]?.arrayValue?.compactMap(\.stringValue) ?? []
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
        timeout = document["timeout"]?.secondsValue ?? timeout
        maximumChainDepth = integer("max_chain_depth") ?? maximumChainDepth
    }
}
