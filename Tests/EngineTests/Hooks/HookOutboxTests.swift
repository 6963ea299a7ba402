import JSON
import Postgres
import TestSupport
import Testing

@testable import Conversation
@testable import Definitions
@testable import Engine
@testable import Store

/// What is written to the outbox of hooks, and in which commit.
@Suite struct HookOutboxTests {
    private func withHook(_ members: String, _ body: (Bench) async throws -> Void) async throws {
        try await withBench { bench in
            try await bench.register(Bench.scheduled)
            try await bench.register(#"{"kind": "agent", "name": "other", "model": "offline"}"#)
            try await bench.hook(members)
            try await body(bench)
        }
    }

    private func told(_ bench: Bench) async throws -> [String] {
        try await bench.texts(
            """
            SELECT concat_ws(' ', hook, event, body #>> '{data,conversation}', body #>> '{data,task}', body #>> '{data,status}',
                body #>> '{data,state}') AS text FROM agentctl.hook_deliveries ORDER BY id
            """
        )
    }

    @Test func theEndOfATurnIsWrittenInItsCommit() async throws {
        try await withHook(#""events": ["turn_complete"]"#) { bench in
            _ = try await bench.conversations.submit(.message("hello"), to: "c", agent: "assistant")
            let (worker, claim) = try await bench.claim()
            let taken = try #require(claim)
            // A worker without the lease writes nothing.
            let fenced = try await bench.text(
                """
                SELECT agentctl.finish('c', 1, gen_random_uuid(), '{"turn": {}, "messages": [], "events": []}')::text AS text
                """
            )
            #expect(fenced == "false")
            #expect(try await told(bench) == [])
            _ = try await bench.work.finish(
                bench.record(for: taken, reply: "secret"),
                of: taken,
                worker: worker,
                claiming: 0
            )
            #expect(try await told(bench) == ["h turn_complete c succeeded"])
            let body = try #require(try await bench.text("SELECT body::text AS text FROM agentctl.hook_deliveries"))
            #expect(!body.contains("secret") && !body.contains("hello"))
            #expect(try JSONValue(parsing: body)["type"] == "turn_complete")
        }
    }

    @Test func aHookIsToldOfItsAgentsOnly() async throws {
        try await withHook(#""events": ["turn_complete", "turn_failed"], "agents": ["other"]"#) { bench in
            for agent in ["assistant", "other"] {
                _ = try await bench.conversations.submit(.message("hello"), to: agent, agent: agent)
                try await bench.work(off: agent)
            }
            #expect(try await told(bench) == ["h turn_complete other succeeded"])
        }
    }

    @Test func aFailedTurnIsTwoEvents() async throws {
        try await withHook(#""events": ["turn_complete", "turn_failed"]"#) { bench in
            _ = try await bench.conversations.submit(.message("hello"), to: "c", agent: "assistant")
            let (worker, claim) = try await bench.claim()
            let taken = try #require(claim)
            var record = bench.record(for: taken, reply: "x")
            record.status = .failed
            _ = try await bench.work.finish(record, of: taken, worker: worker, claiming: 0)
            #expect(try await told(bench).sorted() == ["h turn_complete c failed", "h turn_failed c failed"])
        }
    }

    @Test func theEndOfATaskIsWrittenHoweverItEnds() async throws {
        try await withHook(#""events": ["task_done", "task_failed", "task_cancelled"]"#) { bench in
            for sql: PostgresStatement in [
                "SELECT agentctl.submit_task('a', agent => 'assistant')",
                "SELECT agentctl.submit_task('b', agent => 'assistant', depends_on => '{1}')",
                "SELECT agentctl.submit_task('c', agent => 'assistant', depends_on => '{2}')",
                "SELECT agentctl.cancel_task(2)", "SELECT agentctl.wake()",
            ] { _ = try await bench.client.query(sql) }
            try await bench.work(off: "task:1")
            #expect(
                try await told(bench) == [
                    "h task_cancelled 2 cancelled", "h task_failed 3 dead", "h task_done task:1 1 done",
                ]
            )
        }
    }

