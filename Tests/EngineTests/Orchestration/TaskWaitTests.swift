import JSON
import Postgres
import Synchronization
import TestSupport
import Testing

@testable import Conversation
@testable import Engine
@testable import Safety
@testable import Store

/// Asks about the tool write and allows everything else.
private struct AskingPolicy: CallPolicy {
    let approvalTimeout: Duration = .seconds(86_400)

    func decide(_ call: ProposedCall) -> SafetyDecision {
        call.tool == "write"
            ? SafetyDecision(.ask, rule: "policy test, rule 1") : SafetyDecision(.allow, rule: "policy test, rule 2")
    }
}

/// Tasks that wait for an operator, and what stops them.
@Suite struct TaskWaitTests {
    /// Boss hands what follows `do` to assistant; that writes what it is told to, and says what came of it.
    private func withBoss(
        gate: MockGate? = nil,
        asks: Bool = true,
        _ body: (Bench, Ledger) async throws -> Void
    ) async throws {
        let ledger = Ledger(gate: gate)
        try await withMockModel { request in
            guard request.messages.last?["role"] == "user" else { return .text(request.lastText) }
            return .toolCalls([.init(id: "a", name: "write", arguments: #"{"entry":"\#(request.lastText)"}"#)])
        } perform: { model in
            try await Bench.with(ledger, model: model, policy: asks ? AskingPolicy() : PermissivePolicy()) { bench in
                try await bench.register(
                    """
                    [{"kind": "model", "name": "boss", "provider": "rules", "rules": [
                        {"when": "^do (.+)$", "call": {"tool": "delegate", "arguments": {"tasks": [
                            {"agent": "assistant", "task": "$1"}]}}, "then": "Boss: {{result}}"},
                        {"otherwise": "Nothing to do."}]},
                     {"kind": "agent", "name": "Boss", "model": "boss", "delegates": ["assistant"]}]
                    """
                )
                try await body(bench, ledger)
            }
        }
    }

    /// Lets the deadline of all tasks pass.
    private func passDeadlines(_ bench: Bench) async throws {
        try await bench.client.query("UPDATE agentctl.task SET deadline = now() - interval '1 s'")
        try await bench.client.query(
            "UPDATE agentctl.conversation_control SET wake_at = now() - interval '1 s' WHERE wake_at IS NOT NULL"
        )
        try await bench.client.query("SELECT agentctl.wake()")
    }

    /// How the turn of a conversation waits: its state, and whether it is woken by the deadline of its task.
    private func wait(_ conversation: String, _ bench: Bench) async throws -> String? {
        try await bench.text(
            """
            SELECT concat_ws(' ', c.state, c.lease IS NULL, c.wake_at = t.deadline) AS text
            FROM agentctl.conversation_control AS c
            LEFT JOIN agentctl.task AS t ON t.conversation_id = c.conversation_id
            WHERE c.conversation_id = $1
            """,
            [.text(conversation)]
        )
    }

    @Test func anApprovalInsideATaskLetsTheWholeTreeGoOn() async throws {
        try await withBoss { bench, ledger in
            let client = bench.client()
            let summary = try await client.send(.message("do one"), to: "c", agent: "Boss") { _ in }
            #expect(summary.status == .waiting && ledger.all == [])
            #expect(try await wait("c", bench) == "waiting t")
            #expect(try await wait("c~1.1", bench) == "waiting t")
            let asked = try await bench.texts(
                "SELECT concat_ws(' ', conversation_id, root_conversation_id, root_seq, id) AS text FROM agentctl.pending_approvals"
            )
            #expect(asked.count == 1 && asked[0].hasPrefix("c~1.1 c 1 "))
            let id = Int64(asked[0].split(separator: " ").last ?? "") ?? 0
            _ = try await bench.conversations.decide(id, approves: true)
            let done = try await client.wait(for: 1, of: "c", after: 0) { _ in }
            #expect(done.reply == "Boss: wrote one" && ledger.all.map(\.entry) == ["one"])
            let waits = try await bench.texts(
                """
                SELECT concat_ws(' ', turn, approval_ms > 0, wait_ms > 0, is_critical) AS text FROM agentctl.tree('c', 1)
                """
            )
            #expect(waits == ["c/1 f t t", "c~1.1/1 t f t"])
        }
    }

    @Test func theDeadlineOfATurnThatWaitsForAnApprovalEndsIt() async throws {
        try await withBoss { bench, ledger in
            var task = TaskSubmission("one")
            (task.agent, task.timeLimit) = ("assistant", .seconds(600))
            let id = try await bench.conversations.submit(task)
            #expect(try await bench.process()?.record.status == .waiting)
            #expect(try await wait("task:\(id)", bench) == "waiting t t")
            try await passDeadlines(bench)
            let ended = try await bench.process()
            #expect(ended?.record.status == .limited && ledger.all == [])
            let state = try await bench.text("SELECT state || ' ' || error_code AS text FROM agentctl.task")
            #expect(state == "dead deadline")
            #expect(try await bench.texts("SELECT 'x' AS text FROM agentctl.pending_approvals") == [])
        }
    }

    @Test func theDeadlineOfATurnInDoubtEndsItAndTheCallIsNotRepeated() async throws {
        let gate = MockGate()
        try await withBoss(gate: gate, asks: false) { bench, ledger in
            var task = TaskSubmission("one")
            (task.agent, task.timeLimit) = ("assistant", .seconds(600))
            let id = try await bench.conversations.submit(task)
            let worker = Mutex<Int64>(0)
            async let lost = bench.process { id in worker.withLock { $0 = id } }
            try await ledger.written()
            try await bench.lose(worker.withLock { $0 })
            #expect(try await bench.process()?.record.status == .waiting)
            await gate.openForever()
            #expect(try await lost?.isStored == false)
            #expect(try await wait("task:\(id)", bench) == "parked t t")
            try await passDeadlines(bench)
            #expect(try await bench.process()?.record.status == .limited)
            #expect(ledger.all.count == 1)
            let state = try await bench.text("SELECT state || ' ' || error_code AS text FROM agentctl.task")
            #expect(state == "dead deadline")
            #expect(try await bench.text("SELECT state::text AS text FROM agentctl.tool_call") == "in_doubt")
        }
    }

    @Test func theDeadlineOfATreeEndsItFromBelow() async throws {
        try await withBoss { bench, ledger in
            var task = TaskSubmission("do one")
            (task.agent, task.timeLimit) = ("Boss", .seconds(600))
            let id = try await bench.conversations.submit(task)
            try await bench.working {
                try await bench.eventually("SELECT (count(*) = 1)::text AS text FROM agentctl.pending_approvals")
                let below = try await bench.text(
                    "SELECT (count(DISTINCT deadline) = 1 AND count(*) = 2)::text AS text FROM agentctl.task"
                )
                #expect(below == "true")
                try await passDeadlines(bench)
                try await bench.eventually("SELECT (count(*) = 2)::text AS text FROM agentctl.turn")
            }
            #expect(ledger.all == [])
            let root = try await bench.text(
                "SELECT state || ' ' || error_code AS text FROM agentctl.task WHERE id = $1",
                [.integer(id)]
            )
            #expect(root == "dead deadline")
            let order = try await bench.text(
                """
                SELECT (p.finished_at > t.finished_at)::text AS text FROM agentctl.turn AS t, agentctl.turn AS p
                WHERE p.depth = 0 AND t.depth = 1
                """
            )
            #expect(order == "true")
        }
    }

    @Test(.needsSession) func whatStopsATurnWhileItsTasksAreInsertedStopsThemAll() async throws {
        try await withMockModel { _ in
            .hang(after: "hm")
        } perform: { model in
            try await Bench.withDelegates { bench in
                try await bench.register(Documents.model(at: model.baseURL))
                for name in ["Searcher", "Analyst"] {
                    try await bench.register(#"{"kind": "agent", "name": "\#(name)", "model": "mock"}"#)
                }
                // Each insertion waits for the lock that the test holds; its parent's row is locked meanwhile.
                try await bench.client.withConnection { connection in
                    try await connection.executeScript(
                        """
                        CREATE FUNCTION public.pass() RETURNS trigger LANGUAGE plpgsql SET lock_timeout = 0 AS $$
                        BEGIN PERFORM pg_advisory_xact_lock_shared(7); RETURN NEW; END $$;
                        CREATE TRIGGER a_pass BEFORE INSERT ON agentctl.task FOR EACH ROW EXECUTE FUNCTION public.pass();
                        """
                    )
                }
                let waiting: PostgresStatement = """
                    SELECT (count(*) = 1)::text AS text FROM pg_locks
                    WHERE NOT granted AND locktype = $1 AND pid IN (
                        SELECT a.pid FROM pg_stat_activity AS a WHERE a.datname = current_database())
                    """
                try await bench.working {
                    let stopped = try await bench.client.withConnection { holder in
                        try await holder.query("SELECT pg_advisory_lock(7)")
                        _ = try await bench.conversations.submit(.message("research cats"), to: "c", agent: "Lead")
                        try await bench.eventually(waiting, [.text("advisory")])
                        async let stopped = bench.conversations.interrupt("c")
                        try await bench.eventually(waiting, [.text("transactionid")])
                        try await holder.query("SELECT pg_advisory_unlock(7)")
                        return try await stopped
                    }
                    #expect(stopped == 1)
                    try await bench.eventually(
                        "SELECT (count(*) = 3)::text AS text FROM agentctl.turn WHERE status = 'interrupted'"
                    )
                }
                let ends = try await bench.texts(
                    "SELECT concat_ws(' ', state, told) AS text FROM agentctl.task ORDER BY number"
                )
                #expect(ends == ["cancelled t", "cancelled t"])
                let last = try await bench.text(
                    "SELECT conversation_id AS text FROM agentctl.turn ORDER BY finished_at DESC LIMIT 1"
                )
                #expect(last == "c")
            }
        }
    }
}
