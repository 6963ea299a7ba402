import Postgres
import TestSupport
import Testing

@testable import Conversation
@testable import Engine
@testable import Store

/// Whose conversation is claimed next, and how much of the queue a claim reads.
@Suite struct QueueTests {
    /// One connection, as what a session remembers is its own.
    private func withSession(
        _ bench: Bench,
        _ body: (PostgresConnection, _ worker: Int64) async throws -> Void
    ) async throws {
        let worker = try await bench.work.startWorker(WorkerDescription(kind: .service, slots: 1)).id
        try await bench.client.withConnection { try await body($0, worker) }
    }

    private func claim(_ maximum: Int = 1, on session: PostgresConnection, _ worker: Int64) async throws -> [String] {
        try await session.query(
            "SELECT conversation_id AS text FROM agentctl.claim($1, $2::integer)",
            [.integer(worker), .integer(Int64(maximum))]
        ).map { try $0.decode("text", as: String.self) }
    }

    /// Entries of an index, that of the queue, which were read while `body` ran.
    private func entries(
        of index: String = "conversation_ready",
        on session: PostgresConnection,
        _ body: () async throws -> Void
    ) async throws -> Int {
        func count() async throws -> Int {
            _ = try await session.query("SELECT pg_stat_force_next_flush()")
            let rows = try await session.query(
                "SELECT idx_tup_read::bigint AS entries FROM pg_stat_user_indexes WHERE indexrelname = $1",
                [.text(index)]
            )
            return try #require(rows.first).decode("entries")
        }
        let before = try await count()
        try await body()
        return try await count() - before
    }

    /// Ready conversations, of so many accounts.
    private func fill(_ bench: Bench, _ count: Int, prefix: String = "c", accounts: Int = 1) async throws {
        try await bench.script(
            """
            INSERT INTO agentctl.conversation (id, agent)
            SELECT '\(prefix)' || n, 'assistant' FROM generate_series(1, \(count)) AS n;
            INSERT INTO agentctl.conversation_control (conversation_id, state, ready_at, tail_seq, account_key)
            SELECT '\(prefix)' || n, 'ready', clock_timestamp(), 1, n % \(accounts)
            FROM generate_series(1, \(count)) AS n;
            INSERT INTO agentctl.submission (conversation_id, seq, body)
            SELECT '\(prefix)' || n, 1, '{"message": "x"}' FROM generate_series(1, \(count)) AS n
            """
        )
    }

    @Test(arguments: [1, 4])
    func whatOneUserHasReadyDelaysAnotherByAFewClaims(_ maximum: Int) async throws {
        try await withBench { bench in
            try await bench.register(Documents.offline)
            try await bench.withUser(in: "agentctl_client") { alice in
                try await bench.withUser(in: "agentctl_client") { bob in
                    _ = try await alice.texts(
                        """
                        SELECT agentctl.submit('c' || n, 'hello', 'assistant')::text AS text
                        FROM generate_series(1, 400) AS n
                        """
                    )
                    try await withSession(bench) { session, worker in
                        #expect(try await claim(on: session, worker).allSatisfy { $0.hasPrefix(alice.name) })
                        _ = try await bob.texts("SELECT agentctl.submit('c', 'hello', 'assistant')::text AS text")
                        var claimed: [String] = []
                        while claimed.count < 4 { claimed += try await claim(maximum, on: session, worker) }
                        // What one claim takes has no order.
                        #expect(claimed.prefix(max(2, maximum)).contains { $0.hasPrefix(bob.name) })
                    }
                }
            }
        }
    }

    /// A tree below one user's message is no reason to have another user wait for all of it.
    @Test func accountsTakeTurnsWhateverTheDepth() async throws {
        try await withBench { bench in
            try await fill(bench, 8, accounts: 2)
            try await bench.script(
                "UPDATE agentctl.conversation_control SET depth = 3 WHERE conversation_id IN ('c2', 'c4', 'c6')"
            )
            try await withSession(bench) { session, worker in
                // Those with an even number are of the account 0, and the deep ones are its first.
                var order: [String] = []
                for _ in 1...8 { order += try await claim(on: session, worker) }
                #expect(order == ["c2", "c1", "c4", "c3", "c6", "c5", "c8", "c7"])
            }
        }
    }

    @Test func aClaimOfManyTakesThemAllOfOneAccountOrInTurns() async throws {
        try await withBench { bench in
            try await fill(bench, 40)
            try await fill(bench, 3, prefix: "d", accounts: 50)
            try await withSession(bench) { session, worker in
                let first = try await claim(8, on: session, worker)
                #expect(Set(first).isSuperset(of: ["d1", "d2", "d3"]) && first.count == 8)
                #expect(try await claim(32, on: session, worker).count == 32)
                #expect(try await claim(32, on: session, worker).count == 3)
                #expect(try await claim(32, on: session, worker) == [])
            }
        }
    }

