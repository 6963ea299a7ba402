import JSON
import Postgres
import TestSupport
import Testing

@testable import Conversation
@testable import Engine
@testable import Store

/// Metrics are what the rollup and the rows beside it add up to, whatever is in which of them.
@Suite struct RollupTests {
    private func withExecutions(_ body: (Bench) async throws -> Void) async throws {
        try await withBench { bench in
            try await bench.client.withConnection { connection in
                try await connection.executeScript(CountedMetrics.script)
                try await connection.executeScript(RandomExecutions.script)
            }
            try await body(bench)
        }
    }

    /// Compares what the functions return with what is counted, over the whole time and over parts of it.
    private func compare(_ bench: Bench, _ note: String) async throws {
        for window in RandomExecutions.windows {
            for (function, columns) in CountedMetrics.columns {
                let differing = try await bench.texts(
                    PostgresStatement(
                        """
                        WITH shown AS (SELECT ROW(\(columns))::text AS text FROM agentctl.\(function)(\(window))),
                             counted AS (SELECT c.text FROM counted.\(function)(\(window)) AS c (text))
                        (SELECT '+ ' || text AS text FROM (TABLE shown EXCEPT ALL TABLE counted) AS a)
                        UNION ALL (SELECT '- ' || text FROM (TABLE counted EXCEPT ALL TABLE shown) AS b)
                        """
                    )
                )
                #expect(differing == [], "\(note): \(function)(\(window))")
            }
        }
    }

    /// Transactions that stay open and commit in another order, some that are rolled back, and a rollup that is cut off.
    @Test(arguments: [1, 2, 3, 4] as [UInt64])
    func nothingIsMissedOrCountedTwiceWhateverCommitsWhen(_ seed: UInt64) async throws {
        try await withExecutions { bench in
            var random = HistoryGenerator(seed: seed)
            var made = 0
            func fill(_ connection: borrowing PostgresConnection) async throws {
                let count = Int.random(in: 1...12, using: &random)
                try await connection.executeScript("SELECT executions.make(\(made), \(count))")
                made += count
            }
            try await bench.client.withConnection { first in
                try await bench.client.withConnection { second in
                    try await bench.client.withConnection { third in
                        for step in 1...3 {
                            for connection in [first, second, third] {
                                try await connection.executeScript("BEGIN")
                                try await fill(connection)
                            }
                            let ends = [first, second, third].shuffled(using: &random)
                            for connection in ends {
                                _ = try await bench.work.rollUp()
                                // As if the process had been killed in the middle.
                                try await bench.client.withConnection { cut in
                                    try await cut.executeScript("BEGIN; SELECT agentctl.roll_up(3); ROLLBACK")
                                }
                                let isKept = Int.random(in: 0..<4, using: &random) > 0
                                try await connection.executeScript(isKept ? "COMMIT" : "ROLLBACK")
                                async let one = bench.client.query("SELECT agentctl.roll_up(2)")
                                async let other = bench.client.query("SELECT agentctl.roll_up(5)")
                                _ = try await (one, other)
                            }
                            try await compare(bench, "step \(step)")
                        }
                    }
                }
            }
            try await bench.rollUp()
            try await compare(bench, "at the end")
            #expect(try await bench.text("SELECT (count(*) > 0)::text AS text FROM agentctl.turn_rollup") == "true")
        }
    }

    @Test func aTransactionThatIsLeftOpenHoldsUpTheMarkAndNothingElse() async throws {
        try await withExecutions { bench in
            try await bench.client.withConnection { open in
                try await open.executeScript("BEGIN; SELECT executions.make(0, 5)")
                _ = try await bench.client.query("SELECT executions.make(5, 20)")
                while try await bench.work.rollUp() {}
                #expect(try await bench.text(Bench.unrolled) != "0")
                try await compare(bench, "held up")
                try await open.executeScript("COMMIT")
            }
            try await bench.rollUp()
            try await compare(bench, "afterwards")
        }
    }

