import JSON
import Postgres
import TestSupport
import Testing

@testable import Conversation
@testable import Engine
@testable import Store
@testable import Tools

/// Messages that arrive while a turn is in progress.
@Suite struct SteeringTests {
    private static let calculation = MockModelReply.toolCalls([
        .init(id: "a", name: "calculator", arguments: #"{"expression":"1+1"}"#)
    ])

    /// A model that has something calculated when it is told to go and the gate is open, and else repeats what it is told.
    private static func calculating(behind gate: MockGate) -> MockModel.Script {
        { request in
            guard request.lastText == "go" else { return .text("re: \(request.lastText)") }
            try await gate.pass()
            return calculation
        }
    }

    /// Runs a worker over an agent whose model answers by `script`, and gives the body what it needs.
    private func withWorker(
        agent: String = "",
        _ script: @escaping MockModel.Script,
        _ body: (Bench, MockModel) async throws -> Void
    ) async throws {
        try await withMockModel(script) { model in
            try await withBench { bench in
                try await bench.register(Documents.model(at: model.baseURL, agent: agent))
                let worker = bench.worker(.init(slots: 4))
                try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask { try await worker.run() }
                    try await body(bench, model)
                    group.cancelAll()
                }
            }
        }
    }

    private func settled(_ bench: Bench, turns: Int) async throws -> [String] {
        try await bench.eventually(
            """
            SELECT (bool_and(state = 'idle') AND (SELECT count(*) = $1::integer FROM agentctl.turn))::text AS text
            FROM agentctl.conversation_control
            """,
            [.integer(Int64(turns))]
        )
        return try await bench.texts(
            "SELECT concat_ws(' ', seq, role, nullif(content, '')) AS text FROM agentctl.message ORDER BY number"
        )
    }

