import JSON
import Postgres
import Synchronization
import TestSupport
import Testing

@testable import Conversation
@testable import Engine
@testable import Functions
@testable import Store

/// The statements inside the hot functions, as the server plans them over tables of a size where a plan matters.
@Suite struct PlanTests {
    @Test func noHotStatementScansATable() async throws {
        try await withBench { bench in
            try await bench.register(Documents.offline)
            try await bench.client.withConnection { try await $0.executeScript(Self.fill) }
            // One row, or a handful: no index would be used, and none is needed.
            let small = [
                "work_queue", "responder_queue",
                "setting", "definition_epoch", "definition_kind", "definition", "definition_version", "worker",
                "hook_state", "endpoint_state",
            ]
            let (plans, scans) = try await sequentialScans(
                at: bench.url,
                besides: small,
                // What is wanted is at their beginning, or all that they hold: conversations and calls that are under way.
                walking: [
                    "conversation_ready", "work_queue_pkey", "responder_queue_moved", "conversation_running",
                    "conversation_waiting", "function_queue_ready",
                    "function_queue_running", "task_untold", "task_unseen", "task_pending", "hook_state_pkey",
                ]
            ) { client in
                let stores = Stores(client: client)
                _ = try await stores.conversations.submit(.message("hi"), to: "c1")
                _ = try await stores.conversations.submit(.message("hi"), to: "c1", idempotencyKey: "k")
                let worker = try await stores.work.startWorker(WorkerDescription(kind: .service, slots: 1)).id
                let claim = try #require(try await stores.work.claim(worker: worker, maximum: 10).first)
                _ = try await stores.conversations.steer(claim.conversation, with: "more")
                _ = try await stores.conversations.submit(.message("more"), to: claim.conversation)
                #expect(try await stores.work.signals(of: worker).steered.contains(claim.lease))
                #expect(try await stores.work.steering(of: claim).count == 1)
                _ = try await stores.work.finish(
                    bench.record(for: claim, reply: "x"),
                    of: claim,
                    worker: worker,
                    claiming: 1
                )
                _ = try await stores.work.heartbeat(worker: worker, isDraining: false)
                _ = try await stores.work.reap()
                _ = try await stores.endpoints.open()
                _ = try await stores.definitions.agentParts("assistant")
                _ = try await client.query("SELECT agentctl.call_function('f', '{}')")
                let calls = try await stores.work.claimFunctionCalls(worker: worker, maximum: 2)
                let outcome = FunctionOutcome(result: 1).record(
                    of: FunctionDefinition(document: ["name": "f"]),
                    arguments: [:],
                    callID: nil
                )
                for call in calls { #expect(try await stores.work.finish(call, outcome)) }
                #expect(calls.count == 2)
                _ = try await client.query("SELECT agentctl.function_result(5)")
                _ = try await stores.definitions.function(named: "f")
                _ = try await client.query("SELECT agentctl.events('c1', 3, 4)")
                _ = try await client.query("SELECT agentctl.follow('c1', 1, 0, 0, 0)")
                _ = try await client.query("SELECT agentctl.reply('c1', 1)")
            }
            #expect(plans > 20, "the plans were not reported")
            #expect(scans == [])
        }
    }

    /// 20,000 conversations of three turns each, and what belongs to them.
    static let fill = """
        INSERT INTO agentctl.conversation (id, agent) SELECT 'c' || n, 'assistant' FROM generate_series(1, 20000) AS n;
        INSERT INTO agentctl.conversation_control (conversation_id, head_seq, tail_seq, last_message, last_event)
        SELECT 'c' || n, 3, 3, 6, 9 FROM generate_series(1, 20000) AS n;
        UPDATE agentctl.conversation_control SET state = 'ready', ready_at = now(), tail_seq = 4
        WHERE conversation_id IN (SELECT 'c' || n FROM generate_series(2, 200) AS n);
        INSERT INTO agentctl.submission (conversation_id, seq, body)
        SELECT 'c' || n, s, '{"message": "x"}' FROM generate_series(1, 20000) AS n, generate_series(1, 4) AS s WHERE s < 4 OR n BETWEEN 2 AND 200;
        INSERT INTO agentctl.message (conversation_id, number, seq, role, content)
        SELECT 'c' || n, m, (m + 1) / 2, CASE m % 2 WHEN 1 THEN 'user' ELSE 'assistant' END::agentctl.message_role, 'x'
        FROM generate_series(1, 20000) AS n, generate_series(1, 6) AS m;
        INSERT INTO agentctl.turn (conversation_id, seq, status, attempt, worker_id, agent, first_message, last_message, model_calls, tool_calls,
            input_tokens, cached_input_tokens, output_tokens, cost_usd, submitted_at, started_at, duration_ms)
        SELECT 'c' || n, s, 'succeeded', 1, 1, 'assistant', 2 * s - 1, 2 * s, 1, 0, 1, 0, 1, 0, now(), now(), 1
        FROM generate_series(1, 20000) AS n, generate_series(1, 3) AS s;
        INSERT INTO agentctl.event (conversation_id, number, seq, type, data)
        SELECT 'c' || n, e, (e + 2) / 3, 'message', '{"message": 1}' FROM generate_series(1, 20000) AS n, generate_series(1, 9) AS e;
        INSERT INTO agentctl.delta (conversation_id, seq, attempt, number, type, data)
        SELECT 'c' || n, 1, 1, 1, 'text', '{}' FROM generate_series(1, 20000) AS n;
        SELECT agentctl.register('{"kind": "function", "name": "f", "source": "x"}');
        INSERT INTO agentctl.function_request (function, arguments) SELECT 'f', '{}' FROM generate_series(1, 20000);
        INSERT INTO agentctl.function_queue (id) SELECT n FROM generate_series(10001, 20000) AS n;
        INSERT INTO agentctl.function_call (function, version_id, language, arguments, caller, request_id, exit_reason, result, duration_ms, started_at)
        SELECT 'f', 1, 'python', '{}', 'sql', n, 'ok', '1', 1, now() FROM generate_series(1, 10000) AS n;
        ANALYZE;
        """
}
