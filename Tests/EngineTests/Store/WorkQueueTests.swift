import Postgres
import TestSupport
import Testing

@testable import Conversation
@testable import Engine
@testable import Store

/// Which worker may claim what: by queue, by what its agent needs, by workspace.
@Suite struct WorkQueueTests {
    /// Agents that need nothing, a variable of their model, or a workspace, in two queues.
    private static let agents = """
        [{"kind": "model", "name": "offline", "provider": "rules", "rules": [{"otherwise": "Hello."}]},
         {"kind": "model", "name": "paid", "provider": "openai", "base_url": "http://127.0.0.1:9/v1", "model": "m",
          "api_key_env": "PAID_KEY"},
         {"kind": "agent", "name": "plain", "model": "offline", "access": "everyone"},
         {"kind": "agent", "name": "coder", "model": "offline", "queue": "coding", "access": "everyone"},
         {"kind": "agent", "name": "keyed", "model": "paid", "access": "everyone"},
         {"kind": "agent", "name": "filer", "model": "offline", "needs": ["workspace"], "access": "everyone"}]
        """

    private func withAgents(_ body: (Bench) async throws -> Void) async throws {
        try await withBench { bench in
            try await bench.register(Self.agents)
            try await body(bench)
        }
    }

    private func worker(_ bench: Bench, _ queues: [String]? = ["default"], offers: [String]? = []) async throws -> Int64
    {
        let description = WorkerDescription(kind: .service, slots: 1, queues: queues, offers: offers)
        return try await bench.work.startWorker(description).id
    }

    private func claimed(_ bench: Bench, by worker: Int64, _ conversation: String? = nil) async throws -> [String] {
        try await bench.work.claim(worker: worker, maximum: 32, conversation: conversation).map(\.conversation).sorted()
    }

    private func submit(_ bench: Bench, _ conversation: String, _ agent: String, queue: String? = nil) async throws {
        _ = try await bench.conversations.submit(.message("x"), to: conversation, agent: agent, queue: queue)
    }

    @Test func aWorkerClaimsFromItsQueuesAlone() async throws {
        try await withAgents { bench in
            try await submit(bench, "a", "plain")
            try await submit(bench, "b", "coder")
            try await submit(bench, "c", "plain", queue: "night")
            #expect(try await claimed(bench, by: try await worker(bench), "b") == [])
            #expect(try await claimed(bench, by: try await worker(bench)) == ["a"])
            // A queue that came after the worker started is one of all, and not one of those that it named.
            let (all, coding) = (try await worker(bench, nil), try await worker(bench, ["coding"]))
            try await submit(bench, "d", "plain", queue: "late")
            #expect(try await claimed(bench, by: coding) == ["b"])
            #expect(try await claimed(bench, by: all) == ["c", "d"])
        }
    }

    @Test func aWorkerWithoutTheVariableLeavesTheMessage() async throws {
        try await withAgents { bench in
            try await bench.register(
                """
                [{"kind": "tool", "name": "tickets", "description": "x", "implementation": "http_request",
                  "configuration": {"allowed_hosts": ["example.org"],
                    "headers": {"Authorization": {"secret": "TICKET_TOKEN"}}}},
                 {"kind": "function", "name": "f", "language": "python", "source": "def run(a, context):\\n    return 1",
                  "requires_context": true, "secrets": ["F_SECRET"]},
                 {"kind": "agent", "name": "secretive", "model": "offline", "tools": ["tickets"], "functions": ["f"]},
                 {"kind": "model", "name": "own", "provider": "shop.model"},
                 {"kind": "agent", "name": "embedded", "model": "own"}]
                """
            )
            for agent in ["plain", "keyed", "secretive", "embedded", "filer"] { try await submit(bench, agent, agent) }
            #expect(try await claimed(bench, by: try await worker(bench)) == ["plain"])
            #expect(try await claimed(bench, by: try await worker(bench, offers: ["variable:PAID_KEY"])) == ["keyed"])
            let half = try await worker(bench, offers: ["variable:TICKET_TOKEN"])
            #expect(try await claimed(bench, by: half) == [])
            let whole = try await worker(bench, offers: ["variable:F_SECRET", "variable:TICKET_TOKEN"])
            #expect(try await claimed(bench, by: whole) == ["secretive"])
            let shop = try await worker(bench, offers: ["implementation:shop.model"])
            #expect(try await claimed(bench, by: shop) == ["embedded"])
            #expect(try await claimed(bench, by: try await worker(bench, offers: ["workspace"])) == ["filer"])
        }
    }

