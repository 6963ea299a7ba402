import Conversation
import HTTP
import JSON
import Wire

/// Writes a mock's reply to one request with the codec that the client reads it with.
struct MockModelWire: Sendable {
    private let request: MockModelRequest

    init(_ request: MockModelRequest) {
        self.request = request
    }

    /// The reply as one JSON text.
    func completion(_ reply: MockModelReply) -> String {
        let (message, usage) = (message(of: reply), usage(of: reply))
        switch request.dialect {
        case .chatCompletions:
            return chatCompletions.answer(message, finishReason: finishReason(of: reply), usage: usage)
        case .messages: return messages.answer(message, stopReason: stopReason(of: reply), usage: usage)
        case .responses: return responses.answer(message, incomplete: reply.finishReason, usage: usage)
        }
    }

    /// The reply as the events of a stream.
    func events(_ reply: MockModelReply) -> [ServerSentEvent] {
        let cut = { (text: String) in pieces(of: text, length: reply.pieceLength) }
        let (message, usage) = (message(of: reply), usage(of: reply))
        switch request.dialect {
        case .chatCompletions: return chatCompletionEvents(reply).map { ServerSentEvent(data: $0) }
        case .messages:
            return messages.events(of: message, stopReason: stopReason(of: reply), usage: usage, cut: cut).map(\.sent)
        case .responses:
            return responses.events(of: message, incomplete: reply.finishReason, usage: usage, cut: cut).map(\.sent)
        }
    }

    /// The events of a reply that begins with a text and does not end.
    func beginning(of text: String) -> [ServerSentEvent] {
        switch request.dialect {
        case .chatCompletions: [ServerSentEvent(data: chatCompletions.text(text))]
        case .messages: ([messages.opening(.zero)] + MessagesWriter.beginning(of: text)).map(\.sent)
        case .responses: ([responses.opening] + ResponsesWriter.beginning(of: text)).map(\.sent)
        }
    }

    private var chatCompletions: ChatCompletionWriter {
        ChatCompletionWriter(
            id: "chatcmpl-1",
            created: 1_700_000_000,
            modelID: request.model,
            includesUsage: request.includesUsage
        )
    }

    private var messages: MessagesWriter { MessagesWriter(id: "msg_1", modelID: request.model) }

    private var responses: ResponsesWriter { ResponsesWriter(id: "resp_1", modelID: request.model) }

    private func chatCompletionEvents(_ reply: MockModelReply) -> [String] {
        let writer = chatCompletions
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

    private func message(of reply: MockModelReply) -> ChatMessage {
        var calls = reply.toolCalls.map { ToolCallRequest(id: $0.id, name: $0.name, arguments: $0.arguments) }
        if !reply.thoughts.isEmpty, !calls.isEmpty {
            switch request.dialect {
            case .chatCompletions: break
            case .messages: calls[0].native = NativeCall(message: ["content": .array(reply.thoughts)])
            case .responses: calls[0].native = NativeCall(message: ["items": .array(reply.thoughts)])
            }
        }
        return .assistant(reply.text ?? "", toolCalls: calls)
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

    private func stopReason(of reply: MockModelReply) -> String {
        reply.finishReason ?? MessagesWriter.stopReason(of: reply.toolCalls.isEmpty ? .stop : .toolCalls)
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

extension AnswerEvent {
    fileprivate var sent: ServerSentEvent { ServerSentEvent(event: name, data: data) }
}
