import JSON
import Postgres
import TestSupport
import Testing

@testable import Conversation
@testable import Engine
@testable import Functions
@testable import Store

/// What the statements of the hot path cost the server, as it counts them itself.
@Suite struct StatementCostTests {
    /// A server that counts plans and statements, also those inside functions, and flushes as a real one does.
    private static let settings = [
        "autovacuum": "off",
        "fsync": "on",
        "pg_stat_statements.track": "all",
        "pg_stat_statements.track_planning": "on",
        // What a server has by itself: with less, plans for all values look good enough anyway.
        "random_page_cost": "4",
        "shared_preload_libraries": "pg_stat_statements",
        // So that what is flushed is flushed by commits.
        "wal_writer_delay": "10s",
    ]

    private func withBench(_ body: (Bench) async throws -> Void) async throws {
        try await withCluster(settings: Self.settings) { cluster in
            try await cluster.query("CREATE DATABASE costs TEMPLATE template0", database: "postgres")
            try await cluster.query("CREATE EXTENSION pg_stat_statements", database: "costs")
            try await EngineTests.withBench(url: cluster.url(database: "costs")) { bench in
                _ = try await Migrator(client: bench.client).migrate()
                try await body(bench)
            }
        }
    }

    /// Statistics decide whether the server trusts a plan made once, so there are many long conversations.
    @Test func noHotStatementIsPlannedAnew() async throws {
        try await withBench { bench in
            try await bench.register(Documents.offline)
            try await bench.client.withConnection { try await $0.executeScript(PlanTests.fill) }
            let worker = try await bench.work.startWorker(WorkerDescription(kind: .service, slots: 1)).id
            _ = try await bench.client.query("SELECT pg_stat_statements_reset()")
            for number in 1000..<2000 {
                try await processMessage(of: "c\(number)", bench, worker: worker)
            }
            let calls = try await bench.text(
                """
                SELECT max(s.calls)::text AS text FROM pg_stat_statements AS s
                WHERE s.query LIKE '%INTO claimed%' OR s.query LIKE '%agentctl.claim(%'
                """
            )
            #expect(calls.flatMap { Int($0) } ?? 0 >= 1000, "the statements were not counted")
            let planned = try await bench.texts(
                """
                SELECT format('%s plans, %s calls: %s', s.plans, s.calls, left(regexp_replace(s.query, '\\s+', ' ', 'g'), 200)) AS text
                FROM pg_stat_statements AS s
                WHERE s.dbid = (SELECT d.oid FROM pg_database AS d WHERE d.datname = current_database())
                  AND s.calls >= 100 AND s.plans * 10 > s.calls
                ORDER BY s.total_plan_time DESC
                """
            )
            #expect(planned == [])
        }
    }

