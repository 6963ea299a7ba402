internal import Conversation
internal import Wire

extension ChatCompletionRequest {
    /// The request as a model's server wants it; the answer is to be streamed, with its usage.
    init(_ request: ModelRequest, to model: Model) {
        self.init(modelID: model.modelID, content: request, outputLimitMember: model.outputLimitMember)
    }
}

extension ModelResponse {
    /// What a server answered; its usage is estimated if the server did not say.
    init(_ answer: ChatCompletionAnswer, to request: ModelRequest, timeToFirstToken: Duration? = nil) {
        self.init(
            message: answer.message,
            finishReason: answer.finishReason,
            usage: answer.usage ?? .estimate(request: request, answer: answer.message),
            timeToFirstToken: timeToFirstToken,
            modelID: answer.modelID
        )
    }
}
