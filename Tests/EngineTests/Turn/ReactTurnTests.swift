import JSON
import Synchronization
import TestSupport
import Testing

@testable import Conversation
@testable import Engine
@testable import Store

/// Turns of models that write their calls as text, over HTTP.
struct ReactTurnTests {
    private static func documents(
        at baseURL: String,
        model: String = "",
        agent: String = #", "strategy": "react""#,
        tools: String = #"["calculator"]"#
    ) -> String {
        """
        [{"kind": "model", "name": "mock", "provider": "openai", "base_url": "\(baseURL)", "model": "m",
          "retry": {"attempts": 1}\(model)},
         {"kind": "model", "name": "native", "provider": "openai", "base_url": "\(baseURL)", "model": "native"},
         {"kind": "tool", "name": "calculator", "description": "Calculates.", "implementation": "calculator"},
         {"kind": "agent", "name": "assistant", "model": "mock", "system_prompt": "Be brief.", "tools": \(tools),
          "access": "everyone"\(agent)}]
        """
    }

    private static let call = "Thought: I compute.\nAction: calculator\nAction Input: {\"expression\": \"12 * 7\"}"
    private static let finish = "Thought: I know.\nAction: finish\nAction Input: {\"answer\": \"It is 84 \\u263a\"}"

    /// Runs one turn with a model that answers in the order of a script.
    private func turn(
        _ script: [MockModelReply],
        model: String = "",
        agent: String = #", "strategy": "react""#,
        _ check: (Bench, MockModel, TurnSummary, [TurnEvent]) async throws -> Void
    ) async throws {
        let rest = Mutex(script)
        try await withMockModel { _ in
            rest.withLock { $0.isEmpty ? .error(status: 400, message: "no more") : $0.removeFirst() }
        } perform: { mock in
            try await withBench { bench in
                try await bench.register(Self.documents(at: mock.baseURL, model: model, agent: agent))
                let events = Mutex<[TurnEvent]>([])
                let summary = try await bench.client().send(.message("What is 12 * 7?"), to: "c") { event in
                    events.withLock { $0.append(event) }
                }
                try await check(bench, mock, summary, events.withLock { $0 })
            }
        }
    }

    private func steps(_ bench: Bench) async throws -> String? {
        try await bench.text(
            "SELECT string_agg(concat_ws(' ', kind, error_code), ', ' ORDER BY number) AS text FROM agentctl.step"
        )
    }

