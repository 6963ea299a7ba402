package import Conversation
internal import JSON

/// Writes an answer as a server of OpenAI's Responses API sends it: whole, or as the events of a stream.
package struct ResponsesWriter: Sendable {
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

    /// The whole answer as one JSON text.
    ///
    /// - Parameters:
    ///   - message: The answer, with what the server keeps beside its calls.
    ///   - reason: Why the answer is incomplete, such as `max_output_tokens`; nil if it is whole.
    ///   - usage: The tokens that the call used.
    package func answer(_ message: ChatMessage, incomplete reason: String? = nil, usage: TokenUsage) -> String {
        response(message, incomplete: reason, usage: usage).text
    }

    /// The events of a stream.
    ///
    /// - Parameters:
    ///   - message: The answer, with what the server keeps beside its calls.
    ///   - reason: Why the answer is incomplete, such as `max_output_tokens`; nil if it is whole.
    ///   - usage: The tokens that the call used.
    ///   - cut: Cuts a text into the pieces that it is sent in.
    package func events(
        of message: ChatMessage,
        incomplete reason: String? = nil,
        usage: TokenUsage,
        cut: (String) -> [String]
    ) -> [AnswerEvent] {
        var events = [opening]
        for (index, item) in Self.output(message).enumerated() { events += Self.events(of: item, at: index, cut: cut) }
        let type = reason == nil ? "response.completed" : "response.incomplete"
        return events + [Self.event(type, ["response": response(message, incomplete: reason, usage: usage)])]
    }

    /// The event that a stream begins with.
    package var opening: AnswerEvent {
        Self.event("response.created", ["response": .object(head(status: "in_progress"))])
    }

    /// The events of a text that begins and does not end.
    package static func beginning(of text: String) -> [AnswerEvent] {
        let item: JSONValue = [
            "type": "message", "role": "assistant", "content": [["type": "output_text", "text": .string(text)]],
        ]
        return Array(events(of: item, at: 0) { [$0] }.dropLast())
    }

    /// The end of an answer in which the server failed.
    package func failure(code: String, _ message: String) -> AnswerEvent {
        var response = head(status: "failed")
        response["error"] = ["code": .string(code), "message": .string(message)]
        return Self.event("response.failed", ["response": .object(response)])
    }

    /// An error in the middle of an answer.
    package static func error(code: String, _ message: String) -> AnswerEvent {
        event("error", ["code": .string(code), "message": .string(message), "param": .null])
    }

    private func head(status: String) -> JSONObject {
        [
            "id": .string(id), "object": "response", "status": .string(status), "model": .string(modelID),
            "error": .null, "incomplete_details": .null, "output": [], "usage": .null,
        ]
    }

    private func response(_ message: ChatMessage, incomplete reason: String?, usage: TokenUsage) -> JSONValue {
        var response = head(status: reason == nil ? "completed" : "incomplete")
        response["incomplete_details"] = reason.map { ["reason": .string($0)] } ?? .null
        response["output"] = .array(Self.output(message))
        response["usage"] = usage.responses
        return .object(response)
    }

    private static func output(_ message: ChatMessage) -> [JSONValue] {
        ResponsesItem.items(of: message).enumerated().map { index, item in
            switch item {
            case .text(let text, let members):
                var object: JSONObject = [
                    "id": .string("msg_\(index)"), "type": "message", "role": "assistant", "status": "completed",
                    "content": [["type": "output_text", "text": .string(text), "annotations": []]],
                ]
                for member in members { object[member.key] = member.value }
                return .object(object)
            case .call(let call):
                var object: JSONObject = [
                    "id": .string("fc_\(call.id)"), "type": "function_call", "status": "completed",
                    "call_id": .string(call.id), "name": .string(call.name), "arguments": .string(call.arguments),
                ]
                for member in call.native?.call ?? [:] { object[member.key] = member.value }
                return .object(object)
            case .opaque(let item): return item
            }
        }
    }

    private static func events(of item: JSONValue, at index: Int, cut: (String) -> [String]) -> [AnswerEvent] {
        let place = JSONValue.integer(Int64(index))
        func delta(_ type: String, _ piece: String) -> AnswerEvent {
            event(type, ["output_index": place, "content_index": 0, "delta": .string(piece)])
        }
        var begun = item.objectValue ?? [:]
        let deltas: [AnswerEvent]
        switch item["type"] {
        case "message"?:
            begun["content"] = []
            deltas = cut(item["content"]?[0]?["text"]?.stringValue ?? "").map {
                delta("response.output_text.delta", $0)
            }
        case "function_call"?:
            begun["arguments"] = ""
            deltas = cut(item["arguments"]?.stringValue ?? "").map {
                delta("response.function_call_arguments.delta", $0)
            }
        default: deltas = []
        }
        return [event("response.output_item.added", ["output_index": place, "item": .object(begun)])] + deltas
            + [event("response.output_item.done", ["output_index": place, "item": item])]
    }

    private static func event(_ type: String, _ members: JSONObject) -> AnswerEvent {
        var all: JSONObject = ["type": .string(type)]
        for member in members { all[member.key] = member.value }
        return AnswerEvent(type, data: JSONValue.object(all).text)
    }
}