    @Test func whatWasStoredBeforeThereWasARollupIsAddedInSteps() async throws {
        try await withExecutions { bench in
            _ = try await bench.client.query("SELECT executions.make(0, 60)")
            try await bench.client.withConnection { connection in
                try await connection.executeScript(
                    """
                    UPDATE agentctl.turn SET recorded_by = 0;
                    UPDATE agentctl.function_call SET recorded_by = 0;
                    UPDATE agentctl.task SET ended_by = 0 WHERE finished_at IS NOT NULL;
                    UPDATE agentctl.rollup_mark SET backlog_from = '-infinity';
                    """
                )
            }
            _ = try await bench.client.query("SELECT executions.make(60, 10)")
            try await compare(bench, "before")
            var steps = 0
            while try await bench.text("SELECT backlog_from::text AS text FROM agentctl.rollup_mark") != "infinity" {
                _ = try await bench.client.query("SELECT agentctl.roll_up(7)")
                steps += 1
                if steps == 4 { try await compare(bench, "half-way") }
            }
            #expect(steps > 5)
            try await bench.rollUp()
            try await compare(bench, "afterwards")
        }
    }

    /// As in a database that was restored on another server, whose transactions have lower numbers.
    @Test func aRestoredDatabaseGoesOnRollingUp() async throws {
        try await withExecutions { bench in
            _ = try await bench.client.query("SELECT executions.make(0, 30)")
            try await bench.rollUp()
            _ = try await bench.client.query("SELECT executions.make(30, 10)")
            try await bench.client.withConnection { connection in
                try await connection.executeScript(
                    """
                    UPDATE agentctl.rollup_mark SET recorded_before = recorded_before + 1000000000;
                    UPDATE agentctl.turn SET recorded_by = recorded_by + 1000000000;
                    UPDATE agentctl.function_call SET recorded_by = recorded_by + 1000000000;
                    UPDATE agentctl.compaction SET recorded_by = recorded_by + 1000000000;
                    UPDATE agentctl.task SET ended_by = ended_by + 1000000000 WHERE ended_by > 0;
                    """
                )
            }
            _ = try await bench.work.startWorker(WorkerDescription(kind: .service, slots: 1))
            _ = try await bench.client.query("SELECT executions.make(40, 10)")
            try await compare(bench, "restored")
            try await bench.rollUp()
            try await compare(bench, "rolled up")
        }
    }

    /// A time zone whose days begin in the middle of an hour of UTC.
    @Test(arguments: ["UTC", "Asia/Kolkata"])
    func metricsByPeriodAreThoseOfEachPeriod(_ zone: String) async throws {
        try await withExecutions { bench in
            _ = try await bench.client.query("SELECT executions.make(0, 80)")
            try await bench.rollUp()
            _ = try await bench.client.query("SELECT executions.make(80, 10)")
            try await bench.client.withConnection { connection in
                try await connection.executeScript("SET timezone = '\(zone)'")
                for (function, columns) in CountedMetrics.columns where function != "task_metrics" {
                    let rows = try await connection.query(
                        PostgresStatement(
                            """
                            WITH shown AS (
                                SELECT ROW(starts_at, \(columns))::text AS text
                                FROM agentctl.\(function)_by('day', NULL, now() - interval '9 days')
                            ), counted AS (
                                SELECT ROW(p.starts_at, c.text)::text AS text
                                FROM agentctl.metric_periods('day', now() - interval '9 days') AS p
                                CROSS JOIN LATERAL counted.\(function)(NULL, p.starts_at, p.ends_at) AS c (text)
                            )
                            SELECT concat_ws(' ', (SELECT count(*) FROM shown), (SELECT count(*) FROM counted)) AS text
                            """
                        )
                    )
                    let counts = try rows.map { try $0.decode("text", as: String.self) }.first?.split(separator: " ")
                    #expect(counts?.count == 2 && counts?.first == counts?.last && counts?.first != "0", "\(function)")
                }
                let sums = try await connection.query(
                    """
                    SELECT ROW(starts_at, sum(turns), sum(cost_usd)::numeric(30, 8))::text AS text
                    FROM agentctl.agent_metrics_by('day', NULL, now() - interval '9 days') GROUP BY starts_at
                    EXCEPT
                    SELECT ROW(date_trunc('day', p.starts_at), count(*), sum(t.cost_usd)::numeric(30, 8))::text
                    FROM agentctl.metric_periods('day', now() - interval '9 days') AS p
                    JOIN agentctl.turn AS t ON t.started_at >= p.starts_at AND t.started_at < p.ends_at GROUP BY p.starts_at
                    """
                )
                #expect(sums.isEmpty)
            }
        }
    }

