import FoundationEssentials
import Glibc
import HTTP
import HTTPTypes
import JSON
import TestSupport
import Testing

@testable import Conversation
@testable import Definitions
@testable import Models

/// What the document of an endpoint says, as its server sees it.
struct ModelEndpointTests {
    private static let answer: JSONValue = [
        "choices": [["message": ["role": "assistant", "content": "2"], "finish_reason": "stop"]]
    ]
    private let request = ModelRequest(messages: [.user("What is 1 + 1?")])

    private func model(_ endpoint: JSONObject, provider: String = "openai") throws -> Model {
        try Model(
            name: "m",
            versionID: 1,
            document: ["provider": .string(provider), "model": "m-1", "endpoint": "e"],
            endpoints: ["e": .object(endpoint)]
        )
    }

    private func withProvider(
        _ endpoint: JSONObject,
        environment: [String: String] = [:],
        _ body: (any ModelProvider) async throws -> Void
    ) async throws {
        let http = HTTPClient()
        let result: Result<Void, any Error>
        do {
            let factory = ModelProviderFactory(http: http, environment: environment)
            result = .success(try await body(try factory.provider(for: try model(endpoint))))
        } catch {
            result = .failure(error)
        }
        await http.shutdown()
        try result.get()
    }

    @Test func eachRequestHasWhatItSays() async throws {
        try await withMockServer { _ in
            .json(Self.answer)
        } perform: { server in
            let endpoint: JSONObject = [
                "base_url": .string("\(server.url)/v1/"), "api_key_env": "KEY", "api_key_header": "api-key",
                "headers": ["X-Project": "blue"], "header_env": ["X-Gateway": "GATE"],
                "query": ["api-version": "2024-10-21", "a b": "c&d"], "connections": 3,
            ]
            try await withProvider(endpoint, environment: ["KEY": "the-key", "GATE": "the-gate"]) { provider in
                _ = try await provider.respond(to: request)
                let sent = try #require(await server.requests.first)
                #expect(sent.path == "/v1/chat/completions?a%20b=c%26d&api-version=2024-10-21")
                #expect(sent.headers.first(name: "api-key") == "the-key")
                #expect(sent.headers.first(name: "authorization") == nil)
                #expect(sent.headers.first(name: "x-project") == "blue")
                #expect(sent.headers.first(name: "x-gateway") == "the-gate")
            }
        }
    }

    @Test func errorsHoldNoneOfItsSecrets() async throws {
        try await withMockServer { request in
            let key = request.headers.first(name: "authorization") ?? ""
            let gate = request.headers.first(name: "x-gateway") ?? ""
            return .json(["error": ["message": .string("no: \(key), \(gate)")]], status: 401)
        } perform: { server in
            let endpoint: JSONObject = [
                "base_url": .string(server.url), "api_key_env": "KEY", "header_env": ["X-Gateway": "GATE"],
            ]
            try await withProvider(endpoint, environment: ["KEY": "plain-one", "GATE": "plain two"]) { provider in
                let error = await #expect(throws: ModelError.self) { try await provider.respond(to: request) }
                #expect(error?.message.contains("plain") == false, "\(String(describing: error))")
            }
        }
    }

    @Test func aVariableThatIsNotSetIsNamed() throws {
        let endpoint: JSONObject = ["base_url": "http://127.0.0.1:9", "header_env": ["X-Gateway": "GATE"]]
        let error = #expect(throws: ModelError.self) {
            _ = try ModelProviderFactory(http: HTTPClient(), environment: [:]).provider(for: try model(endpoint))
        }
        #expect(error?.problems.map(\.path) == ["header_env.X-Gateway"])
    }

    /// A key that is replaced is used with the next call, and nobody has to start anything.
    @Test func theFileOfAKeyIsReadAgainWhenItChanges() async throws {
        try await withTemporaryDirectory { directory in
            let file = "\(directory)/key"
            func write(_ key: String, mode: mode_t = 0o600) throws {
                try key.write(toFile: file, atomically: true, encoding: .utf8)
                #expect(chmod(file, mode) == 0)
            }
            try await withMockServer { _ in
                .json(Self.answer)
            } perform: { server in
                try write("first\n")
                let endpoint: JSONObject = ["base_url": .string(server.url), "api_key_file": .string(file)]
                try await withProvider(endpoint) { provider in
                    _ = try await provider.respond(to: request)
                    _ = try await provider.respond(to: request)
                    try write("other")
                    _ = try await provider.respond(to: request)
                    let keys = await server.requests.map { $0.headers.first(name: "authorization") }
                    #expect(keys == ["Bearer first", "Bearer first", "Bearer other"])
                    let refused: [(String, mode_t, String)] = [
                        ("third", 0o604, "may be read by others"), ("", 0o600, "is empty"),
                        ("two\nlines", 0o600, "characters that no key has"),
                    ]
                    for (key, mode, reason) in refused {
                        try write(key, mode: mode)
                        let error = await #expect(throws: ModelError.self) { try await provider.respond(to: request) }
                        #expect(error?.code == .configuration && error?.message.contains(reason) == true)
                        #expect(error?.message.contains("third") == false && error?.fallbackReason == .error)
                    }
                    #expect(unlink(file) == 0)
                    let error = await #expect(throws: ModelError.self) { try await provider.respond(to: request) }
                    #expect(error?.message.contains("cannot be read") == true)
                    // A FIFO is not waited for.
                    #expect(mkfifo(file, 0o600) == 0)
                    let other = await #expect(throws: ModelError.self) { try await provider.respond(to: request) }
                    #expect(other?.message.contains("is no file") == true)
                }
            }
        }
    }

    /// The model moves its address and its key into an endpoint: its server is the same.
    @Test func whatAServerSentStaysItsOwn() throws {
        let alone = try Model(
            name: "m",
            versionID: 1,
            document: ["provider": "openai", "model": "m-1", "base_url": "http://h/v1", "api_key_env": "KEY"]
        )
        let shared = try model(["base_url": "http://h/v1", "api_key_env": "KEY"])
        #expect(alone.origin == shared.origin && alone.endpoint == "http://h/v1 KEY" && shared.endpoint == "e")
        #expect(try model(["base_url": "http://h/v1", "api_key_file": "/k"]).origin != shared.origin)
    }

    @Test func amongModelsWithoutTheEndpointItIsMissing() {
        let error = #expect(throws: ModelError.self) {
            try Model(name: "m", versionID: 1, document: ["provider": "openai", "model": "m", "endpoint": "gone"])
        }
        #expect(error?.problems.map(\.path) == ["endpoint"])
    }
}
