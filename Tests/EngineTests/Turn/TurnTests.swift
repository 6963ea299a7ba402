import JSON
import Postgres
import Synchronization
import TestSupport
import Testing

@testable import Conversation
@testable import Engine
@testable import Safety

/// What a turn told while it ran.
final class EventBook: Sendable {
    private let events = Mutex<[TurnEvent]>([])

    func add(_ event: TurnEvent) {
        events.withLock { $0.append(event) }
    }

    var all: [TurnEvent] { events.withLock { $0 } }

    var text: String {
        all.reduce(into: "") { text, event in
            if case .text(let piece) = event { text += piece }
            if case .reset = event { text = "" }
        }
    }
}

@Suite struct TurnTests {
    /// Sends one message to an agent over a scripted model and returns how it ended.
    private func send(
        _ content: SubmissionContent = .message("hello"),
        agent: String = "",
        script: @escaping MockModel.Script,
        check: (Bench, MockModel, TurnSummary, EventBook) async throws -> Void
    ) async throws {
        try await withMockModel(script) { model in
            try await withBench { bench in
                try await bench.register(Documents.model(at: model.baseURL, agent: agent))
                let events = EventBook()
                let summary = try await bench.client().send(content, to: "c") { events.add($0) }
                try await check(bench, model, summary, events)
            }
        }
    }

