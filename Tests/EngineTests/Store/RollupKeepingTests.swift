import JSON
import Postgres
import TestSupport
import Testing

@testable import Conversation
@testable import Engine
@testable import Store

/// What was spent stays known when its details go, and nothing of whom it was.
@Suite struct RollupKeepingTests {
    private func withExecutions(_ body: (Bench) async throws -> Void) async throws {
        try await withBench { bench in
            try await bench.register(Documents.offline)
            try await bench.client.withConnection { try await $0.executeScript(RandomExecutions.script) }
            try await body(bench)
        }
    }

    /// All that the functions return but the messages, which are details.
    private static let totals: PostgresStatement = """
        SELECT jsonb_build_array(
            (SELECT jsonb_agg(to_jsonb(m) ORDER BY agent, version) FROM agentctl.agent_metrics AS m),
            (SELECT jsonb_agg(to_jsonb(m) ORDER BY model, version) FROM agentctl.model_metrics AS m),
            (SELECT jsonb_agg(to_jsonb(m) ORDER BY tool, version) FROM agentctl.tool_metrics AS m),
            (SELECT jsonb_agg(to_jsonb(m) ORDER BY function, version) FROM agentctl.function_metrics AS m),
            (SELECT jsonb_agg(to_jsonb(m) ORDER BY agent) FROM agentctl.task_metrics AS m),
            (SELECT jsonb_agg(to_jsonb(m) - 'last_message' ORDER BY source, subject, error_code)
             FROM agentctl.error_patterns AS m),
            (SELECT jsonb_agg(to_jsonb(m) ORDER BY agent, version)
             FROM agentctl.agent_metrics('agent1', now() - interval '100 days', now() - interval '30 days') AS m)
        )::text AS text
        """

    @Test func whatWasSpentIsKnownAfterItsDetailsWerePruned() async throws {
        try await withExecutions { bench in
            _ = try await bench.client.query("SELECT executions.make(0, 120)")
            // What depends on the time of the question is left out: what is cut in the middle of an hour.
            try await bench.rollUp()
            let before = try await bench.text(Self.totals)
            let turns = try await bench.text("SELECT count(*)::text AS text FROM agentctl.turn")
            let dropped = try await bench.text("SELECT (agentctl.prune('20 days') ->> 'dropped') AS text")
            #expect(dropped?.contains("turn_") == true && dropped?.contains("step_") == true)
            #expect(try await bench.text("SELECT count(*)::text AS text FROM agentctl.turn") != turns)
            #expect(try await bench.text(Self.totals) == before)
            // Nothing is in it twice when it goes on.
            try await bench.rollUp()
            #expect(try await bench.text(Self.totals) == before)
        }
    }

    @Test func aMonthThatIsNotRolledUpIsNotDropped() async throws {
        try await withExecutions { bench in
            let turns: PostgresStatement = "SELECT count(*)::text AS text FROM agentctl.turn"
            try await bench.client.withConnection { open in
                try await open.executeScript("BEGIN; SELECT pg_current_xact_id()")
                _ = try await bench.client.query("SELECT executions.make(0, 120)")
                let before = try await bench.text(Self.totals)
                _ = try await bench.client.query("SELECT agentctl.prune('20 days')")
                #expect(try await bench.text(turns) == "120")
                #expect(try await bench.text(Self.totals) == before)
                try await open.executeScript("COMMIT")
            }
            try await bench.rollUp()
            _ = try await bench.client.query("SELECT agentctl.prune('20 days')")
            #expect(try await bench.text(turns) != "120")
        }
    }

