import HTTP
import HTTPTypes
import JSON
import Synchronization
import TestSupport
import Testing

@testable import Conversation
@testable import Models
@testable import Wire

/// What a model's document changes of its requests, and what is done about what a server refuses.
@Suite struct OpenAIRequestTests {
    private static let asked = ModelRequest(messages: [.user("Hi")], temperature: 0.5, outputSchema: ["type": "object"])

    private func model(_ document: JSONObject) throws -> Model {
        let own: JSONObject = ["provider": "openai", "base_url": "http://a/v1", "model": "m"]
        let all = document.reduce(into: own) { $0[$1.key] = $1.value }
        return try Model(name: "m", versionID: 1, document: .object(all))
    }

    private func body(_ document: JSONObject) throws -> JSONValue {
        try JSONValue(parsing: ChatCompletionRequest(Self.asked, to: model(document)).bytes)
    }

    @Test func membersCanBeLeftOut() throws {
        let all = try body([:])
        #expect(
            all["temperature"] == 0.5 && all["stream_options"] != nil
                && all["response_format"]?["type"] == "json_schema"
        )
        let few = try body(["omit": ["temperature", "stream_options", "response_format"]])
        #expect(few["temperature"] == nil && few["stream_options"] == nil && few["response_format"] == nil)
        #expect(few["stream"] == true)
    }

    @Test func optionsAreAddedAndReplaceSettings() throws {
        let body = try body(["options": ["temperature": 1, "top_k": 40, "chat_template_kwargs": ["thinking": false]]])
        #expect(body["temperature"] == 1 && body["top_k"] == 40)
        #expect(body["chat_template_kwargs"] == ["thinking": false])
        #expect(throws: ModelError.self) { try model(["options": ["messages": []]]) }
    }

    @Test func theFormOfStructuredOutputCanBeChosen() throws {
        #expect(try body(["structured_output": "json_object"])["response_format"] == ["type": "json_object"])
        #expect(try body(["structured_output": "none"])["response_format"] == nil)
        #expect(throws: ModelError.self) { try model(["structured_output": "xml"]) }
    }

    private static func refusal(_ message: String, status: Int = 400) -> MockResponse {
        .json(["error": ["message": .string(message)]], status: status)
    }

    /// A server that refuses members, each by name.
    private func withStrictServer<Result: Sendable>(
        _ refuses: @escaping @Sendable (JSONValue) -> String?,
        _ perform: (any ModelProvider, MockServer) async throws -> Result
    ) async throws -> Result {
        try await withMockServer { request in
            let body = (try? JSONValue(parsing: request.text)) ?? .null
            if let message = refuses(body) { return Self.refusal(message, status: 422) }
            return .json(OpenAIProviderTests.plainAnswer)
        } perform: { server in
            try await withProvider(server.url) { try await perform($0, server) }
        }
    }

    @Test func whatAServerRefusesIsNotSentAgain() async throws {
        try await withStrictServer { body in
            if body["stream_options"] != nil { return "Extra inputs are not permitted: stream_options" }
            let format = body["response_format"]?["type"]
            return format == "json_schema" ? "This response_format type is unavailable now" : nil
        } _: { provider, server in
            for _ in 0..<2 { _ = try await provider.respond(to: Self.asked) }
            let forms = await server.requests.map { request in
                let body = try? JSONValue(parsing: request.text)
                let format = body?["response_format"]?["type"]?.stringValue ?? "none"
                return "\(body?["stream_options"] != nil) \(format)"
            }
            #expect(forms == ["true json_schema", "false json_schema", "false json_object", "false json_object"])
        }
    }

    @Test func aMemberThatMattersIsNamedWithTheFieldThatLeavesItOut() async throws {
        try await withStrictServer { body in
            body["temperature"] != nil ? "Unsupported parameter: 'temperature'" : nil
        } _: { provider, server in
            let error = await #expect(throws: ModelError.self) { try await provider.respond(to: Self.asked) }
            #expect(error?.message.hasSuffix("omit: [temperature]") == true)
            #expect(await server.requests.count == 1)
        }
    }

    @Test(arguments: [307, 308, 302])
    func aRedirectIsNamedAndNotFollowed(status: Int) async throws {
        try await withMockServer { request in
            guard request.path != "/v2/chat/completions" else { return .json(OpenAIProviderTests.plainAnswer) }
            let place = "https://there.test/v2/chat/completions?key=geheim"
            return .text("", status: status, headers: [HTTPField("Location", place)])
        } perform: { server in
            let error = try await withProvider(server.url) { provider in
                await #expect(throws: ModelError.self) { try await provider.respond(to: Self.asked) }
            }
            #expect(error?.message.hasSuffix("is base_url: https://there.test/v2 meant?") == true)
            #expect(error?.message.contains("geheim") == false)
            #expect(await server.requests.count == 1)
        }
    }

    static let tooLong: [JSONValue] = [
        ["error": ["message": "Too long.", "code": "context_length_exceeded"]],
        ["error": ["message": "This model's maximum context length is 4096 tokens. You sent 5000."]],
        ["error": ["message": "the request exceeds the available context size", "type": "exceed_context_size_error"]],
        ["error": ["message": "prompt is too long: 210000 tokens > 200000 maximum"]],
    ]

    @Test(arguments: tooLong)
    func aConversationThatIsTooLongIsToldHowToShortenIt(body: JSONValue) async throws {
        try await withMockServer { _ in
            .json(body, status: 400)
        } perform: { server in
            let error = try await withProvider(server.url) { provider in
                await #expect(throws: ModelError.self) { try await provider.respond(to: Self.asked) }
            }
            #expect(error?.code == .contextExceeded)
            #expect(error?.message.contains("agentctl conversations compact") == true)
        }
    }

    @Test(arguments: ["insufficient_quota", "enforced_spend_limit_reached"])
    func anAccountWithoutMoneyIsNotAskedToWait(code: String) async throws {
        try await withMockServer { _ in
            .json(["error": ["message": "No.", "code": .string(code)]], status: 429)
        } perform: { server in
            let error = try await withProvider(server.url) { provider in
                await #expect(throws: ModelError.self) { try await provider.respond(to: Self.asked) }
            }
            #expect(error?.code == .exhausted)
        }
    }

    @Test func theProxyOfTheEnvironmentIsUsedExceptForThisMachine() async throws {
        try await withMockServer { _ in
            .json(OpenAIProviderTests.plainAnswer)
        } perform: { server in
            let http = HTTPClient()
            let environment = ["http_proxy": server.url]
            for base in [
                "http://models.example.test/v1", server.url, server.url.replacing("127.0.0.1", with: "localhost"),
            ] {
                let model = Model(name: "m", versionID: 1, provider: "openai", baseURL: base, modelID: "m")
                _ = try? await OpenAIProvider(model: model, http: http, environment: environment).respond(
                    to: Self.asked
                )
            }
            await http.shutdown()
            let paths = await server.requests.map(\.path)
            #expect(paths.first == "http://models.example.test/v1/chat/completions")
            #expect(paths.dropFirst().allSatisfy { $0 == "/chat/completions" })
        }
    }
}
