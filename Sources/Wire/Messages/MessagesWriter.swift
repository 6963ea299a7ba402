package import Conversation
internal import JSON

/// Writes an answer as a server of Anthropic's Messages API sends it: whole, or as the events of a stream.
///
/// A stop reason is written as it is: `end_turn`, `tool_use`, `max_tokens` and the like.
package struct MessagesWriter: Sendable {
    private let id: String
    private let modelID: String

    /// A writer for one answer.
    ///
    /// - Parameters:
    ///   - id: The id of the answer.
    ///   - modelID: The model that answers.
    package init(id: String, modelID: String) {
        self.id = id
        self.modelID = modelID
    }

    /// The stop reason that an answer usually has.
    package static func stopReason(of finishReason: FinishReason) -> String {
        switch finishReason {
        case .stop: "end_turn"
        case .length: "max_tokens"
        case .toolCalls: "tool_use"
        }
    }

    /// The whole answer as one JSON text.
    ///
    /// - Parameters:
    ///   - message: The answer, with what the server keeps beside its calls.
    ///   - stopReason: Why the model stopped.
    ///   - usage: The tokens that the call used.
    package func answer(_ message: ChatMessage, stopReason: String, usage: TokenUsage) -> String {
        var frame = JSONFrame()
        frame.raw("{\"id\":")
        frame.write(.string(id))
        frame.raw(",\"type\":\"message\",\"role\":\"assistant\"")
        frame.writeMember("model", .string(modelID))
        frame.raw(",\"content\":")
        frame.writeList(MessagesBlock.blocks(of: message)) { frame, block in frame.write(block) }
        frame.writeMember("stop_reason", .string(stopReason))
        frame.raw(",\"stop_sequence\":null")
        frame.writeMember("usage", usage.messages)
        frame.raw("}")
        return frame.text
    }

    /// The events of a stream.
    ///
    /// - Parameters:
    ///   - message: The answer, with what the server keeps beside its calls.
    ///   - stopReason: Why the model stopped.
    ///   - usage: The tokens that the call used.
    ///   - cut: Cuts a text into the pieces that it is sent in.
    package func events(
        of message: ChatMessage,
        stopReason: String,
        usage: TokenUsage,
        cut: (String) -> [String]
    ) -> [AnswerEvent] {
        var events = [opening(usage)]
        for (index, block) in MessagesBlock.blocks(of: message).enumerated() {
            events += Self.events(of: block, at: index, cut: cut)
        }
        return events + [
            Self.event(
                "message_delta",
                ["delta": ["stop_reason": .string(stopReason), "stop_sequence": .null]],
                usage
            ),
            Self.event("message_stop", [:]),
        ]
    }

    /// The event that a stream begins with.
    package func opening(_ usage: TokenUsage) -> AnswerEvent {
        var begun = usage
        begun.output = 1
        return Self.event(
            "message_start",
            [
                "message": [
                    "id": .string(id), "type": "message", "role": "assistant", "model": .string(modelID),
                    "content": [], "stop_reason": .null, "stop_sequence": .null, "usage": begun.messages,
                ]
            ]
        )
    }

    /// The events of a text that begins and does not end.
    package static func beginning(of text: String) -> [AnswerEvent] {
        Array(events(of: .text(text), at: 0) { [$0] }.dropLast())
    }

    /// An error, as an event or as the body of an answer whose status says that it is one.
    package static func error(_ type: String, _ message: String) -> AnswerEvent {
        event("error", ["error": ["type": .string(type), "message": .string(message)]])
    }

    private static func events(of block: MessagesBlock, at index: Int, cut: (String) -> [String]) -> [AnswerEvent] {
        let (start, deltas): (JSONValue, [JSONValue])
        switch block {
        case .text(let text):
            start = ["type": "text", "text": ""]
            deltas = cut(text).map { ["type": "text_delta", "text": .string($0)] }
        case .call(let call):
            var members: JSONObject = [
                "type": "tool_use", "id": .string(call.id), "name": .string(call.name), "input": [:],
            ]
            for other in call.native?.call ?? [:] { members[other.key] = other.value }
            start = .object(members)
            deltas = cut(call.arguments).map { ["type": "input_json_delta", "partial_json": .string($0)] }
        case .opaque(let item):
            guard item["type"] == "thinking", var members = item.objectValue,
                let thought = item["thinking"]?.stringValue, let signature = item["signature"]?.stringValue
            else {
                (start, deltas) = (item, [])
                break
            }
            (members["thinking"], members["signature"]) = ("", "")
            start = .object(members)
            let pieces = cut(thought).map { JSONValue.object(["type": "thinking_delta", "thinking": .string($0)]) }
            deltas = pieces + [["type": "signature_delta", "signature": .string(signature)]]
        }
        let number = JSONValue.integer(Int64(index))
        return [event("content_block_start", ["index": number, "content_block": start])]
            + deltas.map { event("content_block_delta", ["index": number, "delta": $0]) }
            + [event("content_block_stop", ["index": number])]
    }

    private static func event(_ type: String, _ members: JSONObject, _ usage: TokenUsage? = nil) -> AnswerEvent {
        var all: JSONObject = ["type": .string(type)]
        for member in members { all[member.key] = member.value }
        all["usage"] = usage?.messages
        return AnswerEvent(type, data: JSONValue.object(all).text)
    }
}
