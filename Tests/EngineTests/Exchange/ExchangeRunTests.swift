import JSON
import Postgres
import TestSupport
import Testing

@testable import Conversation
@testable import Engine
@testable import Store

/// What runs of chains, plans and schedules leave, written out and read in.
@Suite struct ExchangeRunTests {
    /// The file of a conversation, without its name.
    private func file(of conversation: String, _ bench: Bench) async throws -> JSONValue {
        let text = try await bench.text(
            "SELECT (agentctl.export_conversation($1) #- '{conversation,id}')::text AS text",
            [.text(conversation)]
        )
        return try JSONValue(parsing: text ?? "null")
    }

    private func imported(_ conversation: String, as copy: String, _ bench: Bench) async throws -> JSONValue {
        let text = try await bench.text(
            "SELECT agentctl.import_conversation(agentctl.export_conversation($1), as_id => $2)::text AS text",
            [.text(conversation), .text(copy)]
        )
        return try JSONValue(parsing: text ?? "null")
    }

    @Test func aRunOfAChainIsReadInWithItsVisitsAndRunAgainFromThem() async throws {
        try await Bench.withChains(ChainDocuments.graph) { bench in
            _ = try await bench.client().send(.message("cats"), to: "c", agent: "graph") { _ in }
            _ = try await imported("c", as: "d", bench)
            let file = try await file(of: "c", bench)
            #expect(file["node_runs"]?.arrayValue?.count == 7)
            #expect(try await self.file(of: "d", bench) == file)
            for read: PostgresStatement in [
                "SELECT (agentctl.chain_result($1, 1) - '{total_tokens,cost_usd}'::text[])::text AS text",
                "SELECT agentctl.chain_state($1, 1, 'publish')::text AS text",
                "SELECT jsonb_agg(to_jsonb(n) - 'conversation_id' ORDER BY number)::text AS text FROM agentctl.node_runs AS n WHERE conversation_id = $1",
            ] {
                #expect(try await bench.text(read, [.text("d")]) == bench.text(read, [.text("c")]), "\(read.sql)")
            }
            _ = try await bench.client.query(
                #"SELECT agentctl.rerun_chain('d', 1, 'publish', changes => '{"drafts": ["mine"], "score": 1}')"#
            )
            let reply = try await bench.client().wait(for: 1, of: "d-rerun-1", after: 0) { _ in }.reply
            #expect(reply == #"did: ["mine"] at 1"#)
        }
    }

    @Test func aPlanIsReadInUnderANewIdThatItsEventsName() async throws {
        try await Bench.withPlans { bench in
            // So that ids and places differ.
            _ = try await bench.plan(["9 + 9"])
            let plan = try await bench.plan(["1 + 1", "2 / 0"])
            try await bench.run(plan)
            _ = try await bench.client().send(.message("keep"), to: "k", agent: "keeper") { _ in }
            for (conversation, copy) in [("plan:\(plan)", "d"), ("k", "l")] {
                _ = try await imported(conversation, as: copy, bench)
                #expect(try await file(of: copy, bench) == file(of: conversation, bench))
                let summaries = try await bench.texts(
                    """
                    SELECT DISTINCT agentctl.plan_summary(p.id) AS text FROM agentctl.plan AS p
                    WHERE p.conversation_id IN ($1, $2)
                    """,
                    [.text(conversation), .text(copy)]
                )
                #expect(summaries.count == 1)
                let named = try await bench.texts(
                    """
                    SELECT DISTINCT (e.data ->> 'plan' = p.id::text)::text AS text
                    FROM agentctl.events AS e JOIN agentctl.plan AS p ON p.conversation_id = e.conversation_id
                    WHERE e.type = 'plan_updated' AND e.conversation_id = $1
                    """,
                    [.text(copy)]
                )
                #expect(named == ["true"])
            }
        }
    }

    /// A step of it waits for a person here; the person is asked, and the rest runs, where the conversation went to.
    @Test func aPlanThatWaitsForApprovalIsApprovedAndRunsWhereItWentTo() async throws {
        try await Bench.withPlans { first in
            try await Bench.withPlans { second in
                // So that ids and places differ.
                for expression in ["9 + 9", "8 + 8"] { _ = try await first.plan([expression]) }
                let plan = try await first.plan(["1 + 1", "2 + 2"], mode: "interactive")
                #expect(try await first.run(plan).waitReason == .approval)
                let file = try await first.text(
                    "SELECT agentctl.export_conversation($1)::text AS text",
                    [.text("plan:\(plan)")]
                )
                _ = try await second.client.query(
                    "SELECT agentctl.import_conversation($1::jsonb, as_id => 'moved')",
                    [file.map { .text($0) } ?? .null]
                )
                for step in 1...2 {
                    let waiting = try await second.conversations.approvals(isPending: true, limit: 10)
                    #expect(waiting.map { $0["turn"] } == ["moved/1"], "step \(step)")
                    let approval = try #require(waiting.first?["id"]?.integerValue)
                    _ = try await second.conversations.decide(approval, approves: true)
                    _ = try await second.client().wait(for: 1, of: "moved", after: 0) { _ in }
                }
                let copy = try await second.text(
                    "SELECT id::text AS text FROM agentctl.plan WHERE conversation_id = 'moved'"
                )
                let id = try #require(copy.flatMap { Int64($0) })
                #expect(id != plan)
                #expect(try await second.state(id) == ["completed", "1 completed", "2 completed"])
                #expect(try await first.state(plan)[0] == "waiting")
            }
        }
    }

