@testable import Conversation
@testable import Engine

extension HistoryGenerator {
    /// A history as no engine should write it: outputs that are missing, come twice, late, or answer nothing.
    mutating func history(upTo count: Int) -> [ChatMessage] {
        var messages: [ChatMessage] = []
        for _ in 0..<Int.random(in: 0...count, using: &self) {
            switch Int.random(in: 0..<10, using: &self) {
            case 0..<3: messages.append(.user(text(upTo: 40)))
            case 3..<5: messages.append(.assistant(text(upTo: 40)))
            case 5..<8: messages += round()
            case 8: messages.append(output(for: "c\(Int.random(in: 0..<4, using: &self))"))
            default: messages.append(ChatMessage(role: .system, content: text(upTo: 10)))
            }
        }
        return messages
    }

    /// A turn as it may stand when the model is asked: the user's message, then rounds.
    mutating func turn(upTo rounds: Int) -> [ChatMessage] {
        var messages: [ChatMessage] = [.user("go " + text(upTo: 60))]
        for _ in 0..<Int.random(in: 0...rounds, using: &self) { messages += round() }
        return messages
    }

    private mutating func round() -> [ChatMessage] {
        let calls = (0..<Int.random(in: 1...4, using: &self)).map { _ in
            ToolCallRequest(
                id: "c\(Int.random(in: 0..<4, using: &self))",
                name: "tool",
                arguments: text(upTo: 20)
            )
        }
        var messages: [ChatMessage] = [.assistant(text(upTo: 20), toolCalls: calls)]
        for call in calls.shuffled(using: &self) {
            if once(in: 6) { continue }
            if once(in: 8) { messages.append(.user(text(upTo: 10))) }
            messages.append(output(for: call.id))
            if once(in: 8) { messages.append(output(for: call.id)) }
        }
        return messages
    }

    private mutating func output(for id: String) -> ChatMessage {
        let text = once(in: 5) ? String(repeating: text(upTo: 30), count: 300) : text(upTo: 50)
        return ChatMessage(role: .tool, content: text, toolCallID: once(in: 30) ? nil : id)
    }
}

/// What is wrong with messages that a model is to be shown; nil if nothing.
func complaint(about messages: some Sequence<ChatMessage>) -> String? {
    var waiting: Set<String> = []
    var isFirst = true
    for message in messages {
        switch message.role {
        case .system where !isFirst: return "instructions in the middle"
        case .system: break
        case .tool:
            guard let id = message.toolCallID, waiting.remove(id) != nil else { return "an output without a call" }
        case .user, .assistant:
            guard waiting.isEmpty else { return "calls without outputs: \(waiting.sorted())" }
            waiting = Set(message.toolCalls.map(\.id))
            if waiting.count != message.toolCalls.count { return "two calls with one id" }
        }
        isFirst = false
    }
    return waiting.isEmpty ? nil : "calls without outputs at the end"
}
