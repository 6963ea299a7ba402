package import Conversation
package import JSON

/// A part of an answer, in the order in which the model wrote it.
package enum MessagesBlock: Sendable, Hashable {
    /// Text.
    case text(String)
    /// A call of a tool.
    case call(ToolCallRequest)
    /// What only the server understands, such as what the model thought, with its signature.
    case opaque(JSONValue)

    /// The parts of an assistant's message.
    ///
    /// Where the server sent more than text and calls, its order is kept beside the first call: the parts that only the
    /// server understands as they were, and the places of the others.
    package static func blocks(of message: ChatMessage) -> [MessagesBlock] {
        var text = message.content.isBlank ? nil : message.content
        var calls = message.toolCalls[...]
        var blocks: [MessagesBlock] = []
        for item in message.toolCalls.first?.native?.message["content"]?.arrayValue ?? [] {
            switch item["type"] {
            case "text"?:
                if let said = text { blocks.append(.text(said)) }
                text = nil
            case "tool_use"?:
                if let call = calls.popFirst() { blocks.append(.call(call)) }
            default: blocks.append(.opaque(item))
            }
        }
        if let text {
            let place = blocks.firstIndex { if case .call = $0 { true } else { false } } ?? blocks.endIndex
            blocks.insert(.text(text), at: place)
        }
        return blocks + calls.map { .call($0) }
    }

    /// The message that consists of parts.
    ///
    /// - Parameter blocks: The parts, in their order.
    package static func message(of blocks: [MessagesBlock]) -> ChatMessage {
        var (text, calls, order): (String, [ToolCallRequest], [JSONValue]) = ("", [], [])
        for block in blocks {
            switch block {
            case .text(let piece):
                // One place is enough: the text is stored in one piece.
                if text.isEmpty, !piece.isEmpty { order.append(["type": "text"]) }
                text += piece
            case .call(let call):
                order.append(["type": "tool_use"])
                calls.append(call)
            case .opaque(let item): order.append(item)
            }
        }
        if !calls.isEmpty, blocks.contains(where: { if case .opaque = $0 { true } else { false } }) {
            calls[0].native = NativeCall(call: calls[0].native?.call ?? [:], message: ["content": .array(order)])
        }
        calls.dropLongNatives()
        return .assistant(text, toolCalls: calls)
    }
}

extension JSONFrame {
    /// Writes a part of an answer.
    mutating func write(_ block: MessagesBlock) {
        switch block {
        case .text(let text):
            raw("{\"type\":\"text\"")
            writeMember("text", .string(text))
            raw("}")
        case .call(let call):
            raw("{\"type\":\"tool_use\"")
            writeMember("id", .string(call.id))
            writeMember("name", .string(call.name))
            raw(",\"input\":")
            raw(call.arguments.argumentsForHistory)
            write(members: call.native?.call)
            raw("}")
        case .opaque(let item): write(item)
        }
    }
}
