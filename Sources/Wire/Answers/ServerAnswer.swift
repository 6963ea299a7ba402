package import Conversation

/// A whole answer, as a client has read it.
package struct ServerAnswer: Sendable, Hashable {
    /// The answer, with the tool calls it asks for.
    package let message: ChatMessage

    /// Why the model stopped.
    package let finishReason: FinishReason

    /// The tokens that the call used; nil if the server did not say.
    package let usage: TokenUsage?

    /// The model that answered, as the server names it; nil if it does not say.
    package let modelID: String?

    /// An answer.
    ///
    /// - Parameters:
    ///   - message: The answer, with the tool calls it asks for.
    ///   - finishReason: Why the model stopped.
    ///   - usage: The tokens that the call used.
    ///   - modelID: The model that answered, as the server names it.
    package init(message: ChatMessage, finishReason: FinishReason, usage: TokenUsage? = nil, modelID: String? = nil) {
        self.message = message
        self.finishReason = finishReason
        self.usage = usage
        self.modelID = modelID
    }
}
