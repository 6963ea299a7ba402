package import Conversation
internal import Definitions
package import Wire

extension ChatCompletionRequest {
    /// The request as a model's server wants it; the answer is to be streamed, with its usage.
    package init(_ request: ModelRequest, to model: Model) {
        var request = request
        request.messages = ReplayedHistory(for: model.origin).messages(request.messages)
        self.init(modelID: model.modelID, content: request, outputLimitMember: model.outputLimitMember)
        structuredOutput = model.structuredOutput
        options = model.options
        omittedMembers = model.omittedMembers
    }
}

extension ModelResponse {
    /// What a server answered; its usage is estimated if the server did not say.
    ///
    /// - Parameters:
    ///   - answer: The answer.
    ///   - request: What was asked.
    ///   - origin: The model and server that answered.
    ///   - timeToFirstToken: From sending the request to the first piece of the answer.
    init(
        _ answer: ChatCompletionAnswer,
        to request: ModelRequest,
        from origin: String? = nil,
        timeToFirstToken: Duration? = nil
    ) {
        let calls = answer.message.toolCalls.map { call in
            var call = call
            call.native = call.native ?? NativeCall()
            call.native?.origin = origin
            return call
        }
        self.init(
            message: .assistant(answer.message.content, toolCalls: calls),
            finishReason: answer.finishReason,
            usage: answer.usage ?? .estimate(request: request, answer: answer.message),
            timeToFirstToken: timeToFirstToken,
            modelID: answer.modelID
        )
    }
}

extension Model {
    /// Identifies a model at a server.
    ///
    /// Only this model gets back what it has sent beside its calls.
    var origin: String {
        String(SHA256.hexadecimal(of: Array("\(provider)\n\(baseURL ?? "")\n\(modelID)".utf8)).prefix(16))
    }
}