    @Test func whatWaitsFollowsTheAgentToWhatItNeedsNow() async throws {
        try await withAgents { bench in
            try await submit(bench, "a", "keyed")
            try await submit(bench, "b", "plain")
            let (bare, rich) = (try await worker(bench), try await worker(bench, offers: ["variable:PAID_KEY"]))
            // One is on its way while the agents change.
            try await bench.client.withTransaction { late in
                _ = try await late.query("SELECT agentctl.submit('c', 'x', 'plain')")
                try await bench.register(
                    """
                    [{"kind": "agent", "name": "keyed", "model": "offline"},
                     {"kind": "agent", "name": "plain", "model": "paid"}]
                    """
                )
            }
            #expect(try await bench.work.reap() >= 0)
            #expect(try await claimed(bench, by: bare) == ["a"])
            #expect(try await claimed(bench, by: rich) == ["b", "c"])
            // By way of what it refers to, and when it was running meanwhile.
            try await bench.register(
                """
                {"kind": "model", "name": "paid", "provider": "openai", "base_url": "http://127.0.0.1:9/v1", "model": "m"}
                """
            )
            try await bench.script("SELECT agentctl.release(conversation_id, lease) FROM agentctl.conversation_control")
            #expect(try await claimed(bench, by: bare) == ["a", "b", "c"])
        }
    }

    @Test func theModelOfAConversationAndAnotherAgentsMessageDecideWhatItNeeds() async throws {
        try await withAgents { bench in
            try await submit(bench, "a", "plain")
            let bare = try await worker(bench)
            let claim = try #require(try await bench.work.claim(worker: bare, maximum: 1).first)
            // What comes next is known when the turn ends.
            _ = try await bench.client.query("SELECT agentctl.set('a', '{\"model\": \"paid\"}')")
            try await submit(bench, "a", "coder")
            _ = try await bench.conversations.submit(.message("x"), to: "a")
            let record = bench.record(for: claim, reply: "x")
            #expect(try await bench.work.finish(record, of: claim, worker: bare, claiming: 0).stored)
            let operation = try #require(try await bench.work.claim(worker: bare, maximum: 1).first)
            #expect(try await bench.work.apply(operation))
            #expect(try await claimed(bench, by: bare) == [])
            let coding = try await worker(bench, ["coding"])
            let second = try #require(try await bench.work.claim(worker: coding, maximum: 1).first)
            let stored = bench.record(for: second, reply: "x")
            #expect(try await bench.work.finish(stored, of: second, worker: coding, claiming: 1).next.isEmpty)
            #expect(try await claimed(bench, by: bare) == [])
            #expect(try await claimed(bench, by: try await worker(bench, offers: ["variable:PAID_KEY"])) == ["a"])
        }
    }

    @Test func whatIsCorrectedOrStoppedNeedsNoKey() async throws {
        try await withAgents { bench in
            try await submit(bench, "a", "keyed")
            let rich = try await worker(bench, offers: ["variable:PAID_KEY"])
            let claim = try #require(try await bench.work.claim(worker: rich, maximum: 1).first)
            let record = bench.record(for: claim, reply: "x")
            #expect(try await bench.work.finish(record, of: claim, worker: rich, claiming: 0).stored)
            _ = try await bench.client.query("SELECT agentctl.undo('a')")
            let bare = try await worker(bench)
            #expect(try await bench.work.claim(worker: bare, maximum: 1).first?.operation == .undo)
            try await submit(bench, "t", "keyed")
            try await bench.script(
                TaskScript.functions + """
                    SELECT pg_temp.delegate('t', 'keyed', 1, '[{"number": 1, "description": "d", "agent": "coder"}]');
                    SELECT agentctl.interrupt('t')
                    """
            )
            #expect(try await claimed(bench, by: try await worker(bench, ["coding"])).count == 1)
            #expect(try await claimed(bench, by: bare) == ["t"])
        }
    }

