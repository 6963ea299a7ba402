import HTTP
import HTTPTypes
import JSON
import Synchronization
import TestSupport
import Testing

@testable import Conversation
@testable import Models
@testable import Wire

/// Every provider against a server that refuses what the real one refuses.
@Suite struct DialectTests {
    static let dialects = MockModelRequest.Dialect.allCases
    private let question: [ChatMessage] = [.system("Be brief."), .user("What is 1 + 1?")]

    private let calculator = ToolSpecification(
        name: "calculator",
        description: "Computes.",
        inputSchema: JSONText(["type": "object"])
    )

    @Test(arguments: dialects)
    func streamsAnAnswer(dialect: MockModelRequest.Dialect) async throws {
        try await withMockModel { _ in
            .text("It is 2.", usage: .init(prompt: 12, cached: 8, completion: 4))
        } perform: { mock in
            let shown = Mutex("")
            let response = try await withProvider(mock.baseURL, provider: dialect.provider) { provider in
                try await provider.respond(to: ModelRequest(messages: question)) { delta in
                    if case .text(let text) = delta { shown.withLock { $0 += text } }
                }
            }
            #expect(response.message == .assistant("It is 2."))
            #expect(response.finishReason == .stop && response.modelID == "m-1")
            #expect(response.usage == TokenUsage(input: 12, cachedInput: 8, output: 4))
            #expect(response.timeToFirstToken != nil && shown.withLock { $0 } == "It is 2.")
            #expect(await mock.requests.map(\.dialect) == [dialect])
        }
    }

