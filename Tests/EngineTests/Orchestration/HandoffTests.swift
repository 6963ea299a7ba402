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
}
