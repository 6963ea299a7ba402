package import Conversation
package import Wire

extension ChatCompletionRequest {
    /// The request as a model's server wants it; the answer is to be streamed, with its usage.
    ///
    /// - Parameters:
    ///   - request: What is asked.
    ///   - model: The model.
    ///   - origin: What identifies the model at its server, where that is known already.
    ///   - hasNatives: Whether what the server sent beside its calls goes back.
    package init(_ request: ModelRequest, to model: Model, origin: String? = nil, hasNatives: Bool = true) {
        var request = request
        let history = ReplayedHistory(for: origin ?? model.origin, hasNatives: hasNatives)
        request.messages = history.messages(request.messages)
        self.init(modelID: model.modelID, content: request, outputLimitMember: model.outputLimitMember)
        structuredOutput = model.structuredOutput
        changes = model.changes
    }
}
