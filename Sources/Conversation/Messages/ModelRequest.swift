public import JSON

/// What is asked of a model: the whole conversation, the tools on offer and the settings.
///
/// A setting that is nil is left to the server.
public struct ModelRequest: Sendable, Hashable {
    /// The conversation, oldest message first.
    public var messages: [ChatMessage]

    /// The tools that the model may call, in a stable order (prompt caches depend on it).
    public var tools: [ToolSpecification]

    /// Randomness, usually 0 to 2.
    public var temperature: Double?

    /// The share of probability mass to sample from, 0 to 1.
    public var topP: Double?

    /// How much to disfavour words that occurred at all, -2 to 2.
    public var presencePenalty: Double?

    /// How much to disfavour words the more often they occurred, -2 to 2.
    public var frequencyPenalty: Double?

    /// The most tokens that the answer may have.
    public var maximumOutputTokens: Int?

    /// A JSON Schema that the answer's text should fit.
    ///
    /// The server is asked for it; whether the answer fits is for the caller to check.
    public var outputSchema: JSONValue?

    /// Texts at which the answer ends, where the server knows such.
    package var stop: [String] = []

    /// The call that was made directly before, in the same turn; nil if there is none.
    package var lastCall: ToolCallRequest?

    /// How the turn's calls ended, by their ids; for providers that run plans, empty for all others.
    package var outcomes: [String: CallOutcome] = [:]

    /// How a call ended.
    package struct CallOutcome: Sendable, Hashable {
        package var isError: Bool
        /// The class of the error.
        package var code: String?

        package init(isError: Bool, code: String?) {
            (self.isError, self.code) = (isError, code)
        }
    }

    /// A request.
    ///
    /// - Parameters:
    ///   - messages: The conversation, oldest message first.
    ///   - tools: The tools that the model may call.
    ///   - temperature: Randomness.
    ///   - topP: The share of probability mass to sample from.
    ///   - presencePenalty: How much to disfavour words that occurred at all.
    ///   - frequencyPenalty: How much to disfavour words that occurred often.
    ///   - maximumOutputTokens: The most tokens that the answer may have.
    ///   - outputSchema: A JSON Schema that the answer's text should fit.
    public init(
        messages: [ChatMessage],
        tools: [ToolSpecification] = [],
        temperature: Double? = nil,
        topP: Double? = nil,
        presencePenalty: Double? = nil,
        frequencyPenalty: Double? = nil,
        maximumOutputTokens: Int? = nil,
        outputSchema: JSONValue? = nil
    ) {
        self.messages = messages
        self.tools = tools
        self.temperature = temperature
        self.topP = topP
        self.presencePenalty = presencePenalty
        self.frequencyPenalty = frequencyPenalty
        self.maximumOutputTokens = maximumOutputTokens
        self.outputSchema = outputSchema
    }
}