    @Test func aReplyIsStreamedStoredAndCounted() async throws {
        try await send { _ in
            .text("Good morning.", usage: .init(prompt: 100, cached: 40, completion: 10))
        } check: { bench, model, summary, events async throws in
            #expect(summary.status == .succeeded && summary.reply == "Good morning.")
            #expect(events.text == "Good morning.")
            #expect(events.all.count > 2, "it came in one piece")
            // 60 tokens at 1, 40 cached at 0.5 and 10 at 2 USD per million.
            let stored = try await bench.text(
                """
                SELECT format('%s %s %s %s %s', status, input_tokens, cached_input_tokens, output_tokens, cost_usd) AS text
                FROM agentctl.turn
                """
            )
            #expect(stored == "succeeded 100 40 10 0.0001000000")
            let body = try #require(try await model.requests(count: 1).first)
            #expect(body.messages.map { $0["role"] } == ["system", "user"])
            #expect(
                body.messages.map { $0["content"] }
                    == ["Be brief.\n\n" + ToolOutputMarks.explanation, "hello"].map(JSONValue.string)
            )
        }
    }

    @Test func theNextMessageIsSentWithTheHistory() async throws {
        try await withMockModel {
            .text("reply to \($0.lastText)")
        } perform: { model in
            try await withBench { bench in
                try await bench.register(Documents.model(at: model.baseURL))
                for text in ["one", "two"] {
                    _ = try await bench.client().send(.message(text), to: "c") { _ in }
                }
                let bodies = try await model.requests(count: 2)
                #expect(
                    bodies[1].messages.map { $0["content"] }
                        == ["Be brief.\n\n" + ToolOutputMarks.explanation, "one", "reply to one", "two"].map(
                            JSONValue.string
                        )
                )
            }
        }
    }

    @Test func toolsOfOneAnswerRunTogetherAndTheirResultsGoBack() async throws {
        try await send { request in
            request.messages.last?["role"] == "tool"
                ? .text("3 and 7")
                : .toolCalls([
                    .init(id: "a", name: "calculator", arguments: #"{"expression":"1+2"}"#),
                    .init(id: "b", name: "calculator", arguments: #"{"expression":"3+4"}"#),
                    .init(id: "c", name: "calculater", arguments: "{}"),
                    .init(id: "d", name: "calculator", arguments: "{nonsense"),
                ])
        } check: { bench, model, summary, events async throws in
            #expect(summary.reply == "3 and 7" && summary.modelCalls == 2 && summary.toolCalls == 4)
            let calls = try await bench.texts(
                "SELECT format('%s %s %s %s', number, call_id, state, error_code) AS text FROM agentctl.tool_call ORDER BY number"
            )
            #expect(
                calls == [
                    "1 a succeeded ", "2 b succeeded ", "3 c failed not_found", "4 d failed invalid_arguments",
                ]
            )
            let steps = try await bench.texts("SELECT kind::text AS text FROM agentctl.step ORDER BY number")
            #expect(steps == ["model_call", "tool_round", "model_call"])
            let second = try await model.requests(count: 2)[1]
            #expect(
                second.messages.map { $0["role"] } == ["system", "user", "assistant", "tool", "tool", "tool", "tool"]
            )
            #expect(second.messages.map { $0["tool_call_id"] }.suffix(4) == ["a", "b", "c", "d"])
            #expect(events.all.count { if case .toolFinished = $0 { true } else { false } } == 4)
            let trace = try await bench.texts(
                "SELECT format('%s %s %s', step, kind, name) AS text FROM agentctl.turn_trace ORDER BY step, call NULLS FIRST"
            )
            #expect(trace.count == 7 && trace[2] == "2 tool_call calculator")
        }
    }

    @Test(arguments: [
        (#""max_iterations": 2"#, "max_iterations"), (#""max_turn_tokens": 10"#, "max_turn_tokens"),
        (#""timeout": 0.2"#, "timeout"),
    ])
    func aLimitEndsATurnAndSaysWhich(_ setting: String, _ limit: String) async throws {
        try await send(agent: setting) { request in
            if limit == "timeout" { return .hang(after: "I am thinking") }
            return .toolCalls(
                [.init(name: "calculator", arguments: #"{"expression":"1"}"#)],
                usage: .init(prompt: 6, completion: 6)
            )
        } check: { bench, _, summary, _ async throws in
            #expect(summary.status == .limited && summary.limitReached == limit)
            #expect(
                try await bench.text("SELECT status || ' ' || limit_reached AS text FROM agentctl.turn")
                    == "limited \(limit)"
            )
            #expect(try await bench.text("SELECT state::text AS text FROM agentctl.conversation_control") == "idle")
        }
    }

    @Test func anAnswerCutAtTheTokenLimitSaysSo() async throws {
        try await send { _ in
            var reply = MockModelReply.text("Once upon a")
            reply.finishReason = "length"
            return reply
        } check: { _, _, summary, _ in
            #expect(summary.status == .limited && summary.limitReached == "max_output_tokens")
        }
    }

    static let failures: [(String, MockModelReply, String)] = [
        ("500", .error(status: 500), "model_server"),
        ("429", .error(status: 429, retryAfter: 3_600), "model_rate_limited"),
        ("401", .error(status: 401), "model_authentication"), ("not JSON", .notJSON, "model_truncated"),
        ("no choices", .noChoices, "model_truncated"), ("cut", .cut(after: "Half a"), "model_truncated"),
        ("unfinished", .unfinished(after: "Half a"), "model_truncated"),
        ("10 MB", .response(.huge(byteCount: 10 << 20)), "model_too_large"),
        ("garbage", .response(.garbage(Array("\u{1}\u{2}\u{3}".utf8))), "model_unreachable"),
    ]

    @Test(arguments: failures.indices)
    func whatAModelDoesWrongIsATypedErrorAndTheConversationGoesOn(_ index: Int) async throws {
        let (_, reply, code) = Self.failures[index]
        try await send { request in
            request.lastText == "hello" ? reply : .text("fine again")
        } check: { bench, _, summary, _ async throws in
            #expect(summary.status == .failed)
            let stored = try await bench.text(
                "SELECT t.error_code || ' ' || ('model_' || s.error_code = t.error_code) AS text FROM agentctl.turn AS t JOIN agentctl.step AS s USING (conversation_id, seq)"
            )
            if code == "model_unreachable" {
                #expect(["model_unreachable true", "model_malformed true"].contains(stored))
            } else {
                #expect(stored == "\(code) true")
            }
            let next = try await bench.client().send(.message("and now?"), to: "c") { _ in }
            #expect(next.seq == 2 && next.reply == "fine again")
        }
    }

    @Test func aModelThatHangsIsGivenUp() async throws {
        try await withMockModel { _ in
            .hang(after: "well")
        } perform: { model in
            try await withBench { bench in
                try await bench.register(Documents.model(at: model.baseURL))
                _ = try await bench.client.query("UPDATE agentctl.models SET idle_timeout = 0.2 WHERE name = 'mock'")
                let summary = try await bench.client().send(.message("hello"), to: "c") { _ in }
                #expect(summary.status == .failed && summary.errorCode == "model_timeout")
            }
        }
    }

    @Test func inputThatDoesNotFitNeverReachesTheModel() async throws {
        let schema =
            #""input_schema": {"type": "object", "properties": {"query": {"type": "string"}}, "required": ["query"]}"#
        try await send(.input(["query": 3]), agent: schema) { _ in
            .text("never")
        } check: { bench, model, summary, _ async throws in
            #expect(summary.errorCode == "input_invalid")
            #expect(summary.errorMessage?.contains("/query") == true)
            let plain = try await bench.client().send(.message("find it"), to: "c") { _ in }
            #expect(plain.errorCode == "input_invalid")
            let fitting = try await bench.client().send(.input(["query": "x"]), to: "c") { _ in }
            #expect(fitting.status == .succeeded)
            #expect(await model.requests.count == 1)
        }
    }

    @Test func outputThatDoesNotFitIsSentBackABoundedNumberOfTimes() async throws {
        let schema = #""output_schema": {"type": "object", "required": ["answer"]}, "output_retries": 2"#
        try await send(agent: schema) { request in
            request.messages.count < 4 ? .text("no json") : .text(#"{"answer": 1}"#)
        } check: { bench, model, summary, events async throws in
            #expect(summary.reply == #"{"answer": 1}"# && events.text == #"{"answer": 1}"#)
            let history = try await bench.texts("SELECT role::text AS text FROM agentctl.message ORDER BY number")
            #expect(history == ["user", "assistant"])
            let second = try await model.requests(count: 2)[1]
            #expect(second.lastText.contains("does not fit"))
        }
        try await send(agent: schema) { _ in
            .text("never json")
        } check: { bench, model, summary, _ async throws in
            #expect(summary.status == .failed && summary.errorCode == "output_invalid")
            #expect(await model.requests.count == 3)
        }
    }

    @Test func cancellingStoresTheTurnAsInterrupted() async throws {
        try await withMockModel { _ in
            .hang(after: "I will go on")
        } perform: { model in
            try await withBench { bench in
                try await bench.register(Documents.model(at: model.baseURL))
                let sending = Task { try await bench.client().send(.message("hello"), to: "c") { _ in } }
                _ = try await model.requests(count: 1)
                sending.cancel()
                #expect(try await sending.value.status == .interrupted)
                #expect(try await bench.text("SELECT status::text AS text FROM agentctl.turn") == "interrupted")
                try await model.server.disconnections(count: 1)
            }
        }
    }

    @Test func cancellingWhileTheAgentIsReadStoresTheTurnAsInterrupted() async throws {
        try await withBench { bench in
            try await bench.register(Documents.offline)
            _ = try await bench.client().send(.message("hello"), to: "c") { _ in }
            bench.registry.invalidate()
            try await bench.client.withTransaction { connection in
                try await connection.query("LOCK TABLE agentctl.definition_version IN ACCESS EXCLUSIVE MODE")
                let sending = Task { try await bench.client().send(.message("again"), to: "c") { _ in } }
                try await bench.eventually(
                    """
                    SELECT (count(*) = 1)::text AS text FROM pg_locks
                    WHERE NOT granted AND relation = 'agentctl.definition_version'::regclass
                        AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
                    """
                )
                sending.cancel()
                #expect(try await sending.value.status == .interrupted)
            }
            let turns = try await bench.texts(
                "SELECT format('%s %s', status, error_code) AS text FROM agentctl.turn ORDER BY seq"
            )
            #expect(turns == ["succeeded ", "interrupted "])
        }
    }

    @Test func anAgentThatCannotBeBuiltFailsItsTurn() async throws {
        try await withBench { bench in
            try await bench.register(
                """
                [{"kind": "model", "name": "m", "provider": "openai", "base_url": "http://127.0.0.1:1/v1", "model": "x",
                  "api_key_env": "NO_SUCH_KEY"},
                 {"kind": "agent", "name": "assistant", "model": "m"}]
                """
            )
            let keyless = try await bench.client().send(.message("hi"), to: "c") { _ in }
            #expect(keyless.status == .failed)
            #expect(keyless.errorMessage?.contains("NO_SUCH_KEY") == true)
            try await bench.register(
                """
                [{"kind": "model", "name": "m", "provider": "rules", "rules": [{"when": "(", "say": "x"}]},
                 {"kind": "agent", "name": "assistant", "model": "m"}]
                """
            )
            let patternless = try await bench.client().send(.message("hi"), to: "c") { _ in }
            #expect(patternless.errorCode == "agent_invalid")
            #expect(
                patternless.errorMessage?.contains("rules[0]") == true
                    || patternless.errorMessage?.contains("/rules/0") == true
            )
        }
    }

    @Test func rulesAnswerWithoutANetwork() async throws {
        try await withBench { bench in
            try await bench.register(Documents.offline)
            var replies: [String?] = []
            for text in ["What is (3 + 4) * 6?", "both", "again", "anything"] {
                replies.append(try await bench.client().send(.message(text), to: "c") { _ in }.reply)
            }
            #expect(replies[0] == "It is 42.")
            #expect(replies[1]?.contains("2") == true && replies[1]?.contains("4") == true)
            #expect(replies[3] == "Hello.")
        }
    }

    @Test func theSameKeyIsAnsweredFromTheTable() async throws {
        try await send { _ in
            .text("once")
        } check: { bench, model, _, _ in
            for _ in 0..<3 {
                let summary = try await bench.client().send(.message("x"), to: "k", idempotencyKey: "key") { _ in }
                #expect(summary.reply == "once" && summary.seq == 1)
            }
            #expect(await model.requests.count == 2)
        }
    }
}
