package import Conversation
internal import JSON
package import Wire

extension MessagesRequest {
    /// The request as a model's server wants it; the answer is to be streamed.
    ///
    /// - Parameters:
    ///   - request: What is asked.
    ///   - model: The model.
    ///   - origin: What identifies the model at its server, where that is known already.
    ///   - hasNatives: Whether what the server sent beside its calls goes back.
    package init(_ request: ModelRequest, to model: Model, origin: String? = nil, hasNatives: Bool = true) {
        var request = request
        let history = ReplayedHistory(for: origin ?? model.origin, rules: .contentItems, hasNatives: hasNatives)
        request.messages = history.messages(request.messages)
        self.init(modelID: model.modelID, content: request)
        structuredOutput = model.structuredOutput
        changes = model.changes
        // The outputs of calls before which it has not thought, such as another model's, a thinking model does not accept.
        if changes.options["thinking"]?["type"] == "enabled", content.messages.isRoundWithoutThoughts {
            changes.omittedMembers.insert("thinking")
        }
    }
}

extension [ChatMessage] {
    /// Whether the last messages are the outputs of calls that came without the model's thoughts, and perhaps what the user
    /// said after them.
    fileprivate var isRoundWithoutThoughts: Bool {
        guard last(where: { $0.role != .user })?.role == .tool, let answer = last(where: { $0.role == .assistant })
        else { return false }
        let first = answer.toolCalls.first?.native?.message["content"]?[0]?["type"]
        return first != "thinking" && first != "redacted_thinking"
    }
}
