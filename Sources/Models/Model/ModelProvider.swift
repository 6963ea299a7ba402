public import Conversation

/// A way to ask a model: one per model version, used by many turns at once.
public protocol ModelProvider: Sendable {
    /// Whether a language model answers; false for rules, which can neither be misled by a text nor summarize one.
    ///
    /// Default: true.
    var isLanguageModel: Bool { get }

    /// Asks the model and waits for its whole answer.
    ///
    /// Cancelling the calling task ends the call at the server too.
    ///
    /// - Parameters:
    ///   - request: The conversation, the tools on offer and the settings.
    ///   - onDelta: Receives each piece of the answer as it arrives, in order, before this function returns. It must not
    ///     block. What it was told is void if this function throws.
    /// - Returns: The whole answer.
    /// - Throws: ``ModelError`` for whatever goes wrong; ``ModelError/Code/cancelled`` if the task is cancelled.
    func respond(
        to request: ModelRequest,
        onDelta: @escaping @Sendable (ModelDelta) -> Void
    ) async throws(ModelError) -> ModelResponse
}

extension ModelProvider {
    /// A language model answers.
    public var isLanguageModel: Bool { true }

    /// Asks the model and waits for its whole answer, without looking at the pieces.
    ///
    /// - Parameter request: The conversation, the tools on offer and the settings.
    /// - Returns: The whole answer.
    /// - Throws: ``ModelError`` for whatever goes wrong.
    package func respond(to request: ModelRequest) async throws(ModelError) -> ModelResponse {
        try await respond(to: request, onDelta: { _ in })
    }
}
