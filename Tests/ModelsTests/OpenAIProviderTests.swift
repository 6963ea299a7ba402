import HTTP
import HTTPTypes
import JSON
import Synchronization
import TestSupport
import Testing

@testable import Conversation
@testable import Definitions
@testable import Models
@testable import Wire

/// The provider against a real server on the loopback interface.
@Suite struct OpenAIProviderTests {
    private let request = ModelRequest(messages: [.system("Be brief."), .user("What is 1 + 1?")])

    @Test func streamsAnAnswer() async throws {
        try await withMockModel { _ in
            .text("It is 2.", usage: .init(prompt: 12, cached: 8, completion: 4))
        } perform: { mock in
            let deltas = Mutex<[ModelDelta]>([])
            let response = try await withProvider(mock.baseURL) { provider in
                try await provider.respond(to: request) { delta in deltas.withLock { $0.append(delta) } }
            }
            #expect(response.message == .assistant("It is 2."))
            #expect(response.finishReason == .stop)
            #expect(response.usage == TokenUsage(input: 12, cachedInput: 8, output: 4))
            #expect(response.timeToFirstToken != nil)
            let text = deltas.withLock { $0 }.map { if case .text(let text) = $0 { text } else { "" } }
            #expect(text.count > 0)
            #expect(text.joined() == "It is 2.")
        }
    }

