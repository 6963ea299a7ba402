import Engine
import Postgres
import TestSupport
import Testing

/// How a worker finds out that there is something to do.
@Suite struct ReadinessTests {
    /// A worker that does not look by itself for as long as a test takes.
    private static let deaf = WorkerConfiguration(slots: 4, pollInterval: .seconds(3_600))

    /// Everything that makes a conversation ready: the statement, and what is true when it was processed.
    @Test(arguments: [
        (
            "SELECT agentctl.submit('c', 'hello')",
            "SELECT coalesce(agentctl.reply('c', 2) = 'Hello.', false)::text AS text"
        ),
        (
            "SELECT agentctl.undo('c')",
            "SELECT EXISTS (SELECT FROM agentctl.event WHERE type = 'undone')::text AS text"
        ),
        (
            "SELECT agentctl.submit_task('hello', agent => 'assistant')",
            "SELECT EXISTS (SELECT FROM agentctl.task WHERE state = 'done')::text AS text"
        ),
        (
            """
            SELECT agentctl.register('{"kind": "schedule", "name": "nightly", "cron": "0 3 * * *", "agent": "assistant",
                "message": "hello"}');
            SELECT agentctl.run_schedule('nightly')
            """,
            "SELECT (count(*) = 2)::text AS text FROM agentctl.turn"
        ),
    ])
    func whatIsSubmittedInSQLBeginsWithoutPolling(_ statement: String, _ condition: String) async throws {
        try await withBench { bench in
            try await bench.register(Documents.offline)
            try await withWorker(bench, Self.deaf) { _ in
                _ = try await bench.client.query("SELECT agentctl.submit('c', 'hello')")
                try await bench.eventually("SELECT coalesce(agentctl.reply('c', 1) = 'Hello.', false)::text AS text")
                try await bench.client.withConnection { try await $0.executeScript(statement) }
                try await bench.eventually(PostgresStatement(condition))
            }
        }
    }

    @Test func whoHasEnoughToDoIsNotNotified() async throws {
        try await withBench { bench in
            try await bench.register(Documents.offline)
            let notifications = try await notifications(in: bench) {
                // The first finds nothing else ready; those after it, and all in its transaction, find it.
                try await bench.client.withTransaction { connection in
                    for name in ["a", "b"] {
                        _ = try await connection.query("SELECT agentctl.submit($1, 'hello')", [.text(name)])
                    }
                }
                _ = try await bench.client.query("SELECT agentctl.submit('c', 'hello')")
                // To a busy conversation.
                _ = try await bench.client.query("SELECT agentctl.submit('a', 'again')")
                // Where others have waited for long, a client may hold their rows.
                _ = try await bench.client.query(
                    "UPDATE agentctl.conversation_control SET ready_at = ready_at - interval '1 minute'"
                )
                _ = try await bench.client.query("SELECT agentctl.submit('d', 'hello')")
                // But not where they are many.
                for name in ["e", "f", "g", "h", "i"] {
                    _ = try await bench.client.query("SELECT agentctl.submit($1, 'hello')", [.text(name)])
                }
                _ = try await bench.client.query(
                    "UPDATE agentctl.conversation_control SET ready_at = ready_at - interval '1 minute'"
                )
                _ = try await bench.client.query("SELECT agentctl.submit('j', 'hello')")
            }
            #expect(notifications == ["", ""])
        }
    }

    @Test func aTransactionThatIsToBePreparedCanDoWithoutNotifying() async throws {
        try await withBench { bench in
            try await bench.register(Documents.offline)
            let notifications = try await notifications(in: bench) {
                try await bench.client.withTransaction { connection in
                    _ = try await connection.query("SET LOCAL agentctl.wake = off")
                    _ = try await connection.query("SELECT agentctl.submit('c', 'hello')")
                }
            }
            #expect(notifications == [])
            #expect(try await bench.claim().claim?.conversation == "c")
        }
    }

    /// What workers are notified of while statements run.
    private func notifications(in bench: Bench, of body: () async throws -> Void) async throws -> [String] {
        var notifications: [String] = []
        for await event in bench.client.listen(to: ["agentctl_ready"]) {
            switch event {
            case .connected:
                try await body()
                _ = try await bench.client.query("SELECT pg_notify('agentctl_ready', 'end')")
            case .notification(_, "end"): return notifications
            case .notification(_, let payload): notifications.append(payload)
            }
        }
        return notifications
    }
}
