import Postgres
import TestSupport
import Testing

@testable import Engine
@testable import Store

/// The statements inside the functions of tasks, as the server plans them beside 40,000 others.
@Suite struct TaskPlanTests {
    @Test func noStatementOfATaskScansATable() async throws {
        try await withBench { bench in
            try await bench.register(Self.agents)
            try await bench.client.withConnection { connection in
                try await connection.executeScript(PlanTests.fill)
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
                walking: [
                    "conversation_ready", "work_queue_pkey", "responder_queue_moved", "task_untold", "task_unseen",
                    "task_pending", "hook_state_pkey",
                ]
            ) { client in
                try await client.withConnection { connection in
                    try await connection.executeScript(TaskScript.functions)
                    try await connection.executeScript(Self.tree)
                    try await connection.executeScript(Self.alone)
                }
                let ended = try await client.query(
                    "SELECT count(*)::text AS text FROM agentctl.turn WHERE conversation_id LIKE 'tree%'"
                )
                #expect(try ended.first?.decode("text", as: String.self) == "7")
            }
            #expect(plans > 100, "the plans were not reported")
            #expect(Set(scans) == [])
        }
    }

    static let agents = """
        [{"kind": "model", "name": "offline", "provider": "rules", "rules": [{"otherwise": "y"}]},
         {"kind": "agent", "name": "assistant", "model": "offline"},
         {"kind": "agent", "name": "A", "model": "offline"}, {"kind": "agent", "name": "B", "model": "offline"},
         {"kind": "agent", "name": "C", "model": "offline", "capabilities": ["c"]},
         {"kind": "agent", "name": "D", "model": "offline", "capabilities": ["c"]}]
        """

    /// Tasks of turns that have ended, tasks without a parent, and chains of tasks that wait.
    static let fill = """
        ALTER TABLE agentctl.task DISABLE TRIGGER place_tasks;
        INSERT INTO agentctl.task (parent_conversation_id, parent_seq, number, root_conversation_id, root_seq, path,
            description, agent, state, conversation_id, seq, told, finished_at)
        SELECT 'c' || (1 + n % 2000), 3, 1 + n / 2000, 'c' || (1 + n % 2000), 3, '{A,B}', 'x', 'B', 'done',
               'c' || (1 + n % 2000) || '~3.' || (1 + n / 2000), 1, true, now()
        FROM generate_series(0, 19999) AS n;
        INSERT INTO agentctl.task (path, description, agent, state, conversation_id, seq, told, finished_at)
        SELECT '{A}', 'x', 'A', 'done', 'task:x' || n, 1, true, now() FROM generate_series(1, 20000) AS n;
        INSERT INTO agentctl.task (path, description, agent, state)
        SELECT '{A}', 'x', 'A', 'pending' FROM generate_series(1, 2000);
        ALTER TABLE agentctl.task_dependency DISABLE TRIGGER check_dependencies;
        INSERT INTO agentctl.task_dependency
        SELECT t.id, t.id - 1 FROM agentctl.task AS t JOIN agentctl.task AS b ON b.id = t.id - 1 AND b.state = 'pending'
        WHERE t.state = 'pending';
        ALTER TABLE agentctl.task_dependency ENABLE TRIGGER check_dependencies;
        ALTER TABLE agentctl.task ENABLE TRIGGER place_tasks;
        INSERT INTO agentctl.tool_call (conversation_id, seq, number, step_number, call_id, tool, arguments, effect,
            state, started_at)
        SELECT 'c' || n, 1, 1, 2, 'c', 't', '{}', 'unsafe', 'succeeded', now() FROM generate_series(1, 20000) AS n;
        ANALYZE;
        """

    /// A tree of depth 2 with places, a refused task and a failed one, that is stopped, and whose parts are told late.
    private static let tree = """
        SELECT agentctl.submit('tree', 'go', 'A');
        SELECT pg_temp.delegate('tree', 'A', 5, '[{"number": 1, "group": "g", "limit": 2, "agent": "B", "description": "d"},
            {"number": 2, "group": "g", "limit": 2, "agent": "B", "description": "d"},
            {"number": 3, "group": "g", "limit": 2, "agent": "B", "description": "d"},
            {"number": 4, "capabilities": ["c"], "description": "d"},
            {"number": 5, "agent": "A", "description": "it leads back"}]');
        SELECT pg_temp.delegate('tree~1.1', 'B', 1, '[{"number": 1, "agent": "assistant", "description": "d"}]');
        SELECT pg_temp.finish('tree~1.1~1.1', 'assistant', 'failed');
        SELECT pg_temp.finish('tree~1.1', 'B', 'succeeded');
        SELECT pg_temp.finish('tree~1.4', 'C', 'failed');
        SELECT agentctl.interrupt('tree');
        SELECT agentctl.stop_children('tree', 1, '{g}');
        SELECT agentctl.tell_parents(), agentctl.wake();
        SELECT pg_temp.finish('tree~1.2', 'B', 'interrupted');
        SELECT pg_temp.finish('tree~1.3', 'B', 'interrupted');
        SELECT pg_temp.finish('tree~1.4.2', 'D', 'interrupted');
        SELECT pg_temp.finish('tree', 'A', 'interrupted');
        SELECT * FROM agentctl.tasks WHERE root_conversation_id = 'tree';
        """

    /// Tasks without a parent: one that another depends on, one that had an effect, and what a person does with them.
    private static let alone = """
        DO $$
        DECLARE
            first bigint := agentctl.submit_task('first', agent => 'A', budget => '{"tokens": 100}');
            second bigint := agentctl.submit_task('second', '{c}', depends_on => ARRAY[first]);
            third bigint := agentctl.submit_task('third', '{c}', depends_on => ARRAY[second]);
        BEGIN
            PERFORM pg_temp.finish('task:' || first, 'A', 'succeeded');
            PERFORM agentctl.task_result(first);
            PERFORM pg_temp.finish('task:' || second, 'C', 'failed', '[{"number": 1, "step_number": 2, "call_id": "c",
                "tool": "t", "arguments": "{}", "effect": "unsafe", "state": "succeeded", "truncated": false,
                "offset_ms": 0}]');
            BEGIN
                PERFORM agentctl.task_result(second);
            EXCEPTION WHEN SQLSTATE 'AC005' THEN
                NULL;
            END;
            PERFORM agentctl.retry_task(second);
            PERFORM agentctl.cancel_task(second);
            PERFORM agentctl.retry_task(third);
            PERFORM agentctl.cancel_task(third);
            PERFORM * FROM agentctl.tasks WHERE id = first;
        END $$;
        """
}
