/// Chooses which earlier messages the model is shown.
///
/// The cost of a message must not grow with the age of its conversation, so what is shown is bounded twice: by the
/// agent's `history_limit`, and by the model's context window, of which three quarters may be history. What is left
/// always begins with a user's message: a tool's result without the call that it answers is an error to every provider.
struct ContextWindow: Sendable {
    /// Most messages.
    let messageLimit: Int
    /// Most bytes of text; nil for no limit.
    let byteLimit: Int?

    /// A token is about four bytes of English; counting tokens exactly is the business of a later stage.
    static let bytesPerToken = 4

    /// A window.
    ///
    /// - Parameters:
    ///   - messageLimit: Most messages.
    ///   - contextWindow: The model's context window in tokens; nil if unknown.
    init(messageLimit: Int, contextWindow: Int?) {
        self.messageLimit = messageLimit
        byteLimit = contextWindow.map { $0 * Self.bytesPerToken / 4 * 3 }
    }

    /// The newest messages that fit, oldest first.
    ///
    /// - Parameter history: The conversation so far, oldest first.
    func select(from history: [ChatMessage]) -> ArraySlice<ChatMessage> {
        var bytes = 0
        var start = history.endIndex
        while start > history.startIndex, history.endIndex - start < messageLimit {
            let message = history[start - 1]
            bytes += message.toolCalls.reduce(message.content.utf8.count) { $0 + $1.arguments.utf8.count }
            if let byteLimit, bytes > byteLimit { break }
            start -= 1
        }
        return history[start...].drop { $0.role != .user }
    }
}