    private func processMessage(of conversation: String, _ bench: Bench, worker: Int64) async throws {
        let seq = try await bench.conversations.submitAndFollow(
            .message("hi"),
            to: conversation,
            agent: nil,
            idempotencyKey: nil
        ).seq
        let claim = try #require(
            try await bench.work.claim(worker: worker, maximum: 1, conversation: conversation).first
        )
        _ = try await bench.work.heartbeat(worker: worker, isDraining: false)
        _ = try await bench.work.signals(of: worker)
        _ = try await bench.definitions.agentParts("assistant")
        _ = try await bench.conversations.hasService()
        _ = try await bench.work.reap()
        _ = try await bench.work.finish(bench.record(for: claim, reply: "x"), of: claim, worker: worker, claiming: 0)
        _ = try await bench.conversations.follow(conversation: conversation, seq: seq, after: FollowPosition())
        _ = try await bench.conversations.summary(conversation: conversation, seq: seq)
        _ = try await bench.client.query("SELECT agentctl.call_function('f', '{}')")
        for call in try await bench.work.claimFunctionCalls(worker: worker, maximum: 1) {
            let outcome = FunctionOutcome(result: 1)
                .record(of: FunctionDefinition(document: ["name": "f"]), arguments: [:], callID: nil)
            _ = try await bench.work.finish(call, outcome)
        }
        // Of another conversation: the worker takes what comes first.
        for claim in try await bench.work.claim(worker: worker, maximum: 1) { _ = try await bench.work.release(claim) }
    }

    /// The WAL writer may flush now and then; a commit that has to be durable flushes each time.
    @Test func heartbeatsAndPiecesOfAnswersFlushNothing() async throws {
        try await withBench { bench in
            try await bench.register(Documents.offline)
            let worker = try await bench.work.startWorker(WorkerDescription(kind: .service, slots: 1)).id
            let (durable, relaxed) = try await bench.client.withConnection { connection in
                let durable = try await flushes(on: connection) {
                    for _ in 1...10 { _ = try await connection.query("SELECT agentctl.stop_worker($1)", [.integer(0)]) }
                    for _ in 1...10 {
                        _ = try await connection.query(
                            "UPDATE agentctl.setting SET value = '11' WHERE name = 'worker_ttl'"
                        )
                    }
                }
                let relaxed = try await flushes(on: connection) {
                    for number in 1...40 {
                        let rows = try await connection.query(
                            "SELECT agentctl.heartbeat($1, false) AS alive",
                            [.integer(worker)]
                        )
                        #expect(try rows.first?.decode("alive", as: Bool.self) == true)
                        _ = try await connection.query(
                            """
                            SELECT agentctl.write_deltas(jsonb_build_array(jsonb_build_object(
                                'conversation_id', 'c', 'seq', 1, 'attempt', 1, 'number', $1::integer, 'type', 'text',
                                'data', '{}'::jsonb)))
                            """,
                            [.integer(Int64(number))]
                        )
                    }
                    _ = try await connection.query("SELECT agentctl.sweep_deltas('0 s')")
                }
                return (durable, relaxed)
            }
            #expect(durable >= 10)
            #expect(relaxed <= 3)
        }
    }

    /// What workers tell one another of a server that fails need not survive a crash.
    @Test func whatIsKnownOfServersFlushesNothing() async throws {
        try await withBench { bench in
            try await bench.client.withConnection { connection in
                let reports = try await flushes(on: connection) {
                    for number in 1...100 {
                        _ = try await connection.query(
                            "SELECT agentctl.report_endpoint($1, 1, 1, 'server', '500', false, 0.1)",
                            [.text("e\(number % 20)")]
                        )
                    }
                }
                let opened = try await connection.query(
                    "UPDATE agentctl.endpoint_state SET probe_at = clock_timestamp() WHERE opened_at IS NOT NULL RETURNING endpoint"
                )
                #expect(opened.count == 20)
                let probes = try await flushes(on: connection) {
                    for number in 0..<20 {
                        let endpoint = PostgresValue.text("e\(number)")
                        let begun = try await connection.query(
                            "SELECT probe FROM agentctl.begin_probe($1, 60) WHERE probe IS NOT NULL",
                            [endpoint]
                        )
                        #expect(begun.count == 1)
                        _ = try await connection.query(
                            """
                            SELECT agentctl.end_probe($1, (SELECT probe FROM agentctl.endpoint_state WHERE endpoint = $1), true)
                            """,
                            [endpoint]
                        )
                    }
                }
                #expect(reports <= 3 && probes <= 3, "\(reports) flushes for 100 reports, \(probes) for 20 probes")
            }
        }
    }

    /// How often the WAL was flushed while `body` ran.
    private func flushes(on connection: PostgresConnection, _ body: () async throws -> Void) async throws -> Int {
        func count() async throws -> Int {
            _ = try await connection.query("SELECT pg_stat_force_next_flush()")
            let rows = try await connection.query("SELECT wal_sync::bigint AS flushes FROM pg_stat_wal")
            return try #require(rows.first).decode("flushes")
        }
        let before = try await count()
        try await body()
        return try await count() - before
    }
}
