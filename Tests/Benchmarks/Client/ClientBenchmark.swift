import Postgres
import TestSupport

/// The PostgreSQL client against pgbench.
struct ClientBenchmark {
    let plan: Plan
    let database: BenchmarkDatabase

    private static let tasks = 16

    private struct Series {
        var pgbench = Samples()
        var client = Samples()
        var onLoop = Samples()
        var processorTime = Samples()
        var processorTimeOnLoop = Samples()
    }

    func section() async throws -> Section {
        try await psql(database.url, ClientLoad.tables)
        var section = Section(
            title: "PostgreSQL client",
            explanation: """
                \(Self.tasks) tasks against `pgbench -M prepared -c \(Self.tasks) -j 2`, \(plan.rounds) rounds of \
                \(plan.seconds) s each. The tasks are ordinary ones; "on the loop" are tasks that name the client's event \
                loop as their executor. The CPU time is that of the client's process alone.
                """,
            comparison: "pgbench"
        )
        for load in ClientLoad.all {
            section.measurements += try await measure(load)
        }
        section.measurements.append(try await cancellation())
        return section
    }

    private func measure(_ load: ClientLoad) async throws -> [Measurement] {
        let pgbench = Pgbench(url: database.url, clients: Self.tasks)
        let series = try await database.withClient(connections: Self.tasks) { client in
            var series = Series()
            let run = ClientRun(client: client, load: load, tasks: Self.tasks, isOnLoop: false)
            let runOnLoop = ClientRun(client: client, load: load, tasks: Self.tasks, isOnLoop: true)
            _ = try await run.result(over: .milliseconds(200))
            for round in 1...plan.rounds {
                Progress.say("  \(load.name), round \(round)")
                series.pgbench.add(try await pgbench.run(load.script, for: .seconds(plan.seconds)).rate)
                let result = try await run.result(over: .seconds(plan.seconds))
                series.client.add(result.rate)
                series.processorTime.add(result.processorTime)
                let resultOnLoop = try await runOnLoop.result(over: .seconds(plan.seconds))
                series.onLoop.add(resultOnLoop.rate)
                series.processorTimeOnLoop.add(resultOnLoop.processorTime)
            }
            return series
        }
        return measurements(load, series)
    }

    private func measurements(_ load: ClientLoad, _ series: Series) -> [Measurement] {
        let comparison = Format.rate(series.pgbench)
        let ratio = series.client.over(series.pgbench)
        let time = series.processorTime.median
        return [
            Measurement(
                subject: load.name,
                measured: Format.rate(series.client),
                comparison: comparison,
                ratio: ratio,
                target: .atLeast(load.target, ratio)
            ),
            Measurement(
                subject: "— on the loop",
                measured: Format.rate(series.onLoop),
                comparison: comparison,
                ratio: series.onLoop.over(series.pgbench)
            ),
            Measurement(
                subject: "— client CPU time a statement",
                measured: Format.microseconds(time),
                target: .atMost(12, time, unit: " µs")
            ),
            Measurement(
                subject: "— client CPU time a statement, on the loop",
                measured: Format.microseconds(series.processorTimeOnLoop.median)
            ),
        ]
    }

    /// From cancelling a task to its end, for a statement that the server is at.
    private func cancellation() async throws -> Measurement {
        let latencies = try await database.withClient { client in
            var latencies = Samples()
            for round in 0..<plan.shortRounds {
                latencies.add(try await cancel(round, client) / .milliseconds(1))
            }
            return latencies
        }
        let shown = "\(Format.milliseconds(latencies.median)), slowest \(Format.milliseconds(latencies.greatest))"
        return Measurement(
            subject: "Cancelling a statement, to the task's end",
            measured: shown,
            target: .init(text: "< 20 ms", isMet: latencies.greatest < 20)
        )
    }

    private func cancel(_ round: Int, _ client: PostgresClient) async throws -> Duration {
        try await withThrowingTaskGroup(of: Bool.self) { group in
            group.addTask {
                do throws(PostgresError) {
                    try await client.query("SELECT pg_sleep(60)")
                    return false
                } catch {
                    return error.code == .cancelled
                }
            }
            let sleeping: PostgresStatement = "SELECT FROM pg_stat_activity WHERE wait_event = 'PgSleep'"
            try await eventually("a statement that sleeps") { try await !client.read(sleeping).isEmpty }
            let start = ContinuousClock.now
            group.cancelAll()
            guard try await group.next() == true else { throw BenchmarkError("a statement was not cancelled") }
            return start.duration(to: .now)
        }
    }
}