    @Test func anApprovalThatARunWaitsForIsToldOfAndThenItsEnd() async throws {
        try await Bench.withChains(ChainDocuments.gate(handlesDenial: true)) { bench in
            try await bench.hook(#""events": ["approval_requested", "chain_complete"]"#)
            try await bench.working {
                _ = try await bench.conversations.submit(.message("cats"), to: "c", agent: "gate")
                try await bench.eventually("SELECT (count(*) = 1)::text AS text FROM agentctl.pending_approvals")
                let asked = try await bench.text(
                    """
                    SELECT (body #> '{data,approvals,0,id}' = to_jsonb(p.id))::text AS text
                    FROM agentctl.hook_deliveries CROSS JOIN agentctl.pending_approvals AS p
                    """
                )
                #expect(asked == "true")
                _ = try await bench.client.query("SELECT agentctl.approve(id) FROM agentctl.pending_approvals")
                try await bench.eventually("SELECT (count(*) = 1)::text AS text FROM agentctl.turn WHERE depth = 0")
            }
            #expect(try await told(bench) == ["h approval_requested c", "h chain_complete c succeeded"])
        }
    }

    @Test func aCallInDoubtIsToldOf() async throws {
        try await withHook(#""events": ["call_in_doubt"]"#) { bench in
            _ = try await bench.conversations.submit(.message("hello"), to: "c", agent: "assistant")
            let (worker, claim) = try await bench.claim()
            let taken = try #require(claim)
            var record = bench.record(for: taken, reply: "")
            record.messages.removeLast()
            record.events = [EventRecord(.callInDoubt(call: 1)), EventRecord(.waiting(.inDoubt))]
            record.status = .waiting
            record.errorCode = WaitReason.inDoubt.errorCode
            #expect(try await bench.work.park(record, of: taken, worker: worker, claiming: 0).stored)
            #expect(try await told(bench) == ["h call_in_doubt c"])
        }
    }

    @Test func withoutAHookNothingIsWritten() async throws {
        try await withHook(#""events": ["turn_complete"], "enabled": false"#) { bench in
            _ = try await bench.conversations.submit(.message("hello"), to: "c", agent: "assistant")
            try await bench.work()
            #expect(try await told(bench) == [])
            #expect(try await bench.text("SELECT count(*)::text AS text FROM agentctl.hook_state") == "0")
        }
    }

    @Test func whatIsWrongWithADocumentIsSaidWithItsPlace() async throws {
        try await withHook(#""events": ["turn_complete"]"#) { bench in
            let start =
                #""kind": "hook", "name": "x", "url": "https://example.com/h", "secret_env": "S", "events": ["task_done"]"#
            let cases: [(members: String, problem: String)] = [
                (#""url": "https://user:pass@example.com/h""#, "url is"), (#""url": "ftp://example.com""#, "url is"),
                (#""url": "https://example.com/a\nb""#, "url is"), (#""events": []"#, "events is"),
                (#""events": ["turn_compete"]"#, "turn_complete"), (#""agents": ["none"]"#, "agents[0] is"),
                (#""secret_env": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw=""#, "secret_env is"),
                (#""previous_secret_env": "S""#, "previous_secret_env is that of secret_env"),
                (#""headers": {"x-a": "b\r\nx-evil: 1"}"#, "headers.x-a is not printable ASCII"),
                (#""headers": {"a b": "c"}"#, "headers.a b is no name"),
                (#""headers": {"x": 1}"#, "headers.x is the number 1"),
                (#""headers": {"Webhook-Id": "c"}"#, "made here"), (#""headers": {"Host": "c"}"#, "made here"),
                (#""headers": {"Authorization": "Bearer x"}"#, "would hold a secret"),
                (#""timeout": 61"#, "timeout is 61"),
            ]
            for (members, problem) in cases {
                let problems = try await bench.texts(
                    """
                    SELECT concat_ws(' ', path, problem, expected, nearest) AS text
                    FROM agentctl.check_documents(jsonb_build_array($1::jsonb || $2::jsonb))
                    """,
                    [.text("{\(start)}"), .text("{\(members)}")]
                )
                #expect(problems.contains { $0.contains(problem) }, "\(members): \(problems)")
            }
        }
    }
}

extension Bench {
    /// Registers the hook `h`.
    func hook(_ members: String, url: String = "https://example.com/h") async throws {
        try await register(
            #"{"kind": "hook", "name": "h", "url": "\#(url)", "secret_env": "HOOK_SECRET", \#(members)}"#
        )
    }
}