    @Test func tasksGoToTheQueuesOfTheirAgentsAndStayInTheWorkspace() async throws {
        try await withAgents { bench in
            _ = try await bench.conversations.submit(
                .message("x"),
                to: "p",
                agent: "plain",
                workspace: "host:/srv/a"
            )
            let other = try await worker(bench, offers: ["workspace", "workspace:host:/srv/b"])
            #expect(try await claimed(bench, by: other) == [])
            try await bench.script(
                TaskScript.functions + """
                    SELECT pg_temp.delegate('p', 'plain', 2, '[{"number": 1, "description": "d", "agent": "coder"},
                        {"number": 2, "description": "d", "agent": "filer"}]')
                    """
            )
            #expect(try await claimed(bench, by: try await worker(bench, nil, offers: ["workspace"])) == [])
            let right = ["workspace", "workspace:host:/srv/a"]
            #expect(try await claimed(bench, by: try await worker(bench, ["coding"], offers: right)).count == 1)
            #expect(try await claimed(bench, by: try await worker(bench, offers: right)).count == 1)
            // A task that somebody hands in.
            let task = try await bench.client.query(
                "SELECT agentctl.submit_task('x', agent => 'plain', queue => 'night')"
            )
            #expect(task.count == 1)
            #expect(try await claimed(bench, by: try await worker(bench, ["night"])).count == 1)
        }
    }

    @Test func prioritiesHoldAcrossQueuesAndAccountsTakeTurnsInThem() async throws {
        try await withAgents { bench in
            for (number, queue) in ["x", "y", "z"].enumerated() {
                for message in 1...3 {
                    _ = try await bench.conversations.submit(
                        .message("x"),
                        to: "\(queue)\(message)",
                        agent: "plain",
                        priority: number == 2 ? 0 : 5,
                        queue: queue
                    )
                }
            }
            let all = try await worker(bench, ["x", "y", "z"])
            try await bench.client.withConnection { session in
                var order = ""
                for _ in 1...9 {
                    let rows = try await session.query(
                        "SELECT conversation_id AS text FROM agentctl.claim($1, 1)",
                        [.integer(all)]
                    )
                    order += try #require(rows.first).decode("text", as: String.self).prefix(1)
                }
                #expect(order == "zzzxyxyxy")
            }
        }
    }

