package import Conversation
package import JSON

/// An item of an answer, in the order in which the model wrote it.
package enum ResponsesItem: Sendable, Hashable {
    /// Text, with the members that the server gave its item, such as `id` and `phase`.
    case text(String, JSONObject = [:])
    /// A call of a tool.
    case call(ToolCallRequest)
    /// What only the server understands, such as encrypted reasoning.
    case opaque(JSONValue)

    /// What is between the texts of two items.
    static let separator = "\n\n"

    /// The items of an assistant's message.
    ///
    /// Where the server sent more than text and calls, its order is kept beside the first call: the items that only the
    /// server understands as they were, and the places of the others.
    package static func items(of message: ChatMessage) -> [ResponsesItem] {
        var text = message.content.isBlank ? nil : message.content
        var calls = message.toolCalls[...]
        var items: [ResponsesItem] = []
        for item in message.toolCalls.first?.native?.message["items"]?.arrayValue ?? [] {
            switch item["type"] {
            case "message"?:
                let members = (item.objectValue ?? [:]).filter { $0.key != "type" }
                if let said = text { items.append(.text(said, JSONObject(members.map { ($0.key, $0.value) }))) }
                text = nil
            case "function_call"?:
                if let call = calls.popFirst() { items.append(.call(call)) }
            default: items.append(.opaque(item))
            }
        }
        if let text {
            let place = items.firstIndex { if case .call = $0 { true } else { false } } ?? items.endIndex
            items.insert(.text(text), at: place)
        }
        return items + calls.map { .call($0) }
    }

    /// The message that consists of items.
    ///
    /// - Parameter items: The items, in their order.
    package static func message(of items: [ResponsesItem]) -> ChatMessage {
        var (text, calls, order): (String, [ToolCallRequest], [JSONValue]) = ("", [], [])
        var isMore = false
        for item in items {
            switch item {
            case .text(let piece, let members):
                if text.isEmpty, !piece.isEmpty {
                    order.append(.object(JSONObject([("type", "message")] + members.map { ($0.key, $0.value) })))
                }
                text += (text.isEmpty || piece.isEmpty ? "" : separator) + piece
                isMore = isMore || members["phase"] != nil
            case .call(let call):
                order.append(["type": "function_call"])
                calls.append(call)
            case .opaque(let item):
                order.append(item)
                isMore = true
            }
        }
        if !calls.isEmpty, isMore, !order.contains(where: \.isReasoningThatIsKeptAtTheServer) {
            calls[0].native = NativeCall(call: calls[0].native?.call ?? [:], message: ["items": .array(order)])
        } else {
            // The id of a call belongs to the reasoning before it; one of reasoning that nobody has is refused.
            for index in calls.indices { calls[index].native = nil }
        }
        calls.dropLongNatives()
        return .assistant(text, toolCalls: calls)
    }
}

extension JSONValue {
    /// Whether it is reasoning of which only the id was sent: a server that stores nothing does not find it again.
    fileprivate var isReasoningThatIsKeptAtTheServer: Bool {
        guard self["type"] == "reasoning" else { return false }
        return self["encrypted_content"]?.stringValue?.isEmpty != false
            && self["content"]?.arrayValue?.isEmpty != false
    }
}

extension JSONFrame {
    /// Writes an item of an answer.
    mutating func write(_ item: ResponsesItem) {
        switch item {
        case .text(let text, let members) where members.isEmpty:
            write(["type": "message", "role": "assistant", "content": .string(text)])
        case .text(let text, let members):
            raw("{\"type\":\"message\",\"role\":\"assistant\",\"status\":\"completed\"")
            writeMember("content", [["type": "output_text", "text": .string(text), "annotations": []]])
            write(members: members)
            raw("}")
        case .call(let call):
            raw("{\"type\":\"function_call\"")
            writeMember("call_id", .string(call.id))
            writeMember("name", .string(call.name))
            writeMember("arguments", .string(call.arguments.argumentsForHistory))
            write(members: call.native?.call)
            raw("}")
        case .opaque(let item): write(item)
        }
    }
}
