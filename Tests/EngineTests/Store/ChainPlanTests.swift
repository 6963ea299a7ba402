import Postgres
import TestSupport
import Testing

@testable import Engine
@testable import Store

/// The statements of runs of chains, as the server plans them beside 40,000 visits of others.
@Suite struct ChainPlanTests {
    @Test func noStatementOfARunScansATable() async throws {
        try await withBench { bench in
            try await bench.register(TaskPlanTests.agents)
            try await bench.register(Self.chain)
            try await bench.client.withConnection { connection in
                try await connection.executeScript(PlanTests.fill)
                try await connection.executeScript(TaskPlanTests.fill)
                try await connection.executeScript(Self.fill)
            }
            let small = [
                "work_queue", "responder_queue",
                "setting", "definition_epoch", "definition_kind", "definition", "definition_version", "worker",
                "chain_node", "hook_state",
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
                    try await connection.executeScript(Self.run)
                }
                let copied = try await client.query(
                    "SELECT count(*)::text AS text FROM agentctl.node_run WHERE conversation_id = 'run-rerun-1'"
                )
                #expect(try copied.first?.decode("text", as: String.self) == "1")
            }
            #expect(plans > 50, "the plans were not reported")
            #expect(Set(scans) == [])
        }
    }

    private static let chain = """
        {"kind": "chain", "name": "two", "strategy": "graph", "state": {"k": {}},
         "nodes": [{"name": "a", "agent": "A", "write": {"k": "{{output}}"}}, {"name": "b", "agent": "B"}],
         "edges": [{"from": "a", "to": "b"}]}
        """

    private static let fill = """
        INSERT INTO agentctl.node_run (conversation_id, seq, number, node, visit, level, position, status, started_at,
            finished_at)
        SELECT 'c' || (1 + n % 20000), 1, 1 + n / 20000, 'a', 1, 1, 1, 'succeeded', now(), now()
        FROM generate_series(0, 39999) AS n;
        ANALYZE agentctl.node_run;
        """

    /// A run of two visits, the second of which ends with the turn; and what people ask of it.
    private static let run = """
        SELECT agentctl.submit('run', 'go', 'two');
        DO $$
        DECLARE
            worker bigint := (SELECT w.id FROM agentctl.start_worker('service', 't', 1, 't', 8) AS w);
            claim record;
            node jsonb := '{"number": 1, "node": "a", "visit": 1, "level": 1, "position": 1, "status": "succeeded",
                "attempt": 1, "output": "x", "writes": {"k": "x"}, "task": 1, "offset_ms": 0}';
            record jsonb;
        BEGIN
            SELECT c.* INTO STRICT claim FROM agentctl.claim(worker, 1, 'run') AS c;
            record := pg_temp.record(true, 'two', NULL);
            ASSERT agentctl.save_progress('run', 1, claim.lease, 1, record
                || jsonb_build_object('awaits', 1, 'seen', 0, 'nodes', jsonb_build_array(node),
                    'tasks', '[{"number": 1, "group": "b#1", "agent": "B", "description": "d"}]'::jsonb), true);
            PERFORM pg_temp.finish('run~1.1', 'B', 'succeeded');
            SELECT c.* INTO STRICT claim FROM agentctl.claim(worker, 1, 'run') AS c;
            ASSERT claim.progress #>> '{nodes,0,output}' = 'x';
            record := pg_temp.record(false, 'two', 'succeeded');
            ASSERT agentctl.finish('run', 1, claim.lease, jsonb_set(record, '{turn,agent_version_id}', to_jsonb((
                SELECT v.id FROM agentctl.definition_version AS v WHERE v.kind = 'chain' AND v.name = 'two')))
                || jsonb_build_object('nodes', jsonb_build_array(node
                    || '{"number": 2, "node": "b", "level": 2, "position": 2, "after": ["a#1"]}')));
        END $$;
        SELECT agentctl.chain_result('run', 1), agentctl.chain_state('run', 1), agentctl.chain_state('run', 1, 'b', 1);
        SELECT agentctl.rerun_chain('run', 1, 'b', changes => '{"k": "y"}');
        """
}
