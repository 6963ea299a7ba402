package import Conversation

/// The body of a request of OpenAI's Responses API.
///
/// The server stores nothing: the whole conversation is in the request, and what only the server understands of its
/// answers is encrypted in them.
package struct ResponsesRequest: Sendable, Hashable {
    /// The model's id at the server.
    package var modelID: String

    /// What is asked: the conversation, the tools on offer and the settings.
    package var content: ModelRequest

    /// Whether the answer is wanted as a stream.
    package var isStreaming: Bool

    /// Whether the model's reasoning is wanted, encrypted, to be sent back with the outputs of its calls.
    package var includesReasoning = true

    /// Whether a stream is to come without the random characters that hide the length of its pieces.
    package var omitsObfuscation = true

    /// How an answer is asked for that fits the content's schema.
    package var structuredOutput = StructuredOutput.schema

    /// What the model's document adds to the body and leaves out of it.
    package var changes = RequestChanges()

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
}