    @Test(arguments: [#", "strategy": "react""#, ""])
    func aPlainModelCallsToolsAndAnswersInPieces(strategy: String) async throws {
        let way = strategy.isEmpty ? #", "tool_calling": "react""# : ""
        try await turn([.text(Self.call), .text(Self.finish)], model: way, agent: strategy) { bench, mock, summary, events in
            #expect(summary.status == .succeeded && summary.reply == "It is 84 ☺")
            let pieces = events.compactMap { if case .text(let text) = $0 { text } else { nil } }
            #expect(pieces.joined() == "It is 84 ☺" && pieces.count > 1)
            #expect(try await steps(bench) == "model_call, tool_round, model_call")
            let call = try await bench.text(
                "SELECT concat_ws(' ', tool, arguments::json ->> 'expression', result) AS text FROM agentctl.tool_call"
            )
            #expect(call == "calculator 12 * 7 84")
            let requests = await mock.requests
            #expect(requests.allSatisfy { $0.toolNames.isEmpty && $0.body["stop"] == ["\nObservation:"] })
            #expect(requests[1].messages.map { $0["role"] } == ["system", "user", "assistant", "user"])
            #expect(requests[1].messages[2]["content"]?.stringValue == Self.call)
            #expect(requests[1].messages[3]["content"]?.stringValue?.hasPrefix("Observation: ") == true)
            #expect(requests[0].messages[0]["content"]?.stringValue?.contains("- calculator: Calculates.") == true)
        }
    }

    @Test func aStepThatCannotBeReadIsWrittenAgainAndIsNoPartOfTheConversation() async throws {
        let script: [MockModelReply] = [.text("Thought: I compute."), .text(Self.call), .text(Self.finish)]
        try await turn(script) { bench, mock, summary, _ in
            #expect(summary.reply == "It is 84 ☺")
            #expect(try await steps(bench) == "model_call, validation step_invalid, model_call, tool_round, model_call")
            let requests = await mock.requests
            #expect(requests[1].messages.map { $0["role"] } == ["system", "user", "assistant", "user"])
            #expect(requests[1].messages[2]["content"] == "Thought: I compute.")
            #expect(requests[1].lastText.contains("there is a Thought and no Action"))
            // What was wrong is mended, and not shown any more.
            #expect(requests[2].messages.map { $0["role"] } == ["system", "user", "assistant", "user"])
            #expect(!"\(requests[2].body)".contains("there is a Thought and no Action"))
            let stored = try await bench.text("SELECT count(*)::text AS text FROM agentctl.message")
            #expect(stored == "4")
        }
    }

    @Test func afterThreeCorrectionsTheTurnFails() async throws {
        let wrong = MockModelReply.text("Thought: I compute.")
        try await turn([wrong, wrong, wrong, wrong, wrong]) { bench, mock, summary, _ in
            #expect(summary.status == .failed && summary.errorCode == "model_malformed")
            #expect(await mock.requests.count == 4)
        }
    }

    @Test func afterThreeCorrectionsTheNextModelIsAskedInItsOwnWay() async throws {
        let wrong = MockModelReply.text("Thought: I compute.")
        let script = [wrong, wrong, wrong, wrong, .text("It is 84.")]
        let model = #", "tool_calling": "react", "fallback": [{"model": "native"}]"#
        try await turn(script, model: model, agent: "") { bench, mock, summary, _ in
            #expect(summary.reply == "It is 84.")
            let last = try #require(await mock.requests.last)
            #expect(last.model == "native" && last.toolNames == ["calculator"])
            #expect(last.messages.map { $0["role"] } == ["system", "user"])
            let changes = try await bench.text(
                "SELECT data ->> 'to' AS text FROM agentctl.event WHERE type = 'model_changed'"
            )
            #expect(changes == "native")
        }
    }

    @Test func theSameCallTwiceRunningIsNotRun() async throws {
        let script: [MockModelReply] = [.text(Self.call), .text(Self.call), .text(Self.call), .text(Self.finish)]
        try await turn(script) { bench, mock, summary, _ in
            #expect(summary.reply == "It is 84 ☺")
            let calls = try await bench.text("SELECT count(*)::text AS text FROM agentctl.tool_call")
            #expect(calls == "1")
            #expect(await mock.requests[2].lastText.contains("its result is above"))
            let steps = try await steps(bench)
            #expect(
                steps
                    == "model_call, tool_round, model_call, validation step_invalid, model_call, validation step_invalid, model_call"
            )
        }
    }

    @Test func anAnswerThatFitsASchemaIsTheInputOfFinish() async throws {
        let schema = #", "strategy": "react", "output_schema": {"type": "object", "required": ["sum"], "properties": {"sum": {"type": "integer"}}}"#
        let script: [MockModelReply] = [
            .text(Self.call), .text("Action: finish\nAction Input: {\"sum\": \"84\"}"),
            .text("Action: finish\nAction Input: {\"sum\": 84}"),
        ]
        try await turn(script, agent: schema) { bench, mock, summary, _ in
            #expect(summary.reply == #"{"sum": 84}"#)
            #expect(await mock.requests.allSatisfy { $0.body["response_format"] == nil })
            let steps = try await steps(bench)
            #expect(steps == "model_call, tool_round, model_call, validation output_invalid, model_call")
        }
    }

    @Test(arguments: [
        ("", #", "strategy": "react""#), (#", "tool_calling": "react""#, ""),
    ])
    func aToolNamedFinishIsRefused(model: String, agent: String) async throws {
        try await withBench { bench in
            try await bench.register(
                #"{"kind": "tool", "name": "finish", "description": "Ends.", "implementation": "calculator"}"#
            )
            let tools = #"["calculator", "finish"]"#
            let bad = Self.documents(at: "http://127.0.0.1:9/v1", model: model, agent: agent, tools: tools)
            let error = await #expect(throws: StoreError.self) { try await bench.register(bad) }
            #expect(error.map { "\($0)".contains("tools[1]") } == true, "\(String(describing: error))")
            // A model that is changed later is found when the agent is made.
            try await bench.register(Self.documents(at: "http://127.0.0.1:9/v1", agent: "", tools: tools))
            try await bench.register(
                """
                {"kind": "model", "name": "mock", "provider": "openai", "base_url": "http://127.0.0.1:9/v1", "model": "m",
                 "tool_calling": "react"}
                """
            )
            let summary = try await bench.client().send(.message("Hello"), to: "c") { _ in }
            #expect(summary.errorCode == "agent_invalid" || summary.errorMessage?.contains("finish") == true)
        }
    }

    /// The worker is lost between the answer and the result of its call: another one goes on from there.
    @Test func aCrashBetweenTheAnswerAndItsResultLosesNothing() async throws {
        let gate = MockGate()
        let ledger = Ledger(gate: gate)
        let write = "Thought: I write.\nAction: write\nAction Input: {\"entry\": \"one\"}"
        try await withMockModel { request in
            request.lastText.hasPrefix("Observation: ")
                ? .text("Action: finish\nAction Input: {\"answer\": \"done\"}") : .text(write)
        } perform: { model in
            try await Bench.with(ledger, model: model) { bench in
                try await bench.register(
                    #"{"kind": "agent", "name": "assistant", "model": "mock", "tools": ["write"], "strategy": "react"}"#
                )
                _ = try await bench.conversations.submit(.message("go"), to: "c")
                let worker = Mutex<Int64>(0)
                async let lost = bench.process { id in worker.withLock { $0 = id } }
                try await ledger.written()
                try await bench.lose(worker.withLock { $0 })
                #expect(try await bench.process()?.record.status == .waiting)
                await gate.openForever()
                #expect(try await lost?.isStored == false)
                _ = try await bench.client.query(
                    "SELECT agentctl.resolve_tool_call('c', 1, 1, 'happened', 'wrote one')"
                )
                let end = try await bench.process()
                #expect(end?.record.reply == "done")
                #expect(ledger.all.count == 1)
                #expect(await model.requests.count == 2)
            }
        }
    }
}
