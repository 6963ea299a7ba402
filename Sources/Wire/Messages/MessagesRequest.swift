package import Conversation
package import JSON

/// The body of a request of Anthropic's Messages API.
package struct MessagesRequest: Sendable, Hashable {
    /// The most tokens of an answer where nobody says: the API demands a number, and every model accepts this one.
    package static let usualOutputLimit = 4_096

    /// The model's id at the server.
    package var modelID: String

    /// What is asked: the conversation, the tools on offer and the settings.
    package var content: ModelRequest

    /// Whether the answer is wanted as a stream.
    package var isStreaming: Bool

    /// How an answer is asked for that fits the content's schema; anything but the schema itself is not asked for.
    package var structuredOutput = StructuredOutput.schema

    /// What the model's document adds to the body and leaves out of it.
    package var changes = RequestChanges()

    /// What the model has answered so far, if it paused: it continues when it is sent that back.
    package var continuedBlocks: [JSONValue] = []

    /// A request.
    ///
    /// - Parameters:
    ///   - modelID: The model's id at the server.
    ///   - content: What is asked.
    ///   - isStreaming: Whether the answer is wanted as a stream.
    package init(modelID: String, content: ModelRequest, isStreaming: Bool = true) {
        self.modelID = modelID
        self.content = content
        self.isStreaming = isStreaming
    }

    /// The most tokens that the answer may have, more than the model may think: the agent's limit, or else the model's.
    package var maximumOutputTokens: Int {
        let ofModel = changes.options["max_tokens"]?.integerValue.flatMap(Int.init(exactly:))
        let limit = content.maximumOutputTokens ?? ofModel ?? Self.usualOutputLimit
        guard let thinking = changes.options["thinking"]?["budget_tokens"]?.integerValue.flatMap(Int.init(exactly:))
        else { return limit }
        return limit > thinking ? limit : limit.addingReportingOverflow(max(0, thinking)).partialValue
    }
}
