import JSON
import Testing

@testable import Conversation
@testable import Definitions
@testable import Models
@testable import Wire

@Suite struct ModelTests {
    @Test func readsADocument() throws {
        let document: JSONValue = [
            "kind": "model", "name": "gpt", "provider": "openai", "base_url": "https://api.example.com/v1",
            "model": "some-model", "api_key_env": "OPENAI_API_KEY", "context_window": 128_000,
            "prices": ["input": 0.15, "cached_input": 0.075, "output": 0.6], "idle_timeout": 5, "timeout": 60.5,
            "max_response_bytes": 2_048, "max_tool_calls": 3, "max_tokens_field": "max_completion_tokens",
            "from_a_newer_version": true,
        ]
        let expected = Model(
            name: "gpt",
            versionID: 7,
            provider: "openai",
            baseURL: "https://api.example.com/v1",
            modelID: "some-model",
            apiKeyEnvironmentVariable: "OPENAI_API_KEY",
            contextWindow: 128_000,
            prices: ModelPrices(input: 0.15, cachedInput: 0.075, output: 0.6),
            idleTimeout: .seconds(5),
            totalTimeout: .seconds(60.5),
            maximumResponseBytes: 2_048,
            maximumToolCalls: 3,
            outputLimitMember: .maximumCompletionTokens
        )
        #expect(try Model(name: "gpt", versionID: 7, document: document) == expected)
    }

    @Test func tellsAllMistakesAtOnce() throws {
        let document: JSONValue = [
            "base_url": 7, "api_key_env": "sk-not-a-name", "context_window": 0, "timeout": -1,
            "max_tokens_field": "max", "prices": ["input": "free", "imput": 1],
        ]
        let error = #expect(throws: ModelError.self) { try Model(name: "m", versionID: 1, document: document) }
        #expect(error?.code == .configuration)
        #expect(
            error?.problems == [
                DocumentProblem(path: "", message: "expected a member \"provider\""),
                DocumentProblem(path: "base_url", message: "expected a string, found integer"),
                DocumentProblem(
                    path: "api_key_env",
                    message: "expected the name of an environment variable (letters, digits, _)"
                ),
                DocumentProblem(path: "context_window", message: "expected an integer from 256 to 100000000"),
                DocumentProblem(path: "prices.imput", message: "unknown member; did you mean \"input\"?"),
                DocumentProblem(path: "prices.input", message: "expected a number from 0.0 to 1000000.0"),
                DocumentProblem(path: "timeout", message: "expected a number from 0.001 to 86400.0"),
                DocumentProblem(path: "max_tokens_field", message: "expected max_tokens or max_completion_tokens"),
            ]
        )
        // Whoever writes a key where its name belongs must not find it in a log.
        #expect(error?.description.contains("sk-not-a-name") == false)
    }

    @Test func costs() {
        let prices = ModelPrices(input: 1, cachedInput: 0.5, output: 4)
        #expect(prices.cost(of: TokenUsage(input: 1_000_000, cachedInput: 400_000, output: 500_000)) == 2.8)
        let writing = ModelPrices(input: 1, cachedInput: 0.5, cacheWrite: 1.25, output: 4)
        let usage = TokenUsage(input: 1_000_000, cachedInput: 400_000, cacheWriteInput: 200_000, output: 500_000)
        #expect(writing.cost(of: usage) == 2.85)
        #expect(prices.cost(of: usage) == 2.8)
        let withoutDiscount = ModelPrices(input: 2, output: 0)
        #expect(withoutDiscount.cost(of: TokenUsage(input: 500_000, cachedInput: 500_000, output: 9)) == 1)
        #expect(ModelPrices.free.cost(of: TokenUsage(input: 5, output: 5)) == 0)
    }

    @Test func addsUsage() {
        let sum = TokenUsage(input: 1, cachedInput: 1, output: 2) + TokenUsage(input: 3, output: 4, isEstimated: true)
        #expect(sum == TokenUsage(input: 4, cachedInput: 1, output: 6, isEstimated: true))
    }
}
