import Conversation
internal import JSON

extension TokenUsage {
    /// A rough count for a request and its answer: one token for every four bytes of text, rounded up.
    ///
    /// It is used where nothing better is known; four bytes a token is a common average of English text.
    static func estimate(request: ModelRequest, answer: ChatMessage) -> TokenUsage {
        let messages = request.messages.reduce(0) { $0 + $1.byteCount }
        let tools = request.tools.reduce(0) { sum, tool in
            sum + tool.name.utf8.count + tool.description.utf8.count + tool.inputSchema.string.utf8.count
        }
        return TokenUsage(input: (messages + tools + 3) / 4, output: (answer.byteCount + 3) / 4, isEstimated: true)
    }
}

extension ChatMessage {
    /// The bytes of the text that a model reads or writes for this message.
    fileprivate var byteCount: Int {
        toolCalls.reduce(content.utf8.count) { $0 + $1.name.utf8.count + $1.arguments.utf8.count }
    }
}