    @Test func aTurnTakesAMessageUpAfterItsTools() async throws {
        let gate = MockGate()
        try await withWorker(Self.calculating(behind: gate)) { bench, model in
            _ = try await bench.conversations.submit(.message("go"), to: "c")
            _ = try await model.requests(count: 1)
            #expect(try await bench.conversations.steer("c", with: "no, stop", idempotencyKey: "k") == 2)
            #expect(try await bench.conversations.steer("c", with: "no, stop", idempotencyKey: "k") == 2)
            await gate.open()
            let messages = try await settled(bench, turns: 1)
            #expect(
                messages == [
                    "1 user go", "1 assistant", "1 tool 2", "1 user no, stop", "1 assistant re: no, stop",
                ]
            )
            let events = try await bench.conversations.events(of: "c", after: 0)
            #expect(
                events.map(\.type) == [
                    "turn_started", "message", "tool_call_requested", "tool_started", "tool_finished", "steered",
                    "message",
                    "turn_complete",
                ]
            )
            #expect(events[5].data["content"] == "no, stop" && events[5].data["by"] == 2)
            let summary = try await bench.conversations.summary(conversation: "c", seq: 2)
            #expect(summary?.seq == 1 && summary?.reply == "re: no, stop")
            // Taking the turn back takes back what was sent into it.
            let undone = try await bench.client().settle(try await bench.conversations.undo(1, of: "c"), of: "c")
            #expect(undone.first?.data["messages"] == 5)
        }
    }

    /// Has a message sent into a turn while its model answers, and the turn ended.
    private func answering(agent: String = "", steeredBy messages: [String], _ body: (Bench) async throws -> Void)
        async throws
    {
        let gate = MockGate()
        try await withMockModel { request in
            if request.lastText == "go" { try await gate.pass() }
            return .text("re: \(request.lastText)")
        } perform: { model in
            try await withBench { bench in
                try await bench.register(Documents.model(at: model.baseURL, agent: agent))
                _ = try await bench.conversations.submit(.message("go"), to: "c")
                let (worker, claimed) = try await bench.claim()
                let claim = try #require(claimed)
                let signals = TurnSignals(store: bench.work, worker: worker)
                let journal = TurnJournal(store: bench.work, claim: claim, signals: signals, logger: .silent)
                let loop = TurnLoop(registry: bench.registry, services: ToolServices(), maximumAttempts: 5)
                async let ended = loop.run(claim, journal: journal, signals: signals) { _ in }
                _ = try await model.requests(count: 1)
                for message in messages { _ = try await bench.conversations.steer("c", with: message) }
                try await signals.refresh()
                await gate.open()
                #expect(try await bench.work.finish(await ended.record, of: claim, worker: worker, claiming: 0).stored)
                try await body(bench)
            }
        }
    }

    @Test func aTurnThatWouldHaveEndedGoesOnForAMessage() async throws {
        try await answering(steeredBy: ["one", "two"]) { bench in
            let messages = try await settled(bench, turns: 1)
            #expect(messages == ["1 user go", "1 assistant re: go", "1 user one", "1 user two", "1 assistant re: two"])
            #expect(try await bench.text("SELECT head_seq::text AS text FROM agentctl.conversation_control") == "3")
        }
    }

    /// It could not be answered any more.
    @Test func aTurnAtItsLimitLeavesAMessageToTheNext() async throws {
        try await answering(agent: #""max_iterations": 1"#, steeredBy: ["one"]) { bench in
            let statuses = try await bench.texts("SELECT status::text AS text FROM agentctl.turn")
            #expect(statuses == ["succeeded"])
            let waiting = try await bench.claim().claim
            #expect(waiting?.seq == 2 && waiting?.content == "one" && waiting?.isMessage == true)
        }
    }

    /// The turn fails, and what was sent into it is not lost.
    @Test func aMessageThatNoTurnTookUpIsAnsweredByItself() async throws {
        let gate = MockGate()
        try await withWorker(agent: #""max_iterations": 1"#, Self.calculating(behind: gate)) { bench, model in
            _ = try await bench.conversations.submit(.message("go"), to: "c")
            _ = try await model.requests(count: 1)
            _ = try await bench.conversations.steer("c", with: "late")
            await gate.open()
            let messages = try await settled(bench, turns: 2)
            #expect(messages == ["1 user go", "1 assistant", "1 tool 2", "2 user late", "2 assistant re: late"])
            #expect(try await bench.text("SELECT status::text AS text FROM agentctl.turn WHERE seq = 1") == "limited")
        }
    }

    @Test func thereMustBeATurnToSteer() async throws {
        try await withBench { bench in
            try await bench.register(Documents.offline)
            _ = try await bench.client().send(.message("x"), to: "c") { _ in }
            for conversation in ["c", "none"] {
                await #expect(throws: StoreError.self) { try await bench.conversations.steer(conversation, with: "y") }
            }
            _ = try await bench.conversations.close("c")
            await #expect(throws: StoreError.self) { try await bench.conversations.steer("c", with: "y") }
        }
    }

    @Test(arguments: ["queue", "steer", "reject", "interrupt"])
    func theAgentSaysWhatBecomesOfASecondMessage(choice: String) async throws {
        let gate = MockGate()
        try await withWorker(agent: #""when_busy": "\#(choice)""#, Self.calculating(behind: gate)) { bench, model in
            _ = try await bench.conversations.submit(.message("go"), to: "c")
            _ = try await model.requests(count: 1)
            if choice == "reject" {
                let error = await #expect(throws: StoreError.self) {
                    _ = try await bench.conversations.submit(.message("more"), to: "c")
                }
                #expect(error?.code == .refused)
            } else {
                _ = try await bench.conversations.submit(.message("more"), to: "c")
            }
            if choice != "interrupt" { await gate.open() }
            let begun = ["1 user go", "1 assistant", "1 tool 2"]
            let expected =
                switch choice {
                case "queue": begun + ["1 assistant re: 2", "2 user more", "2 assistant re: more"]
                case "steer": begun + ["1 user more", "1 assistant re: more"]
                case "reject": begun + ["1 assistant re: 2"]
                default: ["1 user go", "2 user more", "2 assistant re: more"]
                }
            let turns = choice == "queue" || choice == "interrupt" ? 2 : 1
            #expect(try await settled(bench, turns: turns) == expected)
        }
    }

    @Test func aConversationHasItsOwnModelAndLimits() async throws {
        try await withMockModel { request in
            request.lastText == "loop" || request.lastText == "2" ? Self.calculation : .text(request.model)
        } perform: { model in
            try await withBench { bench in
                try await bench.register(Documents.model(at: model.baseURL))
                try await bench.register(
                    #"{"kind": "model", "name": "large", "provider": "openai", "base_url": "\#(model.baseURL)", "model": "mock-2"}"#
                )
                let client = bench.client()
                #expect(try await client.send(.message("a"), to: "c") { _ in }.reply == "mock-1")
                let settings: JSONObject = ["model": "large", "max_iterations": 2]
                let events = try await client.settle(try await bench.conversations.set(settings, of: "c"), of: "c")
                #expect(events.map(\.type) == ["settings_changed"])
                #expect(try await client.send(.message("a"), to: "c") { _ in }.reply == "mock-2")
                let limited = try await client.send(.message("loop"), to: "c") { _ in }
                #expect(limited.limitReached == "max_iterations" && limited.modelCalls == 2)
                // Another conversation of the agent has the agent's own, and a fork has what its origin has.
                #expect(try await client.send(.message("a"), to: "d") { _ in }.reply == "mock-1")
                _ = try await bench.conversations.fork("c", to: "e", message: nil, agent: nil)
                #expect(try await client.send(.message("a"), to: "e") { _ in }.reply == "mock-2")
                _ = try await client.settle(try await bench.conversations.set(["model": .null], of: "c"), of: "c")
                #expect(try await client.send(.message("a"), to: "c") { _ in }.reply == "mock-1")
            }
        }
    }

    @Test func aClientLowersLimitsAndDoesNotRaiseThem() async throws {
        try await withBench { bench in
            try await bench.register(Documents.offline)
            try await bench.register(#"{"kind": "agent", "name": "small", "model": "offline", "max_iterations": 2}"#)
            try await bench.openToEveryone()
            let role = "client_\(bench.url.hashValue.magnitude)"
            try await bench.client.withConnection { connection in
                try await connection.executeScript(
                    """
                    CREATE ROLE \(role) IN ROLE agentctl_client; SET ROLE \(role);
                    SELECT agentctl.submit('c', 'x', agent => 'assistant');
                    SELECT agentctl.set('c', '{"max_iterations": 40, "timeout": 10, "temperature": 0.5}');
                    SELECT agentctl.set('c', '{"agent": "small"}');
                    SELECT agentctl.set('c', '{"max_iterations": 15}');
                    """
                )
                let error = await #expect(throws: PostgresError.self) {
                    try await connection.query(#"SELECT agentctl.set('c', '{"model": "offline"}')"#)
                }
                #expect(error?.sqlState == "AC004")
                try await connection.executeScript("RESET ROLE")
            }
            let seq = try await bench.conversations.set(["max_turn_tokens": 7], of: "\(role)/c")
            _ = try await bench.client().settle(seq, of: "\(role)/c")
            let changes = try await bench.texts(
                "SELECT data::text AS text FROM agentctl.event WHERE type = 'settings_changed' ORDER BY number"
            )
            #expect(
                changes == [
                    #"{"timeout": 10, "temperature": 0.5, "max_iterations": 15}"#, #"{"agent": "small"}"#,
                    #"{"max_iterations": 2}"#, #"{"max_turn_tokens": 7}"#,
                ]
            )
            let settings = try await bench.text("SELECT settings::text AS text FROM agentctl.conversation")
            #expect(settings == #"{"max_iterations": 2, "max_turn_tokens": 7}"#)
        }
    }

    @Test(
        arguments: [
            ["model": "none"], ["agent": "none"], ["agent": .null], ["max_iterations": 0], ["max_iterations": 1.5],
            ["max_iterations": "2"], ["system_prompt": "x"], ["timeout": .integer(-1)], [:],
        ] as [JSONObject]
    )
    func whatIsNoSettingIsRefused(settings: JSONObject) async throws {
        try await withBench { bench in
            try await bench.register(Documents.offline)
            _ = try await bench.client().send(.message("x"), to: "c") { _ in }
            await #expect(throws: StoreError.self) { _ = try await bench.conversations.set(settings, of: "c") }
        }
    }
}