    @Test func aRunOfAScheduleIsReadInWhereTheScheduleIsAndNotTwice() async throws {
        let documents = """
            [{"kind": "model", "name": "offline", "provider": "rules", "rules": [{"otherwise": "done"}]},
             {"kind": "agent", "name": "assistant", "model": "offline"},
             {"kind": "schedule", "name": "s", "cron": "@daily", "message": "hello", "agent": "assistant"}]
            """
        try await withBench { first in
            try await first.register(documents)
            let conversation = try await first.text("SELECT conversation_id AS text FROM agentctl.run_schedule('s')")
            _ = try await first.client().wait(for: 1, of: conversation ?? "", after: 0) { _ in }
            let text = try await first.text(
                "SELECT agentctl.export_conversation($1)::text AS text",
                [.optional(conversation)]
            )
            let copied = try await imported(conversation ?? "", as: "copy", first)
            #expect(copied["left_out_schedule_runs"] == 1)
            try await withBench { second in
                try await second.register(documents)
                _ = try await second.client.query(
                    "SELECT agentctl.import_conversation($1::text::jsonb)",
                    [.optional(text)]
                )
                let runs: PostgresStatement = """
                    SELECT concat_ws(' ', schedule, due_at, outcome, status, conversation_id, seq) AS text
                    FROM agentctl.schedule_runs
                    """
                #expect(try await second.texts(runs) == first.texts(runs))
            }
        }
    }

    @Test func aClientWritesOutWhatItsRunsGaveAndNotWhatNodesAreTold() async throws {
        try await Bench.withChains(ChainDocuments.sequence) { bench in
            try await bench.register(PlanDocuments.all)
            try await bench.openToEveryone()
            try await bench.withUser(in: "agentctl_client") { owner in
                try await bench.withUser(in: "agentctl_client") { other in
                    for (agent, message) in [("sequence", "cats"), ("keeper", "keep")] {
                        _ = try await owner.texts(
                            "SELECT agentctl.submit('\(agent)', '\(message)', agent => '\(agent)')::text AS text"
                        )
                        let whole = try await owner.texts("SELECT agentctl.conversation_id('\(agent)') AS text")[0]
                        _ = try await bench.client().wait(for: 1, of: whole, after: 0) { _ in }
                        let export = "SELECT agentctl.export_conversation('\(agent)')::text AS text"
                        let file = try JSONValue(parsing: try await owner.texts(export)[0])
                        let runs = file["node_runs"]?.arrayValue ?? []
                        #expect(runs.count == (agent == "sequence" ? 3 : 0))
                        #expect(runs.allSatisfy { $0["input"] == nil && $0["output"] != nil })
                        #expect(file["plans"]?.arrayValue?.count == (agent == "keeper" ? 1 : nil))
                        #expect(file["plans"]?[0]?["recover"] == nil)
                        let foreign = "SELECT agentctl.export_conversation('\(whole)')::text AS text"
                        #expect(try await other.state(of: foreign) == "AC002")
                        // The conversations of its tasks are exported by whom they belong to.
                        let child = "SELECT agentctl.export_conversation('\(whole)~1.1')::text AS text"
                        #expect(try await owner.state(of: child) == (agent == "sequence" ? nil : "AC002"))
                        #expect(try await other.state(of: child) == "AC002")
                    }
                    #expect(
                        try await owner.state(of: "SELECT * FROM agentctl.export_run_items('x', true)") == "42501"
                    )
                }
            }
        }
    }

    @Test(arguments: [
        (#"{"node_runs": [{"seq": 1}]}"#, "node_runs[0].number is missing"),
        (#"{"plans": {}}"#, "plans is an object (expected a list)"),
        (
            #"{"schedule_runs": [{"seq": 1, "schedule": "s", "version": 1, "content_hash": "x", "due_at": "x", "is_late": 1, "ran_at": 1}]}"#,
            "schedule_runs[0].is_late is the number 1"
        ),
        (
            #"{"node_runs": [{"seq": 9, "number": 1, "node": "n", "visit": 1, "level": 1, "position": 1, "after": [1], "status": "failed", "attempt": 1, "started_at": "2026-01-01T00:00:00+00:00", "finished_at": "2026-01-01T00:00:00+00:00"}]}"#,
            "node_runs[0].after holds something else"
        ),
    ]) func whatIsWrongIsRefusedWithItsPlace(parts: String, message: String) async throws {
        try await Bench.withChains { bench in
            _ = try await bench.client().send(.message("hm"), to: "c", agent: "Worker") { _ in }
            let error = await #expect(throws: PostgresError.self) {
                try await bench.client.query(
                    "SELECT agentctl.import_conversation(agentctl.export_conversation('c') || $1::text::jsonb, as_id => 'd')",
                    [.text(parts)]
                )
            }
            #expect(
                error?.sqlState == "AC001" && error?.message.contains(message) == true,
                "\(String(describing: error))"
            )
        }
    }
}