    @Test(arguments: dialects)
    func goesThroughAToolRoundWithWhatTheServerSent(dialect: MockModelRequest.Dialect) async throws {
        let thought = Self.thought(dialect, 1)
        try await withMockModel { request in
            guard request.lastText != "2" else { return .text("It is 2.") }
            var reply = MockModelReply.toolCalls([
                .init(id: "a", name: "calculator", arguments: #"{"expression":"1 + 1"}"#),
                .init(id: "b", name: "calculator", arguments: #"{"expression":"2"}"#),
            ])
            reply.thoughts = [thought]
            return reply
        } perform: { mock in
            try await withProvider(mock.baseURL, provider: dialect.provider) { provider in
                var request = ModelRequest(messages: question, tools: [calculator])
                let first = try await provider.respond(to: request)
                #expect(first.finishReason == .toolCalls)
                #expect(
                    first.message.toolCalls.map(\.arguments) == [#"{"expression":"1 + 1"}"#, #"{"expression":"2"}"#]
                )
                request.messages.append(first.message)
                request.messages += first.message.toolCalls.map { .tool("2", for: $0) }
                #expect(try await provider.respond(to: request).message.content == "It is 2.")
            }
            let second = try await mock.requests(count: 2)[1]
            #expect(second.toolNames == ["calculator"])
            if dialect != .chatCompletions { #expect(Self.thoughts(in: second) == [thought]) }
        }
    }

    /// Recorded with one provider, continued after every message with each of the others, and then with the first again.
    @Test(arguments: dialects)
    func providersMayBeSwitchedAtEveryMessage(dialect: MockModelRequest.Dialect) async throws {
        try await withMockModel { request in
            guard request.lastSpeaker == "user" || request.lastText == "more" else { return .text("Done.") }
            let number = request.messageCount
            var reply = MockModelReply.toolCalls([.init(id: "call_\(number)", name: "calculator")])
            reply.thoughts = [Self.thought(request.dialect, number)]
            return reply
        } perform: { mock in
            let recorded = try await withProvider(mock.baseURL, provider: dialect.provider) { provider in
                var messages = question
                for _ in 0..<2 {
                    for output in ["more", "enough"] {
                        let answer = try await provider.respond(to: ModelRequest(messages: messages)).message
                        messages += [answer] + answer.toolCalls.map { .tool(output, for: $0) }
                    }
                    messages.append(try await provider.respond(to: ModelRequest(messages: messages)).message)
                    messages.append(.user("And then?"))
                }
                return messages
            }
            let places = recorded.indices.dropFirst(2).filter { recorded[$0 - 1].role != .assistant }
            #expect(places.count == 6)
            for place in places {
                let history = Array(recorded[..<place])
                let own = history.flatMap(\.toolCalls).compactMap(\.native).filter { !$0.isEmpty }.count
                for next in Self.dialects {
                    let count = await mock.requests.count
                    let answer = try await withProvider(mock.baseURL, provider: next.provider) { provider in
                        try await provider.respond(to: ModelRequest(messages: history)).message
                    }
                    let sent = try await mock.requests(count: count + 1)[count]
                    #expect(Self.thoughts(in: sent).count == (next == dialect ? own : 0), "\(place) \(next)")
                    // The first one again, after another's answer.
                    let outputs = answer.toolCalls.map { ChatMessage.tool("enough", for: $0) }
                    let rest = outputs.isEmpty ? [.user("Sure?")] : outputs
                    _ = try await withProvider(mock.baseURL, provider: dialect.provider) { provider in
                        try await provider.respond(to: ModelRequest(messages: history + [answer] + rest))
                    }
                }
            }
            #expect(await mock.server.requests.count == (await mock.requests.count))
        }
    }

    /// What a history may become before the next turn.
    @Test(arguments: dialects.filter { $0 != .chatCompletions })
    func whatWasSentBesideCallsOfEarlierTurnsGoesBackOnlyAfterTheSamePrompt(
        dialect: MockModelRequest.Dialect
    ) async throws {
        try await withMockModel { request in
            guard request.lastText == "go" else { return .text("Done.") }
            var reply = MockModelReply.toolCalls([.init(id: "c", name: "calculator")])
            reply.thoughts = [Self.thought(request.dialect, 1)]
            return reply
        } perform: { mock in
            try await withProvider(mock.baseURL, provider: dialect.provider) { provider in
                let start: [ChatMessage] = [.system("Be brief."), .user("Hello"), .assistant("Hi."), .user("go")]
                let answer = try await provider.respond(to: ModelRequest(messages: start)).message
                let turn = [answer, .tool("out", for: answer.toolCalls[0]), .assistant("Done."), .user("Next.")]
                let summary: ChatMessage = .user("[A summary.]")
                let histories: [(String, [ChatMessage], Int)] = [
                    ("the same", start + turn, 1),
                    ("another system prompt", [.system("Be long.")] + start.dropFirst() + turn, 0),
                    ("no system prompt", Array(start.dropFirst()) + turn, 0),
                    ("undone before it", [start[0], start[3]] + turn, 0),
                    ("summarized", [start[0], summary, .assistant("Noted."), start[3]] + turn, 0),
                    ("redacted before it", [start[0], .user("[redacted]")] + start.dropFirst(2) + turn, 0),
                    // Within the turn the server needs it, whatever comes before.
                    ("within the turn", [.system("Be long."), start[3]] + turn.prefix(2), 1),
                ]
                for (name, history, expected) in histories {
                    let count = await mock.requests.count
                    _ = try await provider.respond(to: ModelRequest(messages: history))
                    let sent = try await mock.requests(count: count + 1)[count]
                    #expect(Self.thoughts(in: sent).count == expected, "\(name)")
                }
            }
        }
    }

    /// A server that does not know its own signature any more is asked again without it.
    @Test(arguments: dialects.filter { $0 != .chatCompletions })
    func whatIsRefusedIsLeftOut(dialect: MockModelRequest.Dialect) async throws {
        let refusals = Mutex(0)
        try await withMockModel { request in
            guard request.lastText != "go" else {
                var reply = MockModelReply.toolCalls([.init(id: "c", name: "calculator")])
                reply.thoughts = [Self.thought(request.dialect, 1)]
                return reply
            }
            if Self.thoughts(in: request).isEmpty { return .text("Done.") }
            refusals.withLock { $0 += 1 }
            return .error(
                status: 400,
                message: "Invalid `signature` in `thinking` block",
                type: "invalid_request_error"
            )
        } perform: { mock in
            try await withProvider(mock.baseURL, provider: dialect.provider) { provider in
                let answer = try await provider.respond(to: ModelRequest(messages: [.user("go")])).message
                let history = [.user("go"), answer, .tool("out", for: answer.toolCalls[0])]
                #expect(try await provider.respond(to: ModelRequest(messages: history)).message == .assistant("Done."))
            }
            #expect(refusals.withLock { $0 } == 1)
        }
    }

    /// What only the server understands, as each dialect has it.
    static func thought(_ dialect: MockModelRequest.Dialect, _ number: Int) -> JSONValue {
        switch dialect {
        case .responses:
            ["id": .string("rs_\(number)"), "type": "reasoning", "summary": [], "encrypted_content": "secret"]
        case .messages, .chatCompletions:
            ["type": "thinking", "thinking": .string("Thought \(number)."), "signature": "secret"]
        }
    }

    /// What only a server understands, in a request.
    static func thoughts(in request: MockModelRequest) -> [JSONValue] {
        let parts = request.messages.flatMap { $0["content"]?.arrayValue ?? [$0] }
        return parts.filter { $0["type"] == "thinking" || $0["type"] == "reasoning" }
    }
}
