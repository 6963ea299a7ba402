public import Conversation

/// A model's whole answer.
public struct ModelResponse: Sendable, Hashable {
    /// The answer, with the tool calls it asks for.
    public var message: ChatMessage

    /// Why the model stopped.
    public var finishReason: FinishReason

    /// The tokens that the call used.
    public var usage: TokenUsage

    /// The time from sending the request to the first piece of text or the first tool call; nil if there was none.
    public var timeToFirstToken: Duration?

    /// The model that answered, as the server names it; nil if it does not say.
    public var modelID: String?

    /// Why the answer cannot be used, to the model, which is to answer again; nil if it can.
    ///
    /// Only models have such that write their calls as text.
    package var complaint: String?

    /// An answer.
    ///
    /// - Parameters:
    ///   - message: The answer, with the tool calls it asks for.
    ///   - finishReason: Why the model stopped.
    ///   - usage: The tokens that the call used.
    ///   - timeToFirstToken: The time from sending the request to the first piece of the answer.
    ///   - modelID: The model that answered, as the server names it.
    public init(
        message: ChatMessage,
        finishReason: FinishReason,
        usage: TokenUsage,
        timeToFirstToken: Duration? = nil,
        modelID: String? = nil
    ) {
        self.message = message
        self.finishReason = finishReason
        self.usage = usage
        self.timeToFirstToken = timeToFirstToken
        self.modelID = modelID
    }
}
