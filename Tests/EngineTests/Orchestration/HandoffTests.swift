import JSON
import Postgres
import TestSupport
import Testing

@testable import Conversation
@testable import Engine
@testable import Store

/// Conversations that agents hand over to each other.
@Suite struct HandoffTests {
    private static func desk(sticky: Bool, most: Int = 5) -> String {
        """
        [{"kind": "model", "name": "triage", "provider": "rules", "rules": [
            {"when": "(?i)bill", "call": {"tool": "handoff", "arguments": {"agent": "Billing"}}, "then": "unused"},
            {"when": "(?i)loop", "call": {"tool": "handoff", "arguments": {"agent": "Circle"}}, "then": "unused"},
            {"otherwise": "Hello from triage."}]},
         {"kind": "model", "name": "billing", "provider": "rules", "rules": [{"otherwise": "Hello from billing."}]},
         {"kind": "agent", "name": "Triage", "model": "triage"}, {"kind": "agent", "name": "Billing", "model": "billing"},
         {"kind": "agent", "name": "Circle", "model": "triage"},
         {"kind": "chain", "name": "support", "strategy": "handoff", "start": "Triage", "sticky": \(sticky),
          "max_handoffs": \(most), "to": {"Triage": ["Billing", "Circle"], "Billing": ["Triage"]}}]
        """
    }

    private func say(_ text: String, _ bench: Bench) async throws -> TurnSummary {
        try await bench.client().send(.message(text), to: "c", agent: nil) { _ in }
    }

