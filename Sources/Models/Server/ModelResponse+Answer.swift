internal import Conversation
internal import Definitions
internal import Wire

extension ModelResponse {
    /// What a server answered; its usage is estimated if the server did not say.
    ///
    /// - Parameters:
    ///   - answer: The answer.
    ///   - request: What was asked.
    ///   - sent: The messages as they were sent.
    ///   - origin: The model and server that answered.
    ///   - timeToFirstToken: From sending the request to the first piece of the answer.
    init(
        _ answer: ServerAnswer,
        to request: ModelRequest,
        sent: [ChatMessage] = [],
        from origin: String? = nil,
        timeToFirstToken: Duration? = nil
    ) {
        var calls = answer.message.toolCalls
        for index in calls.indices {
            calls[index].native = calls[index].native ?? NativeCall()
            calls[index].native?.origin = origin
        }
        // Only what came beside the calls is bound to what was sent before it.
        if answer.message.hasNatives { calls[0].native?.prefix = PromptDigest.text(of: sent) }
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
    /// Identifies a model at a server, asked by an account: what one account was sent encrypted, another may not read.
    ///
    /// Only this model gets back what it has sent beside its calls.
    var origin: String {
        let key = apiKeyEnvironmentVariable ?? sharedEndpoint?.apiKeyFile ?? ""
        let parts = [provider, baseURL ?? "", modelID, key]
        return String(SHA256.hexadecimal(of: Array(parts.joined(separator: "\n").utf8)).prefix(16))
    }
}
