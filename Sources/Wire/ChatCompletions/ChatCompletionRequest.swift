package import Conversation

/// The body of a Chat Completions request.
package struct ChatCompletionRequest: Sendable, Hashable {
    /// The member that carries ``ModelRequest/maximumOutputTokens``.
    package enum OutputLimitMember: String, Sendable, Hashable, CaseIterable {
        /// `max_tokens`, which most servers know.
        case maximumTokens = "max_tokens"
        /// `max_completion_tokens`, which some hosted reasoning models demand.
        case maximumCompletionTokens = "max_completion_tokens"
    }

    /// The model's id at the server.
    package var modelID: String

    /// What is asked: the conversation, the tools on offer and the settings.
    package var content: ModelRequest

    /// The member that limits the output.
    package var outputLimitMember: OutputLimitMember

    /// Whether the answer is wanted as a stream.
    package var isStreaming: Bool

    /// Whether a stream is to end with the usage.
    package var includesUsage: Bool

    /// How an answer is asked for that fits the content's schema.
    package var structuredOutput = StructuredOutput.schema

    /// What the model's document adds to the body and leaves out of it.
    package var changes = RequestChanges()

    /// A request.
    ///
    /// - Parameters:
    ///   - modelID: The model's id at the server.
    ///   - content: What is asked.
    ///   - outputLimitMember: The member that limits the output.
    ///   - isStreaming: Whether the answer is wanted as a stream.
    ///   - includesUsage: Whether a stream is to end with the usage.
    package init(
        modelID: String,
        content: ModelRequest,
        outputLimitMember: OutputLimitMember = .maximumTokens,
        isStreaming: Bool = true,
        includesUsage: Bool = true
    ) {
        self.modelID = modelID
        self.content = content
        self.outputLimitMember = outputLimitMember
        self.isStreaming = isStreaming
        self.includesUsage = includesUsage
    }
}
