package import Conversation
package import Wire

extension ChatCompletionRequest {
    /// The request as a model's server wants it; the answer is to be streamed, with its usage.
    ///
    /// - Parameters:
    ///   - request: What is asked.
    ///   - model: The model.
    ///   - hasNatives: Whether what the server sent beside its calls goes back.
    package init(_ request: ModelRequest, to model: Model, hasNatives: Bool = true) {
        var request = request
        request.messages = ReplayedHistory(for: model.origin, hasNatives: hasNatives).messages(request.messages)
        self.init(modelID: model.modelID, content: request, outputLimitMember: model.outputLimitMember)
        structuredOutput = model.structuredOutput
        changes = model.changes
    }
}
