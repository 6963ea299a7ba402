import Postgres
import TestSupport
import Testing

@testable import Conversation
@testable import Engine
@testable import Store

/// Workers that begin what is due, and do it.
@Suite struct ScheduleWorkerTests {
    @Test func twoWorkersBeginADueRunOnceAndAnswerIt() async throws {
        try await withBench { bench in
            try await bench.register(Bench.scheduled)
            for number in 1...5 {
                try await bench.register(
                    #"{"kind": "schedule", "name": "s\#(number)", "cron": "0 0 1 1 *", "message": "x", "agent": "assistant"}"#
                )
            }
            _ = try await bench.client.query(
                "UPDATE agentctl.schedule_state SET due_at = date_trunc('minute', now()), look_at = now()"
            )
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 1...2 { group.addTask { try await bench.worker().run() } }
                try await bench.eventually(
                    "SELECT (count(*) = 5)::text AS text FROM agentctl.schedule_runs WHERE status = 'succeeded'"
                )
                group.cancelAll()
            }
            #expect(try await bench.text("SELECT count(*)::text AS text FROM agentctl.submission") == "5")
        }
    }

    @Test func aWorkerHearsOfAScheduleThatIsRegisteredWhileItSleeps() async throws {
        try await withBench { bench in
            try await bench.register(Bench.scheduled)
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await bench.worker().run() }
                try await bench.eventually(
                    "SELECT (count(*) = 1)::text AS text FROM agentctl.worker_status WHERE state = 'active'"
                )
                try await bench.client.withConnection {
                    try await $0.executeScript(
                        """
                        BEGIN;
                        SELECT agentctl.register('{"kind": "schedule", "name": "s", "cron": "0 0 1 1 *", "message": "x", "agent": "assistant"}');
                        UPDATE agentctl.schedule_state SET due_at = date_trunc('minute', now()), look_at = now();
                        COMMIT;
                        """
                    )
                }
                try await bench.eventually(
                    "SELECT (count(*) = 1)::text AS text FROM agentctl.schedule_runs WHERE status = 'succeeded'"
                )
                group.cancelAll()
            }
        }
    }
}
