import HTTP
import HTTPTypes
import JSON
import Synchronization
import TestSupport
import Testing

@testable import Conversation
@testable import Models
@testable import Wire

/// What is asked again, with what, and what is learned from a refusal.
@Suite struct RefusalTests {
    private static let schema: JSONValue = ["type": "object"]

    /// An item that the server has not kept is refused with 404.
    @Test func anItemThatIsNotFoundIsLeftOut() async throws {
        try await withMockModel { request in
            guard request.lastText != "go" else {
                var reply = MockModelReply.toolCalls([.init(id: "c", name: "calculator")])
                reply.thoughts = [DialectTests.thought(.responses, 1)]
                return reply
            }
            if DialectTests.thoughts(in: request).isEmpty { return .text("Done.") }
            let message = "Item with id 'rs_1' not found. Items are not persisted when `store` is set to false."
            return .error(status: 404, message: message, type: "invalid_request_error")
        } perform: { mock in
            try await withProvider(mock.baseURL, provider: "openai_responses") { provider in
                let answer = try await provider.respond(to: ModelRequest(messages: [.user("go")])).message
                let history = [.user("go"), answer, .tool("out", for: answer.toolCalls[0])]
                #expect(try await provider.respond(to: ModelRequest(messages: history)).message == .assistant("Done."))
            }
            #expect(await mock.requests.count == 3)
        }
    }

    /// The schema of one agent says nothing about those of others.
    @Test(arguments: [
        ("anthropic", "output_config", "output_config.format.schema.properties.a: Extra inputs are not permitted"),
        ("anthropic", "output_config", "output_config.format.schema: 'additionalProperties' must be false"),
        ("openai_responses", "text", "Invalid schema for text.format 'answer': In context=('properties', 'a')"),
        ("openai", "response_format", "response_format.json_schema.schema[0]: 'oneOf' is not permitted"),
    ])
    func aSchemaThatIsRefusedTurnsNothingOff(provider: String, member: String, message: String) async throws {
        try await withMockModel { request in
            request.body.text.contains("oneOf") ? .error(status: 400, message: message) : .text("{}")
        } perform: { mock in
            try await withProvider(mock.baseURL, provider: provider) { provider in
                let bad = ModelRequest(messages: [.user("Hi")], outputSchema: ["oneOf": []])
                await #expect(throws: ModelError.self) { try await provider.respond(to: bad) }
                let good = ModelRequest(messages: [.user("Hi")], outputSchema: Self.schema)
                _ = try await provider.respond(to: good)
            }
            let sent = try await mock.requests(count: 2)
            #expect(sent.count == 2 && sent[1].body[member]?.text.contains("json_schema") == true)
        }
    }

    /// An answer would begin anew behind what is shown already.
    @Test func nothingIsAskedAgainOnceTextWasShown() async throws {
        let count = Mutex(0)
        let shown = Mutex("")
        try await withMockModel { _ in
            let number = count.withLock { count in
                count += 1
                return count
            }
            guard number != 2 else {
                return .error(status: 400, message: "output_config: Extra inputs are not permitted")
            }
            var reply = MockModelReply.text("I know.")
            if number == 1 { reply.finishReason = "pause_turn" }
            return reply
        } perform: { mock in
            try await withProvider(mock.baseURL, provider: "anthropic") { provider in
                let request = ModelRequest(messages: [.user("Hi")], outputSchema: Self.schema)
                let error = await #expect(throws: ModelError.self) {
                    try await provider.respond(to: request) { delta in
                        if case .text(let text) = delta { shown.withLock { $0 += text } }
                    }
                }
                #expect(error?.code == .invalidRequest)
                #expect(shown.withLock { $0 } == "I know." && count.withLock { $0 } == 2)
                // What was learned holds for the next request.
                _ = try await provider.respond(to: request)
            }
            #expect(try await mock.requests(count: 3)[2].body["output_config"] == nil)
        }
    }

    /// Each character comes in an event of more than a hundred bytes.
    @Test(arguments: ["openai_responses", "anthropic"])
    func theLimitOfBytesIsThatOfTheAnswer(provider: String) async throws {
        let limit = 16_384
        for (length, pieceLength, isRead) in [(900, 1, true), (30_000, 500, false)] {
            try await withMockModel { _ in
                var reply = MockModelReply.text(String(repeating: "x", count: length))
                reply.pieceLength = pieceLength
                return reply
            } perform: { mock in
                try await withProvider(mock.baseURL, maximumResponseBytes: limit, provider: provider) { provider in
                    let request = ModelRequest(messages: [.user("Hi")])
                    if isRead {
                        let answer = try await provider.respond(to: request)
                        #expect(answer.message.content.count == length)
                    } else {
                        let error = await #expect(throws: ModelError.self) { try await provider.respond(to: request) }
                        #expect(error?.code == .tooLarge)
                    }
                }
            }
        }
    }

    @Test(arguments: [("false", 500, false), ("true", 500, true), ("true", 400, false), ("perhaps", 503, true)])
    func theServersWordOnAnotherAttemptCounts(word: String, status: Int, isPassing: Bool) async throws {
        try await withMockServer { _ in
            .json(["error": ["message": "No."]], status: status, headers: [HTTPField("x-should-retry", word)])
        } perform: { server in
            let error = try await withProvider(server.url) { provider in
                await #expect(throws: ModelError.self) {
                    try await provider.respond(to: ModelRequest(messages: [.user("Hi")]))
                }
            }
            #expect(error?.isPassing == isPassing && error?.after(attempts: 2).isPassing == isPassing)
        }
    }
}