    @Test(arguments: [1, 100, 10_000])
    func aClaimReadsAFewEntriesHoweverManyAccountsWait(_ accounts: Int) async throws {
        try await withBench { bench in
            try await fill(bench, 10_000, accounts: accounts)
            try await withSession(bench) { session, worker in
                let read = try await entries(on: session) {
                    for _ in 1...50 {
                        let claimed = try await claim(on: session, worker)
                        #expect(claimed.count == 1)
                    }
                }
                // What was claimed may stay in the index for a while: other databases have transactions.
                #expect(read < 10_000)
            }
        }
    }

    /// As long as another session may still see what was ready, its entries stay in the index.
    @Test func anOldSnapshotDoesNotHaveEachClaimReadWhatIsGone() async throws {
        try await withBench { bench in
            try await bench.client.withConnection { old in
                try await old.query("BEGIN ISOLATION LEVEL REPEATABLE READ")
                try await old.query("SELECT count(*) FROM agentctl.conversation_control")
                try await fill(bench, 5_000)
                try await bench.script(
                    "UPDATE agentctl.conversation_control SET state = 'idle', ready_at = NULL, head_seq = 1"
                )
                try await fill(bench, 40, prefix: "d")
                try await readsTheQueueNowAndThen(bench, whichHas: 5_000)
                try await old.query("ROLLBACK")
            }
        }
    }

    @Test func whatASessionRemembersDoesNotOutliveAClockThatIsSetBack() async throws {
        try await withBench { bench in
            try await bench.register(Documents.offline)
            try await fill(bench, 1)
            try await withSession(bench) { session, worker in
                _ = try await session.query(
                    """
                    SELECT set_config('agentctl.claim_memory', (1, 0, now() + interval '1 hour', 100000000,
                        ARRAY[(0, 1, 0, 0, now() + interval '1 hour')::agentctl.read_lane])::agentctl.claim_memory::text,
                        false)
                    """
                )
                #expect(try await claim(on: session, worker) == ["c1"])
            }
        }
    }

    @Test func rowsThatAClientHasLockedAreNotReadByEachClaim() async throws {
        try await withBench { bench in
            try await fill(bench, 5_000)
            try await fill(bench, 40, prefix: "d")
            try await bench.client.withTransaction { client in
                try await client.query(
                    "SELECT FROM agentctl.conversation_control WHERE conversation_id LIKE 'c%' FOR UPDATE"
                )
                try await readsTheQueueNowAndThen(bench, whichHas: 5_000)
            }
        }
    }

    /// Claims the forty that there are, by fewer readings of the whole queue than claims, and finds what comes late.
    private func readsTheQueueNowAndThen(_ bench: Bench, whichHas gone: Int) async throws {
        try await withSession(bench) { session, worker in
            var claimed: [String] = []
            let read = try await entries(on: session) {
                for _ in 1...40 { claimed += try await claim(on: session, worker) }
            }
            #expect(claimed.count == 40 && claimed.allSatisfy { $0.hasPrefix("d") })
            #expect(read >= gone && read < 10 * 4 * gone, "\(read) entries")
            // What was made ready before the place that the session has come to, and committed after.
            try await bench.script(
                """
                UPDATE agentctl.conversation_control SET state = 'ready', ready_at = now() - interval '1 hour',
                    lease = NULL, worker_id = NULL WHERE conversation_id = 'd7'
                """
            )
            try await eventually("what comes late is claimed", within: .seconds(30)) {
                try await claim(on: session, worker) == ["d7"]
            }
        }
    }

    /// With each round of a conversation there is one more: a claim reads that of its turn.
    @Test func aClaimReadsOneSubmissionHoweverManyWentBefore() async throws {
        try await withBench { bench in
            try await fill(bench, 2)
            try await bench.script(
                """
                INSERT INTO agentctl.submission (conversation_id, seq, body)
                SELECT 'c1', n, '{"message": "x"}' FROM generate_series(2, 300) AS n;
                UPDATE agentctl.conversation_control SET head_seq = 299, tail_seq = 300 WHERE conversation_id = 'c1'
                """
            )
            try await withSession(bench) { session, worker in
                let read = try await entries(of: "submission_pkey", on: session) {
                    let claimed = try await claim(on: session, worker)
                    #expect(claimed.count == 1)
                }
                #expect(read <= 2)
            }
        }
    }

    @Test func aRunOfAChainIsShownNothingThatWasSaidBeforeAndAnAgentIs() async throws {
        try await withBench { bench in
            try await bench.register(Documents.offline)
            try await bench.register(
                """
                {"kind": "chain", "name": "steps", "strategy": "sequential", "stages": [{"agent": "assistant"}]}
                """
            )
            for (conversation, agent) in [("run", "steps"), ("talk", "assistant")] {
                for _ in 1...2 {
                    _ = try await bench.conversations.submit(.message("hello"), to: conversation, agent: agent)
                    let (worker, claimed) = try await bench.claim(conversation)
                    let claim = try #require(claimed)
                    #expect(claim.history.count == (claim.seq == 2 && agent == "assistant" ? 2 : 0))
                    let record = bench.record(for: claim, reply: "x")
                    #expect(try await bench.work.finish(record, of: claim, worker: worker, claiming: 0).stored)
                }
            }
        }
    }
}