    @Test func percentilesAreAtMostSixPercentOff() async throws {
        try await withExecutions { bench in
            for fraction in ["0.5", "0.95", "0.99", "0.01", "1"] {
                let worst = try await bench.text(
                    PostgresStatement(
                        """
                        SELECT max(abs((agentctl.latency_percentiles(g.histogram, '{\(fraction)}'))[1] / g.exact - 1))::text
                            AS text
                        FROM (
                            SELECT percentile_disc(\(fraction)) WITHIN GROUP (ORDER BY v.ms) AS exact,
                                   sum(('1e' || 12 * width_bucket(v.ms, l.bounds))::numeric) AS histogram
                            FROM agentctl.latency_scale AS l
                            CROSS JOIN generate_series(1, 60) AS size
                            CROSS JOIN LATERAL (
                                SELECT 0.11 * exp(random() * (size % 24)) AS ms FROM generate_series(1, size * size)) AS v
                            GROUP BY size
                        ) AS g
                        """
                    )
                )
                let error = try #require(worst.flatMap(Double.init))
                #expect(error <= 0.06, "\(fraction)")
            }
            #expect(try await bench.text("SELECT (agentctl.latency_percentiles(0) IS NULL)::text AS text") == "true")
        }
    }

    @Test func aConversationIsCountedOnceAnHour() async throws {
        try await withExecutions { bench in
            try await bench.client.withConnection { connection in
                try await connection.executeScript(RandomExecutions.failures)
            }
            let counts: PostgresStatement = """
                SELECT concat_ws(' ', occurrences, conversations, last_message) AS text FROM agentctl.error_patterns
                WHERE error_code = 'broken'
                """
            // Conversation a in two hours, b in one of them.
            #expect(try await bench.text(counts) == "6 3 a 4")
            try await bench.rollUp()
            #expect(try await bench.text(counts) == "6 3 a 4")
        }
    }

    @Test func aTaskThatIsTriedAgainIsCountedOnce() async throws {
        try await withBench { bench in
            try await bench.register(Documents.offline)
            let task = try #require(
                try await bench.text("SELECT agentctl.submit_task('x', agent => 'assistant')::text AS text").flatMap(
                    Int64.init
                )
            )
            let counts: PostgresStatement = """
                SELECT concat_ws(' ', tasks, open, cancelled, (SELECT sum(tasks) FROM agentctl.task_rollup WHERE grain = 'day'))
                    AS text
                FROM agentctl.task_metrics
                """
            _ = try await bench.client.query("SELECT agentctl.cancel_task($1)", [.integer(task)])
            while try await bench.process() != nil {}
            try await bench.rollUp()
            #expect(try await bench.text(counts) == "1 0 1 1")
            _ = try await bench.client.query("SELECT agentctl.retry_task($1)", [.integer(task)])
            #expect(try await bench.text(counts) == "1 1 0 0")
            _ = try await bench.client.query("SELECT agentctl.cancel_task($1)", [.integer(task)])
            while try await bench.process() != nil {}
            try await bench.rollUp()
            #expect(try await bench.text(counts) == "1 0 1 1")
        }
    }

    @Test func aWorkerAddsToTheRollup() async throws {
        try await withBench { bench in
            try await bench.register(Documents.offline)
            _ = try await bench.client().send(.message("What is 1+1?"), to: "c") { _ in }
            let worker = Task { try await bench.worker().run() }
            // The mark waits for the oldest transaction of the server, which other tests have as well.
            try await eventually("the rollup", within: .seconds(240)) {
                try await bench.text("SELECT count(*)::text AS text FROM agentctl.turn_rollup WHERE grain = 'hour'")
                    == "1"
            }
            worker.cancel()
            _ = await worker.result
        }
    }
}
