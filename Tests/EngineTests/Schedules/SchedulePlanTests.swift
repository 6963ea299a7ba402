import Postgres
import TestSupport
import Testing

@testable import Engine
@testable import Store

/// The statements inside the functions of schedules, as the server plans them beside many others.
@Suite struct SchedulePlanTests {
    @Test func noStatementOfAScheduleScansATable() async throws {
        try await withBench { bench in
            try await bench.register(Bench.scheduled)
            try await bench.client.withConnection { connection in
                try await connection.executeScript(PlanTests.fill)
                try await connection.executeScript(TaskPlanTests.fill)
                try await connection.executeScript(Self.fill)
            }
            let small = [
                "work_queue", "responder_queue",
                "setting", "definition_epoch", "definition_kind", "definition", "definition_version", "worker",
                "hook_state",
            ]
            let (plans, scans) = try await sequentialScans(
                at: bench.url,
                besides: small,
                // The first of it is when a worker is to look again.
                walking: [
                    "schedule_look", "conversation_ready", "work_queue_pkey", "responder_queue_moved", "task_untold",
                    "task_unseen", "task_pending",
                    "hook_state_pkey",
                ]
            ) { client in
                for minute in 1...4 {
                    _ = try await client.query(
                        PostgresStatement("SELECT * FROM agentctl.run_schedules('2027-01-04 08:0\(minute)Z')")
                    )
                }
                _ = try await client.query("SELECT * FROM agentctl.run_schedule('queue')")
            }
            #expect(plans > 50, "the plans were not reported")
            #expect(Set(scans) == [])
            #expect(try await bench.runs(of: "stop").count == 4)
        }
    }

    private static let fill = """
        SELECT agentctl.register((
            SELECT jsonb_agg(jsonb_build_object('kind', 'schedule', 'name', 's' || n, 'cron', '0 0 1 1 *', 'message', 'x'))
            FROM generate_series(1, 2000) AS n));
        SELECT agentctl.register('[
            {"kind": "schedule", "name": "queue", "cron": "* * * * *", "message": "x", "agent": "assistant", "overlap": "queue"},
            {"kind": "schedule", "name": "stop", "cron": "* * * * *", "message": "x", "agent": "assistant", "overlap": "interrupt"},
            {"kind": "schedule", "name": "task", "cron": "* * * * *", "task": {"description": "x", "agent": "assistant"}, "overlap": "interrupt"}]');
        UPDATE agentctl.schedule_state SET due_at = '2027-01-04 08:01Z', look_at = '2027-01-04 08:01Z'
        WHERE name IN ('queue', 'stop', 'task');
        UPDATE agentctl.schedule_state SET due_at = '2028-01-01Z', look_at = '2028-01-01Z'
        WHERE name NOT IN ('queue', 'stop', 'task');
        INSERT INTO agentctl.schedule_run (name, due_at, version_id, outcome, ran_at, conversation_id, seq)
        SELECT 's' || n, '2026-01-01Z'::timestamptz + make_interval(mins => m), 1, 'submitted', now(), 'c' || n, m
        FROM generate_series(1, 2000) AS n, generate_series(1, 10) AS m;
        ANALYZE;
        """
}
