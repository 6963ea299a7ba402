import Postgres
import TestSupport
import Testing

@testable import Conversation
@testable import Engine
@testable import Store

/// What it costs to find out whether workers have to be notified.
@Suite(.needsSession) struct NotifyTests {
    /// Entries of the queue's index that were read while `body` ran.
    private func entries(on session: PostgresConnection, _ body: () async throws -> Void) async throws -> Int {
        func count() async throws -> Int {
            _ = try await session.query("SELECT pg_stat_force_next_flush()")
            let rows = try await session.query(
                "SELECT idx_tup_read::bigint AS entries FROM pg_stat_user_indexes WHERE indexrelname = 'conversation_ready'"
            )
            return try #require(rows.first).decode("entries")
        }
        let before = try await count()
        try await body()
        return try await count() - before
    }

    /// Somebody's old snapshot keeps the entries of conversations that were worked off long ago.
    @Test func entriesThatLeadToNothingAreReadOnceInAWhile() async throws {
        try await withBench { bench in
            try await bench.script(
                """
                INSERT INTO agentctl.conversation (id, agent) SELECT 'c' || n, 'assistant' FROM generate_series(1, 5000) AS n;
                INSERT INTO agentctl.conversation_control (conversation_id, state, ready_at, tail_seq)
                SELECT 'c' || n, 'ready', clock_timestamp(), 1 FROM generate_series(1, 5000) AS n
                """
            )
            try await bench.client.withConnection { old in
                try await old.executeScript(
                    "BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM agentctl.agents"
                )
                try await bench.script(
                    "UPDATE agentctl.conversation_control SET state = 'idle', ready_at = NULL, head_seq = tail_seq"
                )
                try await bench.client.withConnection { session in
                    let notify: PostgresStatement = "SELECT agentctl.notify_workers(1)"
                    let first = try await entries(on: session) { try await session.query(notify) }
                    #expect(first >= 5_000)
                    let others = try await entries(on: session) {
                        for _ in 1...50 { try await session.query(notify) }
                    }
                    #expect(others == 0)
                    // For a while, and not for ever.
                    try await session.query(
                        "SELECT set_config('agentctl.notifier', 'true ' || extract(epoch FROM clock_timestamp()) - 1 || ' 1', false)"
                    )
                    let later = try await entries(on: session) { try await session.query(notify) }
                    #expect(later >= 5_000)
                    try await session.executeScript("RESET agentctl.notifier")
                }
                try await old.executeScript("COMMIT")
            }
        }
    }
}
