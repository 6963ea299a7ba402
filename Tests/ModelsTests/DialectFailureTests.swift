import HTTP
import HTTPTypes
import JSON
import TestSupport
import Testing

@testable import Conversation
@testable import Models
@testable import Wire

/// Whatever a server of any dialect does wrong becomes a typed error.
@Suite struct DialectFailureTests {
    private func error(
        _ dialect: MockModelRequest.Dialect,
        idleTimeout: Duration = .seconds(20),
        _ reply: MockModelReply
    ) async throws -> ModelError? {
        try await withMockModel { _ in
            reply
        } perform: { mock in
            try await withProvider(mock.baseURL, idleTimeout: idleTimeout, provider: dialect.provider) { provider in
                await #expect(throws: ModelError.self) {
                    try await provider.respond(to: ModelRequest(messages: [.user("What is the launch code?")]))
                }
            }
        }
    }

    @Test(arguments: DialectTests.dialects)
    func brokenConnectionsAndSilence(dialect: MockModelRequest.Dialect) async throws {
        #expect(try await error(dialect, .cut(after: "Once upon"))?.code == .truncated)
        #expect(try await error(dialect, .unfinished(after: "Once upon"))?.code == .truncated)
        #expect(try await error(dialect, idleTimeout: .milliseconds(200), .hang(after: "Once"))?.code == .timeout)
        #expect(try await error(dialect, .response(.text("<html>502</html>")))?.code == .malformed)
        #expect(try await error(dialect, .text(""))?.code == .empty)
    }

    static let kinds: [(type: String, status: Int, code: ModelError.Code)] = [
        ("overloaded_error", 529, .server), ("rate_limit_error", 429, .rateLimited), ("api_error", 500, .server),
        ("invalid_request_error", 400, .invalidRequest), ("authentication_error", 401, .authentication),
        ("permission_error", 403, .authentication), ("not_found_error", 404, .invalidRequest),
        ("request_too_large", 413, .invalidRequest), ("timeout_error", 504, .timeout),
        ("billing_error", 402, .exhausted),
    ]

    /// The kinds of errors of the Messages API, as a status and within a stream.
    @Test(arguments: kinds.indices)
    func kindsOfErrors(index: Int) async throws {
        let (type, status, code) = Self.kinds[index]
        let head = try await error(.messages, .error(status: status, message: "No.", type: type))
        #expect(head?.code == code && head?.status == status && head?.serverCode == type)
        let stream = MockResponse.events { writer in
            try await writer.write(ServerSentEvent(event: "error", data: MessagesWriter.error(type, "No.").data))
        }
        let inside = try await error(.messages, .response(stream))
        #expect(inside?.code == code && inside?.serverCode == type && inside?.status == nil)
    }

    @Test(arguments: [
        ("rate_limit_exceeded", ModelError.Code.rateLimited), ("server_error", .server),
        ("context_length_exceeded", .contextExceeded), ("insufficient_quota", .exhausted),
        ("invalid_prompt", .invalidRequest),
    ])
    func failuresOfResponses(code: String, expected: ModelError.Code) async throws {
        let writer = ResponsesWriter(id: "r", modelID: "m")
        let stream = MockResponse.events { sink in
            for event in [writer.opening, writer.failure(code: code, "No.")] {
                try await sink.write(ServerSentEvent(event: event.name, data: event.data))
            }
        }
        let error = try await error(.responses, .response(stream))
        #expect(error?.code == expected && error?.serverCode == code)
    }

    @Test(arguments: [
        ("prompt is too long: 210000 tokens > 200000 maximum", ModelError.Code.contextExceeded),
        ("input length and `max_tokens` exceed context limit: 199000 + 4096 > 200000", .contextExceeded),
        ("Your credit balance is too low to access the Anthropic API.", .exhausted),
    ])
    func whatAnthropicSaysInWordsOnly(message: String, code: ModelError.Code) async throws {
        let reply = MockModelReply.error(status: 400, message: message, type: "invalid_request_error")
        #expect(try await error(.messages, reply)?.code == code)
    }

    @Test func aRefusalIsNoAnswer() async throws {
        var reply = MockModelReply.text("I can")
        reply.finishReason = "refusal"
        let messages = try await error(.messages, reply)
        #expect(messages?.code == .contentFiltered && messages?.finishReason == "refusal")
        reply.finishReason = "content_filter"
        #expect(try await error(.responses, reply)?.code == .contentFiltered)
    }
}
