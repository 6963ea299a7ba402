import JSON
import Synchronization
import TestSupport
import Testing

@testable import Conversation
@testable import Engine
@testable import Store

/// Turns over the rows of models that fall back to others.
struct FallbackTurnTests {
    /// The mock model, and rules that speak when it fails.
    static func documents(at baseURL: String, fallback: String = #"[{"model": "rules"}]"#) -> String {
        """
        [{"kind": "model", "name": "rules", "provider": "rules", "rules": [{"otherwise": "We are back soon."}]},
         {"kind": "model", "name": "mock", "provider": "openai", "base_url": "\(baseURL)", "model": "mock-1",
          "retry": {"attempts": 1}, "fallback": \(fallback)},
         {"kind": "tool", "name": "calculator", "description": "Calculates.", "implementation": "calculator"},
         {"kind": "agent", "name": "assistant", "model": "mock", "tools": ["calculator"], "access": "everyone"}]
        """
    }

    @Test func rulesAnswerWhereTheModelCannotAndTheRecordSaysSo() async throws {
        try await withMockModel { request in
            request.messages.contains { $0["role"] == "tool" }
                ? .error(status: 500) : .toolCalls([.init(name: "calculator", arguments: #"{"expression":"2 + 3"}"#)])
        } perform: { model in
            try await withBench { bench in
                try await bench.register(Self.documents(at: model.baseURL))
                let summary = try await bench.client().send(.message("What is 2 + 3?"), to: "c") { _ in }
                #expect(summary.reply == "We are back soon.")
                let steps = try await bench.text(
                    "SELECT string_agg(kind || ' ' || coalesce(model, ''), ', ' ORDER BY number) AS text FROM agentctl.step"
                )
                #expect(steps == "model_call mock, tool_round , model_attempt mock, model_call rules")
                let changes = try await bench.texts(
                    "SELECT data::text AS text FROM agentctl.event WHERE type = 'model_changed'"
                )
                #expect(changes.count == 1)
                let change = try JSONValue(parsing: changes[0])
                #expect(change["from"] == "mock" && change["to"] == "rules" && change["reason"] == "error")
            }
        }
    }

    @Test func aModelThatHasNoKeyIsPassedOver() async throws {
        try await withMockModel { _ in
            .error(status: 500)
        } perform: { model in
            try await withBench { bench in
                try await bench.register(
                    """
                    {"kind": "model", "name": "keyed", "provider": "openai", "base_url": "\(model.baseURL)",
                     "model": "m", "api_key_env": "AGENTCTL_TEST_NO_SUCH_KEY"}
                    """
                )
                let fallback = #"[{"model": "keyed"}, {"model": "rules"}]"#
                try await bench.register(Self.documents(at: model.baseURL, fallback: fallback))
                let summary = try await bench.client().send(.message("Hello"), to: "c") { _ in }
                #expect(summary.reply == "We are back soon.")
                #expect(await model.requests.count == 1)
            }
        }
    }

    @Test(arguments: [
        (#"[{"model": "mock"}]"#, "fallback[0].model"),
        (#"[{"model": "rules"}, {"model": "rules"}]"#, "fallback[1].model"),
        (#"[{"model": "nobody"}]"#, "fallback[0].model"),
        (#"[{"model": "rules", "on": ["bad luck"]}]"#, "fallback[0].on[0]"),
        (#"[]"#, "fallback"),
    ])
    func aListThatMakesNoSenseIsRefused(list: String, place: String) async throws {
        try await withBench { bench in
            let documents = Self.documents(at: "http://127.0.0.1:9/v1", fallback: list)
            let error = await #expect(throws: StoreError.self) { try await bench.register(documents) }
            #expect(error.map { "\($0)".contains(place) } == true, "\(String(describing: error))")
        }
    }

    /// What the server reads is less than what the model's row says, or the row says nothing.
    @Test func aRequestThatIsTooLongIsShortenedOnce() async throws {
        try await withMockModel { request in
            request.messages.count > 7
                ? .error(status: 400, message: "maximum context length exceeded", type: "invalid_request_error")
                : .text("short enough: \(request.messages.count)")
        } perform: { model in
            try await withBench { bench in
                try await bench.register(Documents.model(at: model.baseURL))
                for number in 1...4 {
                    let text = "\(number) " + String(repeating: "word ", count: 200)
                    let summary = try await bench.client().send(.message(text), to: "c") { _ in }
                    #expect(summary.status == .succeeded, "\(summary.errorMessage ?? "")")
                }
                let kinds = try await bench.texts(
                    "SELECT string_agg(kind::text, ' ' ORDER BY number) AS text FROM agentctl.step GROUP BY seq ORDER BY seq"
                )
                #expect(kinds == ["model_call", "model_call", "model_call", "model_attempt model_call"])
            }
        }
    }

    @Test func aTurnWhoseOnlyMessageIsTooLongFails() async throws {
        try await withMockModel { _ in
            .error(status: 400, message: "maximum context length exceeded", type: "invalid_request_error")
        } perform: { model in
            try await withBench { bench in
                try await bench.register(Documents.model(at: model.baseURL))
                let summary = try await bench.client().send(.message("Hello"), to: "c") { _ in }
                #expect(summary.errorCode == "model_context_exceeded")
                #expect(await model.requests.count == 1)
            }
        }
    }
}