    @Test func sendsExactlyThis() async throws {
        try await withMockServer { _ in
            .json(Self.plainAnswer)
        } perform: { server in
            _ = try await withProvider("\(server.url)/v1/", key: " the-key\n") { try await $0.respond(to: request) }
            let sent = try #require(await server.requests.first)
            #expect(sent.method == "POST")
            #expect(sent.path == "/v1/chat/completions")
            #expect(sent.headers.first(name: "authorization") == "Bearer the-key")
            #expect(sent.headers.first(name: "content-type") == "application/json")
            #expect(
                sent.text == """
                    {"model":"m-1","messages":[{"role":"system","content":"Be brief."},\
                    {"role":"user","content":"What is 1 + 1?"}],\
                    "stream":true,"stream_options":{"include_usage":true}}
                    """
            )
        }
    }

    @Test func sendsNoKeyIfNoneIsNamed() async throws {
        try await withMockServer { _ in
            .json(Self.plainAnswer)
        } perform: { server in
            _ = try await withProvider(server.url) { try await $0.respond(to: request) }
            #expect(await server.requests.first?.headers.first(name: "authorization") == nil)
        }
    }

    @Test func goesThroughAToolRound() async throws {
        try await withMockModel { request in
            guard request.lastText == "2" else {
                return .toolCalls([
                    .init(id: "a", name: "calculator", arguments: #"{"expression":"1 + 1"}"#),
                    .init(id: "b", name: "calculator", arguments: #"{"expression":"2"}"#),
                ])
            }
            return .text("It is 2.")
        } perform: { mock in
            try await withProvider(mock.baseURL) { provider in
                var request = request
                let schema = JSONText(["type": "object"])
                request.tools = [ToolSpecification(name: "calculator", description: "Computes.", inputSchema: schema)]
                let first = try await provider.respond(to: request)
                #expect(first.finishReason == .toolCalls)
                #expect(
                    first.message.toolCalls == [
                        ToolCallRequest(id: "a", name: "calculator", arguments: #"{"expression":"1 + 1"}"#),
                        ToolCallRequest(id: "b", name: "calculator", arguments: #"{"expression":"2"}"#),
                    ]
                )
                request.messages.append(first.message)
                request.messages += first.message.toolCalls.map { .tool("2", for: $0) }
                #expect(try await provider.respond(to: request).message.content == "It is 2.")
            }
            let second = try await mock.requests(count: 2)[1]
            #expect(second.toolNames == ["calculator"])
            #expect(second.messages.last?["tool_call_id"] == "b")
        }
    }

    /// The end of the stream comes a little after its end mark; it is waited for, and the connection is used again.
    @Test func usesConnectionsAgain() async throws {
        let answer = MockResponse.stream(headers: Self.eventStream) { writer in
            try await writer.write(Self.chunk + "data: [DONE]\n\n")
            for _ in 0..<200 { await Task.yield() }
        }
        try await withMockServer { _ in
            answer
        } perform: { server in
            try await withProvider(server.url) { provider in
                for _ in 0..<8 { _ = try await provider.respond(to: request) }
            }
            #expect(await server.connectionCount < 8)
        }
    }

    static let plainAnswer: JSONValue = [
        "id": "c1", "model": "m-1.5",
        "choices": [["message": ["role": "assistant", "content": "2"], "finish_reason": "stop"]],
        "usage": ["prompt_tokens": 9, "completion_tokens": 1],
    ]

    static let chunk = #"data: {"choices":[{"index":0,"delta":{"content":"2"},"finish_reason":"stop"}]}"# + "\n\n"

    /// What servers do differently, and the answer is the same.
    static let oddAnswers: [(name: String, response: MockResponse)] = [
        ("plain JSON", .json(plainAnswer)),
        ("no end mark", .stream(headers: eventStream) { try await $0.write(chunk) }),
        ("cut after the finish reason", .hang(after: Array(chunk.utf8), headers: eventStream)),
        ("open after the end mark", .hang(after: Array((chunk + "data: [DONE]\n\n").utf8), headers: eventStream)),
        (
            "garbage after the end mark",
            .stream(headers: eventStream) { try await $0.write(chunk + "data: [DONE]\n\ndata: {{{\n\n") }
        ),
        (
            "comments, CRLF and other fields",
            .stream(headers: eventStream) {
                try await $0.write(": hello\r\n\r\nevent: x\r\nid: 1\r\n" + chunk + ": bye\r\n\r\ndata: [DONE]\r\n\r\n")
            }
        ),
        ("no content type", .stream { try await $0.write(chunk + "data: [DONE]\n\n") }),
    ]

    static let eventStream: HTTPFields = [HTTPField("Content-Type", "text/event-stream; charset=utf-8")]

    @Test(arguments: oddAnswers.indices)
    func toleratesOddAnswers(index: Int) async throws {
        let odd = Self.oddAnswers[index]
        try await withMockServer { _ in
            odd.response
        } perform: { server in
            let response = try await withProvider(server.url, idleTimeout: .seconds(2)) {
                try await $0.respond(to: request)
            }
            #expect(response.message == .assistant("2"), "\(odd.name)")
            #expect(response.finishReason == .stop, "\(odd.name)")
        }
    }

    @Test func configurationErrors() async throws {
        let http = HTTPClient()
        func problems(_ change: (inout Model) -> Void) -> [DocumentProblem]? {
            var model = Model(name: "m", versionID: 1, provider: "openai", baseURL: "http://localhost/v1", modelID: "m")
            change(&model)
            do throws(ModelError) {
                _ = try ModelProviderFactory(http: http, environment: ["EMPTY": "", "BAD": "a\nb"]).provider(for: model)
                return []
            } catch {
                return error.code == .configuration ? error.problems : nil
            }
        }
        #expect(problems { _ in } == [])
        for variable in ["ABSENT", "EMPTY"] {
            #expect(
                problems { $0.apiKeyEnvironmentVariable = variable } == [
                    DocumentProblem(
                        path: "api_key_env",
                        message: "the environment variable \(variable), which holds the key, is not set"
                    )
                ]
            )
        }
        #expect(
            problems { $0.apiKeyEnvironmentVariable = "BAD" } == [
                DocumentProblem(
                    path: "api_key_env",
                    message: "the environment variable BAD holds characters that no key has"
                )
            ]
        )
        #expect(
            problems { $0.modelID = "" } == [
                DocumentProblem(path: "model", message: "expected the model's id at the server")
            ]
        )
        #expect(
            problems { $0.provider = "opneai" } == [
                DocumentProblem(
                    path: "provider",
                    message:
                        "expected one of anthropic, openai, openai_responses, plan, rules, found \"opneai\"; did you mean \"openai\"?"
                )
            ]
        )
        for url in [nil, "", "localhost", "ftp://x", "http://", "http://user:secret@host/v1", "http://host/v1?key=x"] {
            #expect(problems { $0.baseURL = url }?.map(\.path) == ["base_url"], "\(url ?? "nil")")
        }
        await http.shutdown()
    }
}

/// Runs `body` with a provider for the server at a URL.
func withProvider<Result>(
    _ baseURL: String,
    key: String? = nil,
    idleTimeout: Duration = .seconds(20),
    totalTimeout: Duration = .seconds(60),
    maximumResponseBytes: Int = 4 << 20,
    provider: String = "openai",
    changes: RequestChanges = RequestChanges(),
    _ body: (any ModelProvider) async throws -> Result
) async throws -> Result {
    let http = HTTPClient()
    var model = Model(
        name: "m",
        versionID: 1,
        provider: provider,
        baseURL: baseURL,
        modelID: "m-1",
        apiKeyEnvironmentVariable: key.map { _ in "TEST_KEY" },
        idleTimeout: idleTimeout,
        totalTimeout: totalTimeout,
        maximumResponseBytes: maximumResponseBytes
    )
    model.changes = changes
    let factory = ModelProviderFactory(http: http, environment: key.map { ["TEST_KEY": $0] } ?? [:])
    let result: Swift.Result<Result, any Error>
    do {
        result = .success(try await body(try factory.provider(for: model)))
    } catch {
        result = .failure(error)
    }
    await http.shutdown()
    return try result.get()
}