    /// Of what is deleted at once nothing is in the rollup yet, and of what is deleted later all.
    @Test(arguments: [false, true])
    func whatAUserSpentStaysAndWhoItWasDoesNot(_ isRolledUp: Bool) async throws {
        try await withBench { bench in
            try await bench.register(Documents.offline)
            let client = bench.client()
            _ = try await client.send(.message("What is 6*7?"), to: "secret-name") { _ in }
            _ = try await client.send(.message("again secret-word"), to: "secret-name") { _ in }
            _ = try await bench.client.query(
                """
                INSERT INTO agentctl.tool_call (conversation_id, seq, number, step_number, call_id, tool, arguments, effect,
                    state, error_code, result, started_at)
                VALUES ('secret-name', 1, 9, 1, 'c', 'secret_tool', '{}', 'pure', 'failed', 'not_found', 'secret', now())
                """
            )
            if isRolledUp { try await bench.rollUp() }
            let before = try await bench.text(Self.totals)
            #expect(before?.contains("calculator") == true && before?.contains("secret") == false)
            let owner = try #require(
                try await bench.text("SELECT created_by AS text FROM agentctl.conversation WHERE id = 'secret-name'")
            )
            _ = try await bench.client.query("SELECT agentctl.delete_user($1)", [.text(owner)])
            #expect(try await bench.text("SELECT count(*)::text AS text FROM agentctl.turn") == "0")
            #expect(try await bench.text(Self.totals) == before)
            try await bench.rollUp()
            #expect(try await bench.text(Self.totals) == before)
            let personal = try await bench.texts(
                """
                SELECT text FROM (
                    SELECT r::text FROM agentctl.turn_rollup AS r UNION ALL SELECT r::text FROM agentctl.model_rollup AS r
                    UNION ALL SELECT r::text FROM agentctl.tool_rollup AS r
                    UNION ALL SELECT r::text FROM agentctl.function_rollup AS r
                    UNION ALL SELECT r::text FROM agentctl.task_rollup AS r) AS kept (text)
                WHERE text LIKE '%secret%' OR text LIKE '%' || $1 || '%'
                """,
                [.text(owner)]
            )
            #expect(personal == [])
        }
    }

    /// The partitions of which a statement has read rows, by the server's own count.
    private func read(_ sql: String, of table: String, _ bench: Bench) async throws -> [String] {
        try await bench.client.withConnection { connection in
            // What the session has read before is counted elsewhere from here on.
            try await connection.executeScript("SELECT pg_stat_force_next_flush()")
            // Outside of a transaction the counts of the statement would be gone with it.
            try await connection.executeScript("BEGIN; SELECT count(*) FROM \(sql)")
            let rows = try await connection.query(
                """
                SELECT relname::text AS text FROM pg_stat_xact_user_tables
                WHERE schemaname = 'agentctl' AND relname LIKE $1 || '\\_2%' AND seq_tup_read + idx_tup_fetch > 0
                ORDER BY relname
                """,
                [.text(table)]
            )
            let names = try rows.map { try $0.decode("text", as: String.self) }
            try await connection.executeScript("ROLLBACK")
            return names
        }
    }

    @Test func onlyPartitionsOfTheTimeAreRead() async throws {
        try await withExecutions { bench in
            _ = try await bench.client.query("SELECT executions.make(0, 200)")
            try await bench.rollUp()
            try await bench.client.withConnection { try await $0.executeScript("ANALYZE") }
            for (function, table) in [
                ("agent_metrics", "turn"), ("model_metrics", "step"), ("tool_metrics", "tool_call"),
                ("function_metrics", "function_call"),
            ] {
                // A part of an hour, whose rows are read, in a month of before.
                let first = try #require(
                    try await bench.text(
                        PostgresStatement("SELECT min(started_at)::text AS text FROM agentctl.\(table)")
                    )
                )
                let month = try await bench.text(
                    "SELECT to_char($1::timestamptz AT TIME ZONE 'UTC', '_YYYY_MM') AS text",
                    [.text(first)]
                )
                let time = "NULL, '\(first)', '\(first)'::timestamptz + interval '1 microsecond'"
                let partitions = try await read("agentctl.\(function)(\(time))", of: table, bench)
                #expect(partitions == [table + (month ?? "")], "\(function)")
                // The whole time is in the rollup.
                #expect(try await read("agentctl.\(function)", of: table, bench) == [], "\(function)")
            }
        }
    }

    @Test func noTableIsScannedForMetricsOrTheRollup() async throws {
        try await withExecutions { bench in
            _ = try await bench.client.query("SELECT executions.make(0, 3000)")
            try await bench.rollUp()
            _ = try await bench.client.query("SELECT executions.make(3000, 20)")
            try await bench.client.withConnection { try await $0.executeScript("ANALYZE") }
            let (plans, scans) = try await sequentialScans(at: bench.url, besides: ["setting", "definition_version"]) {
                client in
                for function in CountedMetrics.columns.keys {
                    for window in RandomExecutions.windows {
                        _ = try await client.query(PostgresStatement("SELECT * FROM agentctl.\(function)(\(window))"))
                    }
                }
                _ = try await client.query("SELECT agentctl.roll_up()")
            }
            #expect(plans > 20, "the plans were not reported")
            #expect(Set(scans) == [])
        }
    }
}
