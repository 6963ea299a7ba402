import Postgres
import TestSupport
import Testing

@testable import Engine
@testable import Store

/// The statements inside the functions of hooks, as the server plans them beside 40,000 deliveries.
@Suite struct HookPlanTests {
    @Test func noStatementOfAHookScansATable() async throws {
        try await withBench { bench in
            try await bench.register(Bench.scheduled)
            try await bench.client.withConnection { connection in
                try await connection.executeScript(PlanTests.fill)
                try await connection.executeScript(Self.fill)
            }
            let (plans, scans) = try await sequentialScans(
                at: bench.url,
                besides: [
                    "work_queue", "responder_queue",
                    "setting", "definition_epoch", "definition_kind", "definition", "definition_version", "worker",
                    "hook_state",
                ],
                // All hooks are wanted, and there are few.
                walking: ["conversation_ready", "work_queue_pkey", "responder_queue_moved", "hook_state_pkey"]
            ) { client in
                let stores = Stores(client: client)
                _ = try await stores.conversations.submit(.message("hi"), to: "c1", agent: "assistant")
                let worker = try await stores.work.startWorker(WorkerDescription(kind: .service, slots: 1)).id
                let claim = try #require(
                    try await stores.work.claim(worker: worker, maximum: 1, conversation: "c1").first
                )
                _ = try await stores.work.finish(
                    bench.record(for: claim, reply: "x"),
                    of: claim,
                    worker: worker,
                    claiming: 0
                )
                let deliveries = try await stores.work.claimDeliveries(maximum: 16, busy: ["h3"])
                #expect(deliveries.count == 8)
                try await stores.work.finish(deliveries[0], status: 200, problem: nil, isFinal: false)
                try await stores.work.finish(deliveries[1], status: 500, problem: "x", isFinal: false)
                try await stores.work.finish(deliveries[2], status: 410, problem: "x", isFinal: false)
                _ = try await stores.conversations.redeliver(deliveries[0].id)
                try await stores.work.sweepDeliveries()
                #expect(try await stores.work.hasHooks())
            }
            #expect(plans > 20, "the plans were not reported")
            #expect(Set(scans) == [])
        }
    }

    private static let fill = """
        SELECT agentctl.register((
            SELECT jsonb_agg(jsonb_build_object('kind', 'hook', 'name', 'h' || n, 'url', 'https://example.com/',
                'secret_env', 'S', 'events', '["turn_complete"]'::jsonb)) FROM generate_series(1, 3) AS n));
        INSERT INTO agentctl.hook_delivery (hook, event, body, state, next_at, finished_at)
        SELECT 'h' || (1 + n % 3), 'turn_complete', '{}', CASE WHEN n % 20 = 0 THEN 'pending' ELSE 'delivered' END,
               CASE WHEN n % 20 = 0 THEN now() END, CASE WHEN n % 20 <> 0 THEN now() END
        FROM generate_series(1, 40000) AS n;
        ANALYZE;
        """
}
