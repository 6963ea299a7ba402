import HTTP
import HTTPTypes
public import JSON
import Wire

/// What a ``MockModel`` replies.
public struct MockModelReply: Sendable {
    enum Kind: Sendable {
        case message
        case response(@Sendable (MockModelRequest) -> MockResponse)
    }

    /// A call of a tool.
    public struct ToolCall: Sendable, Hashable {
        /// The call's identifier.
        public var id: String
        /// The tool's name.
        public var name: String
        /// The arguments as the model writes them, which need not be JSON.
        public var arguments: String

        /// Creates a call.
        public init(id: String = "call_1", name: String, arguments: String = "{}") {
            self.id = id
            self.name = name
            self.arguments = arguments
        }
    }

    /// How many tokens a reply cost.
    public struct Usage: Sendable, Hashable {
        /// The tokens of the prompt, cached ones included.
        public var prompt: Int
        /// Those of the prompt that came from a cache.
        public var cached: Int
        /// The tokens of the reply.
        public var completion: Int

        /// Creates a usage.
        public init(prompt: Int, cached: Int = 0, completion: Int) {
            self.prompt = prompt
            self.cached = cached
            self.completion = completion
        }
    }

    var kind = Kind.message
    /// The text, or `nil` for none.
    public var text: String?
    /// The calls of tools.
    public var toolCalls: [ToolCall] = []
    /// What only the server understands, before the calls; not in Chat Completions.
    public var thoughts: [JSONValue] = []
    /// The finish reason in the dialect's words; `stop` or `tool_calls` unless set.
    public var finishReason: String?
    /// The usage; unless set, a quarter of the bytes of the request's and the reply's texts.
    public var usage: Usage?
    /// Of how many Unicode scalars a streamed piece of text or arguments consists.
    public var pieceLength = 8
    /// A streamed reply passes it before each event, a whole one before the head.
    public var gate: MockGate?

    /// A reply in words.
    public static func text(_ text: String, usage: Usage? = nil) -> MockModelReply {
        MockModelReply(text: text, usage: usage)
    }

    /// A reply that calls tools, perhaps after some words.
    public static func toolCalls(_ calls: [ToolCall], text: String? = nil, usage: Usage? = nil) -> MockModelReply {
        MockModelReply(text: text, toolCalls: calls, usage: usage)
    }

    /// The same reply, held back at a gate.
    public func held(at gate: MockGate) -> MockModelReply {
        var reply = self
        reply.gate = gate
        return reply
    }

    /// Any answer of a server instead of a reply.
    public static func response(_ response: MockResponse) -> MockModelReply {
        MockModelReply(kind: .response { _ in response })
    }
}

// MARK: - What goes wrong

extension MockModelReply {
    /// An error as the provider reports it.
    ///
    /// - Parameters:
    ///   - status: The HTTP status, for example 429.
    ///   - message: The error's message.
    ///   - type: The error's type.
    ///   - retryAfter: The value of `Retry-After` in seconds, if it is sent.
    public static func error(
        status: Int,
        message: String = "scripted error",
        type: String = "server_error",
        retryAfter: Int? = nil
    ) -> MockModelReply {
        let headers: HTTPFields = retryAfter.map { [.retryAfter: "\($0)"] } ?? [:]
        return .response(
            .json(ServerErrorReport(message: message, type: type).json, status: status, headers: headers)
        )
    }

    /// A body that is not JSON, or a stream whose event is not.
    public static let notJSON = MockModelReply(
        kind: .response { request in
            let rubbish = "{\"choices\":["
            guard request.isStreaming else { return .text(rubbish) }
            return .events { try await $0.write(ServerSentEvent(data: rubbish)) }
        }
    )

    /// JSON of another shape: no choices.
    public static let noChoices = MockModelReply(
        kind: .response { request in
            guard request.isStreaming else { return .json(["object": "chat.completion"]) }
            return .events { try await $0.write(ServerSentEvent(data: #"{"object":"chat.completion.chunk"}"#)) }
        }
    )

    /// A reply that begins and ends in good order, but in the middle of the message.
    public static func unfinished(after text: String) -> MockModelReply {
        MockModelReply(
            kind: .response { request in
                let events = MockModelWire(request).beginning(of: text)
                return .events { writer in
                    for event in events { try await writer.write(event) }
                }
            }
        )
    }

    /// A reply whose connection breaks in the middle of the message.
    public static func cut(after text: String) -> MockModelReply {
        MockModelReply(
            kind: .response { request in
                guard request.isStreaming else { return .cut(after: Array(#"{"id":"#.utf8), length: 1000) }
                let events = MockModelWire(request).beginning(of: text)
                return .events { writer in
                    for event in events { try await writer.write(event) }
                    try await writer.connection.close()
                }
            }
        )
    }

    /// A reply that begins and then says nothing more until the client gives up.
    public static func hang(after text: String) -> MockModelReply {
        MockModelReply(
            kind: .response { request in
                guard request.isStreaming else { return .hang }
                let beginning = MockModelWire(request).beginning(of: text).map(\.wireText).joined()
                return .hang(
                    after: Array(beginning.utf8),
                    headers: [HTTPField("Content-Type", "text/event-stream")]
                )
            }
        )
    }
}
