import Postgres
import TestSupport
import Testing

@testable import Conversation
@testable import Engine
@testable import Store

/// The list that workers find conversations by: it says what conversation_control says, whoever wrote that.
@Suite struct WorkListTests {
    /// What the list and conversation_control say differently; empty when they agree.
    private func differences(_ bench: Bench) async throws -> [String] {
        try await bench.texts(
            """
            SELECT coalesce(w.conversation_id, c.conversation_id) || ': ' || coalesce(w::text, 'not listed')
                || ' for ' || coalesce(c.state::text, 'no conversation') AS text
            FROM (SELECT * FROM agentctl.work_list WHERE conversation_id <> '') AS w
            FULL JOIN (SELECT * FROM agentctl.conversation_control WHERE state <> 'idle') AS c USING (conversation_id)
            WHERE (w.state, w.priority, w.queue_key, w.account_key, w.lane, w.ready_at, w.worker_id, w.wake_at)
                IS DISTINCT FROM
                (c.state, c.priority, c.queue_key, c.account_key, c.lane, c.ready_at, c.worker_id, c.wake_at)
            """
        )
    }

    /// Empties the list, as a crash of the server does.
    private func crash(_ bench: Bench) async throws {
        try await bench.script("TRUNCATE agentctl.work_list")
    }

    @Test func anUpdateOfAConversationChangesNothingThatAnIndexHas() async throws {
        try await withBench { bench in
            let keys = try await bench.texts(
                """
                SELECT pg_get_indexdef(i.indexrelid) AS text FROM pg_index AS i
                WHERE i.indrelid = 'agentctl.conversation_control'::regclass
                """
            )
            #expect(keys.count == 1)
            #expect(keys.first?.hasSuffix("USING btree (conversation_id)") == true)
        }
    }

    @Test func theListFollowsEveryStepOfAMessage() async throws {
        try await withBench { bench in
            try await bench.register(Documents.offline)
            _ = try await bench.conversations.submit(.message("one"), to: "c", priority: 5)
            #expect(try await differences(bench) == [])
            // What is more urgent moves what waits before it.
            _ = try await bench.conversations.submit(.message("two"), to: "c", priority: 2)
            #expect(try await differences(bench) == [])
            let (worker, claim) = try await bench.claim()
            let first = try #require(claim)
            #expect(try await differences(bench) == [])
            _ = try await bench.conversations.submit(.message("three"), to: "c")
            #expect(try await differences(bench) == [])
            let next = try await bench.work.finish(
                bench.record(for: first, reply: "x"),
                of: first,
                worker: worker,
                claiming: 1
            )
            #expect(try await differences(bench) == [])
            let second = try #require(next.next.first)
            #expect(try await bench.work.release(second))
            #expect(try await differences(bench) == [])
            // A time to go on at, which has come.
            try await bench.script(
                "UPDATE agentctl.conversation_control SET state = 'waiting', ready_at = NULL, wake_at = now()"
            )
            #expect(try await differences(bench) == [])
            try await bench.script("SELECT agentctl.wake()")
            #expect(try await bench.text("SELECT state::text AS text FROM agentctl.conversation_control") == "ready")
            #expect(try await differences(bench) == [])
            try await bench.script(
                "UPDATE agentctl.conversation_control SET state = 'idle', ready_at = NULL, head_seq = tail_seq"
            )
            #expect(try await bench.texts("SELECT conversation_id AS text FROM agentctl.work_list") == [""])
            _ = try await bench.conversations.submit(.message("four"), to: "c")
            try await bench.script("SELECT agentctl.delete_conversation('c')")
            #expect(try await differences(bench) == [])
        }
    }

    @Test func whatACrashTookFromTheListIsFoundByTheNextClaim() async throws {
        try await withBench { bench in
            try await bench.register(Documents.offline)
            for name in ["a", "b"] { _ = try await bench.conversations.submit(.message("hello"), to: name) }
            let (worker, claim) = try await bench.claim()
            #expect(claim?.conversation == "a")
            try await crash(bench)
            #expect(try await bench.work.claim(worker: worker, maximum: 2).map(\.conversation) == ["b"])
            #expect(try await differences(bench) == [])
            #expect(try await bench.text("SELECT agentctl.list_work()::text AS text") == "0")
        }
    }

    @Test func whatALostWorkerHeldIsFoundAfterACrash() async throws {
        try await withBench { bench in
            try await bench.register(Documents.offline)
            _ = try await bench.conversations.submit(.message("hello"), to: "c")
            let (worker, _) = try await bench.claim()
            try await crash(bench)
            _ = try await bench.client.query("DELETE FROM agentctl.worker WHERE id = $1", [.integer(worker)])
            #expect(try await bench.work.reap() == 1)
            #expect(try await bench.claim().claim?.attempt == 2)
        }
    }

    @Test func whatATransactionHoldsAfterACrashIsListedWhenItHasEnded() async throws {
        try await withBench { bench in
            try await bench.register(Documents.offline)
            for name in ["held", "free"] { _ = try await bench.conversations.submit(.message("hello"), to: name) }
            try await crash(bench)
            try await bench.client.withConnection { holder in
                try await holder.executeScript(
                    "BEGIN; SELECT FROM agentctl.conversation_control WHERE conversation_id = 'held' FOR UPDATE"
                )
                #expect(try await bench.claim().claim?.conversation == "free")
                #expect(try await bench.claim().claim == nil)
                try await holder.executeScript("COMMIT")
            }
            #expect(try await bench.claim().claim?.conversation == "held")
            #expect(try await differences(bench) == [])
        }
    }

    @Test func whatIsWrittenAfterACrashKeepsItsEntry() async throws {
        try await withBench { bench in
            try await bench.register(Documents.offline)
            _ = try await bench.conversations.submit(.message("hello"), to: "old")
            let (worker, claim) = try await bench.claim()
            let held = try #require(claim)
            _ = try await bench.conversations.submit(.message("more"), to: "old")
            try await crash(bench)
            _ = try await bench.conversations.submit(.message("hello"), to: "new")
            let finished = try await bench.work.finish(
                bench.record(for: held, reply: "x"),
                of: held,
                worker: worker,
                claiming: 1
            )
            #expect(finished.next.map(\.conversation) == ["new"])
            #expect(try await bench.claim().claim?.conversation == "old")
            #expect(try await differences(bench) == [])
        }
    }
}
