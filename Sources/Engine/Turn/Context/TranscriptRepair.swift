import Conversation

/// Brings messages into the form that every model accepts, whatever happened to them.
///
/// Each call of a tool has exactly one output, right after the message that asks for it: an output that is missing is made
/// up as failed, one that answers nothing and one that comes a second time are left out.
enum TranscriptRepair {
    /// The output of a call whose own is missing.
    static let missingOutput = "Error: The call was cut off; what came of it is not known."

    /// Puts messages in order.
    ///
    /// - Parameter messages: Messages, oldest first.
    /// - Returns: The same, without a copy, when they are in order.
    static func repaired(_ messages: ArraySlice<ChatMessage>) -> ArraySlice<ChatMessage> {
        isInOrder(messages) ? messages : rebuilt(messages)[...]
    }

    /// Whether each call has its output and each output its call.
    static func isInOrder(_ messages: ArraySlice<ChatMessage>) -> Bool {
        // The calls that wait for their outputs; few, so that searching a list is cheaper than a set.
        var waiting: [String] = []
        for message in messages {
            switch message.role {
            case .tool:
                guard let id = message.toolCallID, let index = waiting.firstIndex(of: id) else { return false }
                waiting.remove(at: index)
            case .system: return false
            case .user, .assistant:
                guard waiting.isEmpty else { return false }
                guard !message.toolCalls.isEmpty else { continue }
                guard message.role == .assistant, message.toolCalls.hasDistinctIDs else { return false }
                waiting = message.toolCalls.map(\.id)
            }
        }
        return waiting.isEmpty
    }

    /// A message with the outputs of its calls.
    private struct Unit {
        var message: ChatMessage
        var outputs: [ChatMessage?]
    }

    private static func rebuilt(_ messages: ArraySlice<ChatMessage>) -> [ChatMessage] {
        var units: [Unit] = []
        // Where the last answer with calls stands. Outputs are searched for until the model speaks again, as it cannot have
        // spoken without them; ids need not differ from those of earlier answers.
        var open: Int?
        for message in messages {
            switch message.role {
            case .system: continue
            case .user: units.append(Unit(message: message.withoutCalls, outputs: []))
            case .assistant:
                let message = message.withDistinctCalls
                open = message.toolCalls.isEmpty ? nil : units.count
                units.append(Unit(message: message, outputs: message.toolCalls.map { _ in nil }))
            case .tool:
                guard let open, let id = message.toolCallID,
                    let call = units[open].message.toolCalls.firstIndex(where: { $0.id == id }),
                    units[open].outputs[call] == nil
                else { continue }
                units[open].outputs[call] = message
            }
        }
        return units.flatMap { unit in
            [unit.message]
                + zip(unit.message.toolCalls, unit.outputs).map { call, output in
                    output ?? .tool(missingOutput, for: call)
                }
        }
    }
}

extension [ToolCallRequest] {
    fileprivate var hasDistinctIDs: Bool {
        count == 1 || Set(map(\.id)).count == count
    }
}

extension ChatMessage {
    fileprivate var withoutCalls: ChatMessage {
        toolCalls.isEmpty ? self : ChatMessage(role: role, content: content, name: name)
    }

    /// The message without calls that have the id of one before.
    fileprivate var withDistinctCalls: ChatMessage {
        guard !toolCalls.isEmpty, !toolCalls.hasDistinctIDs else { return self }
        var seen: Set<String> = []
        return ChatMessage(
            role: role,
            content: content,
            toolCalls: toolCalls.filter { seen.insert($0.id).inserted },
            name: name
        )
    }
}