    /// What other queues have in between costs a probe each, and not a look at each message.
    @Test func aClaimStepsOverWhatItDoesNotServe() async throws {
        try await withAgents { bench in
            try await bench.script(
                """
                INSERT INTO agentctl.work_queue (name) SELECT 'q' || n FROM generate_series(1, 50) AS n;
                INSERT INTO agentctl.conversation (id, agent)
                SELECT 'c' || n, 'plain' FROM generate_series(1, 10000) AS n;
                INSERT INTO agentctl.conversation_control (conversation_id, state, ready_at, tail_seq, queue_key)
                SELECT 'c' || n, 'ready', clock_timestamp(), 1, q.key
                FROM generate_series(1, 10000) AS n
                JOIN agentctl.work_queue AS q ON q.name
                    = 'q' || CASE WHEN n > 40 THEN n % 5 * 2 + 1 ELSE n % 4 * 2 + 2 END;
                INSERT INTO agentctl.submission (conversation_id, seq, body)
                SELECT 'c' || n, 1, '{"message": "x"}' FROM generate_series(1, 10000) AS n
                """
            )
            let worker = try await worker(bench, ["q2", "q4", "q6", "q8"])
            try await bench.client.withConnection { session in
                func entries() async throws -> Int {
                    _ = try await session.query("SELECT pg_stat_force_next_flush()")
                    return try #require(
                        try await session.query(
                            """
                            SELECT idx_tup_read::bigint AS entries FROM pg_stat_user_indexes
                            WHERE indexrelname = 'conversation_ready'
                            """
                        ).first
                    ).decode("entries")
                }
                let before = try await entries()
                for number in 1...41 {
                    let rows = try await session.query("SELECT FROM agentctl.claim($1, 1)", [.integer(worker)])
                    #expect(rows.count == (number <= 40 ? 1 : 0))
                }
                let read = try await entries() - before
                #expect(read < 5_000, "\(read) entries")
            }
        }
    }

    @Test func whoIsIdleInAQueueIsNotifiedHoweverMuchWaitsInOthers() async throws {
        try await withAgents { bench in
            var notified: [String] = []
            for number in 1...12 { try await submit(bench, "n\(number)", "plain", queue: "unserved") }
            for await event in bench.client.listen(to: ["agentctl_ready"]) {
                switch event {
                case .connected:
                    try await submit(bench, "a", "coder")
                    try await submit(bench, "b", "coder")
                    try await submit(bench, "c", "plain", queue: "unserved")
                    _ = try await bench.client.query("SELECT pg_notify('agentctl_ready', 'end')")
                case .notification(_, let payload): notified.append(payload)
                }
                if notified.last == "end" { break }
            }
            #expect(notified == ["", "end"])
        }
    }

    @Test func moreThanTheSettingsAllowIsRefused() async throws {
        try await withAgents { bench in
            try await bench.script("UPDATE agentctl.setting SET value = '3' WHERE name = 'max_ready_per_user'")
            try await bench.withUser(in: "agentctl_client") { alice in
                for (number, queue) in ["default", "coding", "default"].enumerated() {
                    _ = try await alice.texts(
                        """
                        SELECT agentctl.submit('a\(number)', 'x', 'plain', queue => '\(queue)',
                            priority => \(number))::text AS text
                        """
                    )
                }
                let fourth = "SELECT agentctl.submit('a9', 'x', 'plain')"
                #expect(try await alice.state(of: fourth) == "AC003")
                #expect(try await alice.state(of: "SELECT agentctl.submit_task('x', agent => 'plain')") == "AC003")
                try await bench.withUser(in: "agentctl_client") { bob in
                    #expect(try await bob.state(of: "SELECT agentctl.submit('b', 'x', 'plain')") == nil)
                    try await bench.script("UPDATE agentctl.setting SET value = '4' WHERE name = 'max_ready'")
                    #expect(try await bob.state(of: "SELECT agentctl.submit('b2', 'x', 'plain')") == "AC003")
                }
                // Whoever works here is not refused.
                try await submit(bench, "owner", "plain")
                _ = try await claimed(bench, by: try await worker(bench))
                try await bench.script("UPDATE agentctl.setting SET value = '0' WHERE name = 'max_ready'")
                #expect(try await alice.state(of: fourth) == nil)
            }
        }
    }

    /// Nobody serves the queue of a message that was cancelled; what comes after it waits in its own.
    @Test func whatWasCancelledHoldsUpNothing() async throws {
        try await withAgents { bench in
            try await submit(bench, "a", "plain", queue: "gpu")
            try await submit(bench, "a", "plain")
            let bare = try await worker(bench)
            #expect(try await claimed(bench, by: bare) == [])
            _ = try await bench.client.query("SELECT agentctl.cancel_message('a', 2)")
            _ = try await bench.client.query("SELECT agentctl.cancel_message('a', 1)")
            #expect(try await bench.text("SELECT state::text AS text FROM agentctl.conversation_control") == "idle")
            try await submit(bench, "a", "plain", queue: "gpu")
            try await submit(bench, "a", "plain")
            _ = try await bench.client.query("SELECT agentctl.cancel_message('a', 3)")
            #expect(try await claimed(bench, by: bare) == ["a"])
            let events = try await bench.texts(
                "SELECT seq || ' ' || type AS text FROM agentctl.event WHERE type = 'cancelled' ORDER BY number"
            )
            #expect(events == ["1 cancelled", "2 cancelled", "3 cancelled"])
        }
    }

    /// A turn that has taken up the message after it goes on to the one after that, in whatever queue that waits.
    @Test func whatComesAfterAMessageThatWasTakenUpWaitsInItsOwnQueue() async throws {
        try await withAgents { bench in
            try await submit(bench, "a", "plain")
            let bare = try await worker(bench)
            let claim = try #require(try await bench.work.claim(worker: bare, maximum: 1).first)
            _ = try await bench.client.query("SELECT agentctl.steer('a', 'and this')")
            try await submit(bench, "a", "plain", queue: "gpu")
            var record = bench.record(for: claim, reply: "x")
            record.steered = [2]
            #expect(try await bench.work.finish(record, of: claim, worker: bare, claiming: 0).stored)
            #expect(try await claimed(bench, by: bare) == [])
            #expect(try await claimed(bench, by: try await worker(bench, ["gpu"])) == ["a"])
        }
    }

    @Test func aRepeatedMessageIsKnownAlthoughItsWorkspaceIsGone() async throws {
        try await withAgents { bench in
            try await bench.withUser(in: "agentctl_client") { alice in
                let submit = "SELECT agentctl.submit('a', 'x', 'plain', 'key', workspace => 'h:/srv')"
                let there = try await worker(bench, offers: ["workspace", "workspace:h:/srv"])
                #expect(try await alice.state(of: submit) == nil)
                try await bench.work.stopWorker(there)
                #expect(try await alice.state(of: submit) == nil)
                #expect(try await bench.text("SELECT count(*)::text AS text FROM agentctl.submission") == "1")
            }
        }
    }

    @Test func aClientUsesTheQueuesThatThereAre() async throws {
        try await withAgents { bench in
            try await bench.withUser(in: "agentctl_client") { alice in
                func submit(to queue: String) async throws -> String? {
                    try await alice.state(of: "SELECT agentctl.submit('a', 'x', 'plain', queue => '\(queue)')")
                }
                #expect(try await submit(to: "coding") == nil)
                #expect(try await submit(to: "codnig") == "AC002")
                #expect(try await submit(to: "a b") == "AC001")
                #expect(try await alice.state(of: "SELECT agentctl.submit('a', '', 'plain')") == "AC001")
                let there = "SELECT agentctl.submit('b', 'x', 'plain', workspace => 'h:/srv')"
                #expect(try await alice.state(of: there) == "AC002")
                _ = try await worker(bench, ["late"], offers: ["workspace", "workspace:h:/srv"])
                #expect(try await alice.state(of: there) == nil)
                #expect(try await submit(to: "late") == nil)
                #expect(try await alice.state(of: "SELECT * FROM agentctl.unserved_work()") == "42501")
            }
        }
    }

    @Test func whatNobodyServesIsReportedWithTheReason() async throws {
        try await withAgents { bench in
            try await submit(bench, "a", "keyed")
            try await submit(bench, "b", "coder")
            try await submit(bench, "c", "plain")
            func reasons() async throws -> [String] {
                try await bench.reports.unservedReport().map { $0["reason"]?.stringValue ?? "" }
            }
            #expect(try await reasons() == ["no worker runs", "no worker runs", "needs PAID_KEY; no worker runs"])
            #expect(try await !bench.conversations.hasService(for: "c"))
            let number = try await worker(bench)
            #expect(try await reasons() == ["queue coding: no worker", "needs PAID_KEY; worker \(number) has it not"])
            #expect(try await bench.conversations.hasService(for: "c"))
            #expect(try await !bench.conversations.hasService(for: "a"))
            #expect(try await bench.conversations.hasService())
            _ = try await worker(bench, nil, offers: ["variable:PAID_KEY", "variable:HOME"])
            #expect(try await reasons() == [])
            let offers = try await bench.texts("SELECT unnest(offers) AS text FROM agentctl.worker_status")
            #expect(offers == ["variable:PAID_KEY"])
        }
    }
}
