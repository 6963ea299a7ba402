package import Conversation

/// A whole answer, as a client has read it.
package struct ChatCompletionAnswer: Sendable, Hashable {
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

/// Why what a server sent is no answer that can be used.
///
/// The texts repeat nothing of what was sent, except in ``ended(_:)`` and ``reported(_:)``.
package enum ChatCompletionAnswerError: Error, Sendable, Hashable {
    /// It is not what the protocol says.
    case malformed(String)

    /// It ends before the answer is complete.
    case truncated(String)

    /// It asks for more tool calls than are allowed.
    case tooLarge(String)

    /// It is whole and says nothing: it has neither text nor tool calls.
    case empty

    /// The server says that the answer ended before it was whole.
    case ended(ChatCompletionFailure)

    /// The server reports an error in place of the answer, or in the middle of it.
    case reported(ChatCompletionErrorReport)
}
