import Conversation
import Wire

/// Writes a mock's reply to one request with the codec that the client reads it with.
struct MockModelWire: Sendable {
    private let request: MockModelRequest
    private let writer: ChatCompletionWriter

    init(_ request: MockModelRequest) {
        self.request = request
        writer = ChatCompletionWriter(
            id: "chatcmpl-1",
            created: 1_700_000_000,
            modelID: request.model,
            includesUsage: request.includesUsage
        )
    }

    /// The reply as one JSON text.
    func completion(_ reply: MockModelReply) -> String {
        let calls = reply.toolCalls.map { ToolCallRequest(id: $0.id, name: $0.name, arguments: $0.arguments) }
        let message = ChatMessage.assistant(reply.text ?? "", toolCalls: calls)
        return writer.answer(message, finishReason: finishReason(of: reply), usage: usage(of: reply))
    }

    /// The reply as the data of the events of a stream.
    func events(_ reply: MockModelReply) -> [String] {
        var events = [writer.opening()]
        events += pieces(of: reply.text ?? "", length: reply.pieceLength).map(writer.text)
        for (index, call) in reply.toolCalls.enumerated() {
            events.append(writer.call(index, id: call.id, name: call.name))
            let pieces = pieces(of: call.arguments, length: reply.pieceLength)
            events += pieces.map { writer.arguments($0, ofCall: index) }
        }
        events.append(writer.end(finishReason: finishReason(of: reply)))
        if request.includesUsage { events.append(writer.usage(usage(of: reply))) }
        return events + [ChatCompletionWriter.endMark]
    }

    /// The data of an event with a piece of text.
    func text(_ piece: String) -> String {
        writer.text(piece)
    }

    private func usage(of reply: MockModelReply) -> TokenUsage {
        if let usage = reply.usage {
            return TokenUsage(input: usage.prompt, cachedInput: usage.cached, output: usage.completion)
        }
        let asked = request.conversation.reduce(0) { $0 + $1.content.utf8.count }
        let written = (reply.text ?? "").utf8.count + reply.toolCalls.reduce(0) { $0 + $1.arguments.utf8.count }
        return TokenUsage(input: max(1, asked / 4), output: max(1, written / 4))
    }

    private func finishReason(of reply: MockModelReply) -> String {
        let usual: FinishReason = reply.toolCalls.isEmpty ? .stop : .toolCalls
        return reply.finishReason ?? usual.rawValue
    }

    private func pieces(of text: String, length: Int) -> [String] {
        var pieces: [String] = []
        var rest = text.unicodeScalars[...]
        while !rest.isEmpty {
            pieces.append(String(rest.prefix(max(1, length))))
            rest = rest.dropFirst(max(1, length))
        }
        return pieces
    }
}
