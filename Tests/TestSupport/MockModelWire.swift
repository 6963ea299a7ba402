import JSON

/// The JSON of the Chat Completions protocol, for the reply to one request.
struct MockModelWire: Sendable {
    private let request: MockModelRequest

    init(_ request: MockModelRequest) {
        self.request = request
    }

    /// The reply as one object.
    func completion(_ reply: MockModelReply) -> JSONValue {
        var message: JSONObject = ["role": "assistant", "content": reply.text.map(JSONValue.string) ?? .null]
        if !reply.toolCalls.isEmpty {
            message["tool_calls"] = .array(reply.toolCalls.map { Self.call($0) })
        }
        return [
            "id": "chatcmpl-1",
            "object": "chat.completion",
            "created": 1_700_000_000,
            "model": .string(request.model),
            "choices": [
                ["index": 0, "message": .object(message), "finish_reason": .string(Self.finishReason(reply))]
            ],
            "usage": usage(reply),
        ]
    }

    /// The reply as the data of the events of a stream.
    func events(_ reply: MockModelReply) -> [String] {
        var chunks = [chunk(delta: ["role": "assistant", "content": ""])]
        for piece in Self.pieces(reply.text ?? "", length: reply.pieceLength) {
            chunks.append(chunk(delta: ["content": .string(piece)]))
        }
        for (index, call) in reply.toolCalls.enumerated() {
            var first = Self.call(ToolCall(id: call.id, name: call.name, arguments: "")).objectValue ?? [:]
            first["index"] = .integer(Int64(index))
            chunks.append(chunk(delta: ["tool_calls": [.object(first)]]))
            for piece in Self.pieces(call.arguments, length: reply.pieceLength) {
                let fragment: JSONValue = ["index": .integer(Int64(index)), "function": ["arguments": .string(piece)]]
                chunks.append(chunk(delta: ["tool_calls": [fragment]]))
            }
        }
        chunks.append(chunk(delta: [:], finishReason: Self.finishReason(reply)))
        if request.includesUsage { chunks.append(usageChunk(reply)) }
        return chunks.map(\.text) + ["[DONE]"]
    }

    /// One chunk of a stream.
    func chunk(delta: JSONValue, finishReason: String? = nil) -> JSONValue {
        var chunk = chunkHead()
        let reason = finishReason.map(JSONValue.string) ?? .null
        chunk["choices"] = [["index": 0, "delta": delta, "finish_reason": reason]]
        if request.includesUsage { chunk["usage"] = .null }
        return .object(chunk)
    }

    private func usageChunk(_ reply: MockModelReply) -> JSONValue {
        var chunk = chunkHead()
        chunk["choices"] = []
        chunk["usage"] = usage(reply)
        return .object(chunk)
    }

    private func chunkHead() -> JSONObject {
        [
            "id": "chatcmpl-1",
            "object": "chat.completion.chunk",
            "created": 1_700_000_000,
            "model": .string(request.model),
        ]
    }

    private func usage(_ reply: MockModelReply) -> JSONValue {
        let usage = reply.usage ?? estimatedUsage(reply)
        return [
            "prompt_tokens": .integer(Int64(usage.prompt)),
            "completion_tokens": .integer(Int64(usage.completion)),
            "total_tokens": .integer(Int64(usage.prompt + usage.completion)),
            "prompt_tokens_details": ["cached_tokens": .integer(Int64(usage.cached))],
        ]
    }

    private func estimatedUsage(_ reply: MockModelReply) -> MockModelReply.Usage {
        let prompt = request.messages.reduce(0) { $0 + ($1["content"]?.stringValue?.utf8.count ?? 0) }
        let written = (reply.text ?? "").utf8.count + reply.toolCalls.reduce(0) { $0 + $1.arguments.utf8.count }
        return MockModelReply.Usage(prompt: max(1, prompt / 4), completion: max(1, written / 4))
    }

    private typealias ToolCall = MockModelReply.ToolCall

    private static func call(_ call: ToolCall) -> JSONValue {
        [
            "id": .string(call.id),
            "type": "function",
            "function": ["name": .string(call.name), "arguments": .string(call.arguments)],
        ]
    }

    private static func finishReason(_ reply: MockModelReply) -> String {
        reply.finishReason ?? (reply.toolCalls.isEmpty ? "stop" : "tool_calls")
    }

    private static func pieces(_ text: String, length: Int) -> [String] {
        var pieces: [String] = []
        var rest = text.unicodeScalars[...]
        while !rest.isEmpty {
            pieces.append(String(rest.prefix(max(1, length))))
            rest = rest.dropFirst(max(1, length))
        }
        return pieces
    }
}