    @Test func aHandoffHasRunsAndMetricsOfItsOwn() async throws {
        try await withBench { bench in
            try await bench.register(Self.desk(sticky: false))
            _ = try await bench.client().send(.message("my bill"), to: "c", agent: "support") { _ in }
            _ = try await bench.client().send(.message("hello"), to: "c", agent: "support") { _ in }
            _ = try await bench.client().send(.message("hello"), to: "alone", agent: "Triage") { _ in }
            let runs = try await bench.texts(
                "SELECT concat_ws(' ', chain, version, conversation_id, seq, status) AS text FROM agentctl.chain_runs ORDER BY seq"
            )
            #expect(runs == ["support 1 c 1 succeeded", "support 1 c 2 succeeded"])
            let answer = try await bench.text(
                "SELECT agentctl.chain_result('c', 1) ->> 'final_output' AS text"
            )
            #expect(answer == "Hello from billing.")
            func metrics(_ agent: String) async throws -> [String] {
                try await bench.texts(
                    "SELECT concat_ws(' ', agent, version, turns) AS text FROM agentctl.agent_metrics($1) ORDER BY 1",
                    [.text(agent)]
                )
            }
            #expect(try await metrics("support") == ["support 1 2"])
            #expect(try await metrics("Triage") == ["Triage 1 2"])
            let calls: PostgresStatement = """
                SELECT concat_ws(' ', kind, name, calls) AS text
                FROM (SELECT 'model', model, calls FROM agentctl.model_metrics($1)
                      UNION ALL SELECT 'tool', tool, calls FROM agentctl.tool_metrics($1)
                      UNION ALL SELECT 'today ' || kind, name, sum(calls) FROM (
                          SELECT 'model', model, calls FROM agentctl.model_metrics_by('day', $1)
                          UNION ALL SELECT 'tool', tool, calls FROM agentctl.tool_metrics_by('day', $1)
                      ) AS d (kind, name, calls) GROUP BY kind, name) AS m (kind, name, calls)
                ORDER BY 1
                """
            // Whether the turns are in the rollup, or are still to be added, what is counted is the same.
            for isRolledUp in [false, true] {
                if isRolledUp { try await bench.rollUp() }
                #expect(
                    try await bench.texts(calls, [.text("support")]) == [
                        "model billing 1", "model triage 2", "today model billing 1", "today model triage 2",
                        "today tool handoff 1", "tool handoff 1",
                    ]
                )
                #expect(try await bench.texts(calls, [.text("Billing")]).contains("model billing 1"))
            }
        }
    }

    @Test(arguments: [true, false]) func aTurnGoesOnWithTheAgentThatItWasHandedOverTo(sticky: Bool) async throws {
        try await withMockModel { request in
            if request.body["messages"]?[0]?["content"]?.stringValue?.contains("billing") == true {
                return .text("Billing: \(request.messages.count)")
            }
            guard request.lastText.contains("bill"), request.messages.last?["role"] == "user" else {
                return .text("Triage: hello")
            }
            let targets = ["Billing", "Triage"]
            return .toolCalls(
                targets.map { .init(id: $0, name: "handoff", arguments: "{\"agent\": \"\($0)\"}") }
            )
        } perform: { model in
            try await withBench { bench in
                try await bench.register(Documents.model(at: model.baseURL))
                try await bench.register(
                    """
                    [{"kind": "agent", "name": "Triage", "model": "mock", "system_prompt": "You are triage."},
                     {"kind": "agent", "name": "Billing", "model": "mock", "system_prompt": "You are billing."},
                     {"kind": "chain", "name": "support", "strategy": "handoff", "start": "Triage", "sticky": \(sticky),
                      "to": {"Triage": ["Billing"], "Billing": ["Triage"]}}]
                    """
                )
                let first = try await bench.client().send(.message("my bill"), to: "c", agent: "support") { _ in }
                // The other agent sees the system prompt, the message, the calls and their two results.
                #expect(first.reply == "Billing: 5" && first.agent == "Billing")
                let second = try await say("and now?", bench)
                #expect(second.reply == (sticky ? "Billing: 7" : "Triage: hello"))
                let events = try await bench.texts(
                    "SELECT data ->> 'from' || ' ' || (data ->> 'to') AS text FROM agentctl.event WHERE type = 'handed_over'"
                )
                #expect(events == ["Triage Billing"])
                let turns = try await bench.texts(
                    "SELECT agent || ' ' || status AS text FROM agentctl.turn ORDER BY seq"
                )
                #expect(turns == ["Billing succeeded", sticky ? "Billing succeeded" : "Triage succeeded"])
            }
        }
    }

    @Test func aTurnIsHandedOverAsOftenAsItMay() async throws {
        let chooser: @Sendable (MockModelRequest) -> MockModelReply = { request in
            let tools = request.body["tools"]?.arrayValue ?? []
            let isOffered = tools.contains { $0["function"]?["name"] == "handoff" }
            guard isOffered else { return .text("no more") }
            let isPing = request.body["messages"]?[0]?["content"]?.stringValue == "ping"
            let call = MockModelReply.ToolCall(
                id: "a\(request.messages.count)",
                name: "handoff",
                arguments: isPing ? #"{"agent": "Pong"}"# : #"{"agent": "Ping"}"#
            )
            return .toolCalls([call])
        }
        try await withMockModel(chooser) { model in
            try await withBench { bench in
                try await bench.register(Documents.model(at: model.baseURL))
                try await bench.register(
                    """
                    [{"kind": "agent", "name": "Ping", "model": "mock", "system_prompt": "ping"},
                     {"kind": "agent", "name": "Pong", "model": "mock", "system_prompt": "pong"},
                     {"kind": "chain", "name": "game", "strategy": "handoff", "start": "Ping", "max_handoffs": 3,
                      "to": {"Ping": ["Pong"], "Pong": ["Ping"]}}]
                    """
                )
                let summary = try await bench.client().send(.message("go"), to: "c", agent: "game") { _ in }
                #expect(summary.reply == "no more" && summary.agent == "Pong")
                let handed = try await bench.text(
                    "SELECT count(*)::text AS text FROM agentctl.event WHERE type = 'handed_over'"
                )
                #expect(handed == "3")
            }
        }
    }

    @Test func anAgentOutsideOfItsHandoffHasNoSuchTool() async throws {
        try await withBench { bench in
            try await bench.register(Self.desk(sticky: false))
            let alone = try await bench.client().send(.message("bill"), to: "c", agent: "Triage") { _ in }
            #expect(alone.reply == "I would need a tool that this agent does not have: \"handoff\".")
            let handed = try await bench.client().send(.message("bill"), to: "d", agent: "support") { _ in }
            #expect(handed.reply == "Hello from billing.")
        }
    }

    @Test func anExportSaysForWhichHandoffAnAgentHasAnswered() async throws {
        try await withBench { first in
            try await first.register(Self.desk(sticky: true))
            _ = try await first.client().send(.message("my bill"), to: "c", agent: "support") { _ in }
            let text = try await first.exported()
            try await withBench { second in
                try await second.imported(text) { $0.registersDefinitions = true }
                #expect(try await second.exported() == text)
                let runs: PostgresStatement = "SELECT chain || ' ' || version AS text FROM agentctl.chain_runs"
                #expect(try await second.texts(runs) == ["support 1"])
            }
        }
    }

    /// What is given up was answered by whom it had been handed over to.
    @Test func aTurnThatIsGivenUpIsOfItsHandoff() async throws {
        try await withBench { bench in
            try await bench.register(Self.desk(sticky: true))
            _ = try await bench.conversations.submit(.message("my bill"), to: "c", agent: "support")
            let claim = try #require(try await bench.claim().claim)
            try await bench.script(
                """
                INSERT INTO agentctl.turn_progress (conversation_id, seq, saves, agent, agent_version, started_at,
                    first_message, steps, model_calls, tool_calls, input_tokens, cached_input_tokens, output_tokens,
                    cost_usd, duration_ms, chain_version_id)
                SELECT 'c', 1, 1, 'Billing', 1, clock_timestamp(), 1, 0, 0, 0, 0, 0, 0, 0, 0, v.id FROM agentctl.definition_version AS v
                WHERE v.kind = 'chain'
                """
            )
            let ended = try await bench.text(
                "SELECT agentctl.give_up('c', 1, $1, 'record_refused', 'x')::text AS text",
                [.uuid(claim.lease)]
            )
            #expect(ended == "true")
            let runs = try await bench.texts(
                "SELECT r.chain || ' ' || t.agent AS text FROM agentctl.chain_runs AS r JOIN agentctl.turn AS t USING (seq)"
            )
            #expect(runs == ["support Billing"])
        }
    }

    @Test func aTurnOfAHandoffThatFailedIsAnErrorOfTheHandoff() async throws {
        try await withMockModel { _ in
            .response(.json(["error": ["message": "no", "type": "invalid_request_error"]], status: 400))
        } perform: { model in
            try await withBench { bench in
                try await bench.register(Documents.model(at: model.baseURL))
                try await bench.register(
                    """
                    [{"kind": "agent", "name": "Ping", "model": "mock"}, {"kind": "agent", "name": "Pong", "model": "mock"},
                     {"kind": "chain", "name": "game", "strategy": "handoff", "start": "Ping", "to": {"Ping": ["Pong"]}}]
                    """
                )
                _ = try await bench.client().send(.message("go"), to: "c", agent: "game") { _ in }
                let errors = try await bench.texts(
                    """
                    SELECT concat_ws(' ', source, subject, occurrences, last_message IS NOT NULL) AS text
                    FROM agentctl.error_patterns('game') ORDER BY source DESC
                    """
                )
                #expect(errors == ["turn game 1 t", "model mock 1 t"])
            }
        }
    }

    @Test(arguments: ["chain_runs", "handoff_turns WHERE chain = 'support'"])
    func theRunsOfHandoffsAreFoundByAnIndex(_ view: String) async throws {
        try await withBench { bench in
            let plan = try await bench.client.withConnection { connection in
                try await connection.executeScript("SET enable_seqscan = off; SET enable_bitmapscan = off")
                return try await connection.query(PostgresStatement("EXPLAIN SELECT * FROM agentctl.\(view)")).map {
                    try $0.decode("QUERY PLAN", as: String.self)
                }
            }
            #expect(plan.contains { $0.contains("conversation_id_seq_idx") }, "\(plan)")
        }
    }
}
