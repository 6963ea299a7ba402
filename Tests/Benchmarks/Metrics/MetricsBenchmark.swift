import Postgres

/// How long reports of metrics take over many executions, and how long these take to be rolled up.
struct MetricsBenchmark {
    let plan: Plan
    let database: BenchmarkDatabase

    private static let days = 90
    private static let views = [
        "agent_metrics", "tool_metrics", "model_metrics", "function_metrics", "error_patterns",
    ]

    func section() async throws -> Section {
        var section = Section(
            title: "Metrics",
            explanation: """
                Over \(Format.number(Double(plan.executions))) executions of \(Self.days) days, with their model, tool and \
                function calls and tasks: 5 agents, 4 models, 8 tools, 6 functions, of two versions; the median of \
                \(plan.rounds) rounds, as the server returns the rows. Against the number of executions there is nothing to \
                compare: a ratio is that to the same view over the whole time.
                """,
            comparison: "whole time"
        )
        try await database.withClient(connections: 1) { client in
            try await client.withConnection { connection in
                try await connection.executeScript(Executions.script)
                try await connection.executeScript("CALL executions.fill(\(plan.executions), \(Self.days))")
                try await connection.executeScript("VACUUM ANALYZE")
                let began = ContinuousClock.now
                try await connection.executeScript(
                    "DO $$ BEGIN WHILE agentctl.roll_up() LOOP COMMIT; END LOOP; END $$"
                )
                let seconds = began.duration(to: .now) / .seconds(1)
                try await connection.executeScript("VACUUM ANALYZE")
                section.measurements.append(
                    Measurement(
                        subject: "Executions rolled up",
                        measured: "\(Format.number(Double(plan.executions) / seconds))/s"
                    )
                )
                for view in Self.views { section.measurements += try await measure(view, connection) }
                let tasks = try await milliseconds("SELECT count(*) FROM agentctl.task_metrics", connection)
                section.measurements.append(line("`task_metrics`", tasks))
            }
        }
        return section
    }

    private func measure(_ view: String, _ connection: borrowing PostgresConnection) async throws -> [Measurement] {
        let whole = try await milliseconds("SELECT count(*) FROM agentctl.\(view)", connection)
        var lines = [line("`\(view)`", whole)]
        for (name, arguments) in [
            ("one agent", "('agent2')"), ("since 24 h", "(NULL, now() - interval '24 h')"),
            (
                "one agent, 30 days, both hours cut",
                "('agent2', now() - interval '31 d 20 min', now() - interval '25 h 7 min')"
            ),
            ("by hour, 7 days", "_by('hour', NULL, now() - interval '7 d')"),
            ("by day, 90 days", "_by('day', NULL, now() - interval '90 d')"), ("by week", "_by('week')"),
            ("by month", "_by('month')"),
        ] {
            let sql = "SELECT sum(length(row_to_json(r)::text)) FROM agentctl.\(view)\(arguments) AS r"
            let time = try await milliseconds(sql, connection)
            lines.append(line("— \(name)", time, against: whole))
        }
        return lines
    }

    private func line(_ subject: String, _ time: Samples, against whole: Samples? = nil) -> Measurement {
        Measurement(
            subject: subject,
            measured: Format.milliseconds(time.median),
            comparison: whole.map { Format.milliseconds($0.median) } ?? "–",
            ratio: whole.map { Samples([time.median / $0.median]) },
            target: .atMost(200, time.median, unit: " ms")
        )
    }

    private func milliseconds(_ sql: String, _ connection: borrowing PostgresConnection) async throws -> Samples {
        var samples = Samples()
        // The first time reads from the disk and plans.
        for round in 0...plan.rounds {
            let time = try await ContinuousClock().measure { _ = try await connection.query(PostgresStatement(sql)) }
            if round > 0 { samples.add(time / .milliseconds(1)) }
        }
        return samples
    }
}
