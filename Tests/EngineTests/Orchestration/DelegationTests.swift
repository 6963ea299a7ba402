import JSON
import Postgres
import TestSupport
import Testing

@testable import Conversation
@testable import Engine
@testable import Store
@testable import Tools

/// Turns that delegate, from the model's call to its answer.
@Suite struct DelegationTests {
    private static let report = "Report: ## 1. Searcher\nfound cats\n\n## 2. Analyst\ncats is good"

    @Test func aTurnDelegatesAndAnswersWithTheResultsWithoutAWorker() async throws {
        try await Bench.withDelegates { bench in
            let summary = try await bench.client().send(.message("research cats"), to: "c", agent: "Lead") { _ in }
            #expect(summary.status == .succeeded && summary.reply == Self.report)
            #expect(
                try await bench.turns() == ["c/1 succeeded", "c~1.1/1 succeeded", "c~1.2/1 succeeded"]
            )
            let parents = try await bench.texts(
                """
                SELECT format('%s %s/%s %s', conversation_id, parent_conversation_id, parent_seq, depth) AS text
                FROM agentctl.turn WHERE depth > 0 ORDER BY conversation_id
                """
            )
            #expect(parents == ["c~1.1 c/1 1", "c~1.2 c/1 1"])
        }
    }

    @Test func aTurnThatWaitsForItsTasksHoldsNoWorkerAndItsEventsNameThem() async throws {
        try await Bench.withDelegates { bench in
            // One slot: were it held, the tasks could not run.
            try await bench.working(.init(slots: 1)) {
                let summary = try await bench.client().send(.message("research cats"), to: "c", agent: "Lead") { _ in }
                #expect(summary.reply == Self.report)
            }
            let events = try await bench.conversations.events(of: "c", after: 0)
            let types = [
                "turn_started", "message", "tool_call_requested", "tool_started", "waiting", "task_assigned",
                "task_assigned", "task_finished", "task_finished", "tool_finished", "message", "turn_complete",
            ]
            #expect(events.map(\.type) == types && events.map(\.number) == Array(1...12))
            #expect(events[5].data["agent"] == "Searcher" && events[5].data["conversation"] == "c~1.1")
            #expect(events[4].data["for"] == "tasks")
            let call = try await bench.texts(
                "SELECT format('%s %s %s', tool, effect, state) AS text FROM agentctl.tool_call"
            )
            #expect(call == ["delegate sql succeeded"])
        }
    }

    @Test func aTaskThatFailsIsReportedToTheModelWithWhatHappened() async throws {
        try await Bench.withDelegates { bench in
            try await bench.register(DelegationDocuments.failingAnalyst)
            let summary = try await bench.client().send(.message("research cats"), to: "c", agent: "Lead") { _ in }
            #expect(summary.status == .succeeded)
            #expect(
                summary.reply?.hasPrefix("Report: ## 1. Searcher\nfound cats\n\n## 2. Analyst\nError: Analyst failed: ")
                    == true
            )
        }
    }

    @Test func aTaskByCapabilityGoesToAnAgentThatHasIt() async throws {
        try await Bench.withDelegates { bench in
            let summary = try await bench.client().send(.message("route cats"), to: "c", agent: "Router") { _ in }
            #expect(summary.reply == "Routed: found cats")
            #expect(try await bench.texts("SELECT agent AS text FROM agentctl.task WHERE is_routed") == ["Searcher"])
        }
    }

    @Test func depthIsHandedDownAndTheToolIsNotOfferedWhereNoneIsLeft() async throws {
        try await Bench.withDelegates { bench in
            let reply = try await bench.client().send(.message("pass cats"), to: "c", agent: "Top") { _ in }.reply
            #expect(reply == "Top: Middle: found cats")
            try await bench.register(
                #"{"kind": "agent", "name": "Top", "model": "lead", "delegates": ["Middle"], "max_chain_depth": 1}"#
            )
            let second = try await bench.client().send(.message("pass cats"), to: "d", agent: "Top") { _ in }.reply
            #expect(second == "Top: I would need a tool that this agent does not have: \"delegate\".")
        }
    }

    @Test func anAgentMayNameOnlyThoseThatItsRowsList() async throws {
        let call = MockModelReply.ToolCall(
            id: "a",
            name: "delegate",
            arguments: #"{"tasks": [{"agent": "Top", "task": "x"}]}"#
        )
        try await withMockModel { request in
            request.messages.last?["role"] == "tool" ? .text("no") : .toolCalls([call])
        } perform: { model in
            try await Bench.withDelegates { bench in
                try await bench.register(Documents.model(at: model.baseURL))
                try await bench.register(
                    #"{"kind": "agent", "name": "Chooser", "model": "mock", "delegates": ["Searcher"], "delegate_capabilities": ["search"]}"#
                )
                let summary = try await bench.client().send(.message("go"), to: "c", agent: "Chooser") { _ in }
                #expect(summary.reply == "no")
                let results = try await bench.texts(
                    "SELECT content AS text FROM agentctl.message WHERE role = 'tool'"
                )
                #expect(results.first?.hasPrefix("Error: The arguments do not fit the tool's schema") == true)
                #expect(try await bench.texts("SELECT 'x' AS text FROM agentctl.task") == [])
            }
        }
    }

    @Test func tasksOfASequentialAgentRunOneAfterTheOther() async throws {
        try await Bench.withDelegates { bench in
            try await bench.register(
                #"{"kind": "agent", "name": "Lead", "model": "lead", "delegates": ["Searcher", "Analyst"]}"#
            )
            _ = try await bench.conversations.submit(.message("research cats"), to: "c", agent: "Lead")
            let loop = TurnLoop(registry: bench.registry, services: ToolServices(), maximumAttempts: 5)
            let (worker, claimed) = try await bench.claim()
            let claim = try #require(claimed)
            let journal = TurnJournal(store: bench.work, claim: claim, logger: .silent)
            guard case .parked(let record) = await loop.run(claim, journal: journal, emit: { _ in }) else {
                Issue.record("the turn does not wait")
                return
            }
            #expect(record.isAwaitingTasks)
            #expect(await journal.park(record, worker: worker, claiming: { 0 })?.isEmpty == true)
            let states = try await bench.texts("SELECT state::text AS text FROM agentctl.task ORDER BY number")
            #expect(states == ["assigned", "held"])
            try await bench.work.stopWorker(worker)
            #expect(try await bench.client().wait(for: 1, of: "c", after: 0) { _ in }.reply == Self.report)
        }
    }

    @Test func stoppingATurnStopsItsTasksAndItEndsAfterThem() async throws {
        try await withMockModel { request in
            request.lastText == "analyze cats" ? .hang(after: "hm") : .text("found")
        } perform: { model in
            try await Bench.withDelegates { bench in
                try await bench.register(Documents.model(at: model.baseURL))
                try await bench.register(#"{"kind": "agent", "name": "Analyst", "model": "mock"}"#)
                try await bench.working {
                    _ = try await bench.conversations.submit(.message("research cats"), to: "c", agent: "Lead")
                    _ = try await model.requests(count: 1)
                    #expect(try await bench.conversations.interrupt("c") == 1)
                    try await bench.eventually(
                        "SELECT (count(*) = 3)::text AS text FROM agentctl.turn"
                    )
                }
                let turns = try await bench.turns()
                #expect(turns.first == "c/1 interrupted" && turns.last == "c~1.2/1 interrupted")
                let order = try await bench.text(
                    """
                    SELECT bool_and(t.started_at + make_interval(secs => t.duration_ms / 1000) <= p.finished_at)::text AS text
                    FROM agentctl.turn AS t, agentctl.turn AS p WHERE p.depth = 0 AND t.depth = 1
                    """
                )
                #expect(order == "true")
                #expect(
                    try await bench.texts("SELECT state::text AS text FROM agentctl.task WHERE number = 2") == [
                        "cancelled"
                    ]
                )
            }
        }
    }
}
