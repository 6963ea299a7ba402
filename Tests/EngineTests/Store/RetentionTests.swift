import Conversation
import Engine
import JSON
import Postgres
import Store
import TestSupport
import Testing

/// What is pruned, and what is not.
@Suite struct RetentionTests {
    /// Moves everything of a conversation into the past.
    private func age(_ conversation: String, days: Int, _ bench: Bench) async throws {
        try await bench.client.withConnection { connection in
            try await connection.executeScript(
                """
                UPDATE agentctl.conversation SET created_at = created_at - interval '\(days) days' WHERE id = '\(conversation)';
                UPDATE agentctl.submission SET created_at = created_at - interval '\(days) days'
                WHERE conversation_id = '\(conversation)';
                SELECT agentctl.create_partitions_of('event', ARRAY[now() - interval '\(days) days']);
                UPDATE agentctl.event SET at = at - interval '\(days) days' WHERE conversation_id = '\(conversation)';
                UPDATE agentctl.task SET finished_at = finished_at - interval '\(days) days'
                WHERE conversation_id = '\(conversation)';
                """
            )
        }
    }

    private func conversations(_ bench: Bench) async throws -> [String] {
        try await bench.texts("SELECT id AS text FROM agentctl.conversation ORDER BY id")
    }

    @Test func whatNobodyUsesGoesAndWhatIsUnfinishedStays() async throws {
        try await withBench { bench in
            try await bench.register(Documents.offline)
            let client = bench.client()
            for id in ["new", "old", "queued", "reused"] {
                _ = try await client.send(.message("hello"), to: id) { _ in }
                if id == "queued" { _ = try await bench.conversations.submit(.message("waits"), to: id) }
                if id != "new" { try await age(id, days: 100, bench) }
                if id == "reused" { _ = try await client.send(.message("again"), to: id) { _ in } }
            }
            let rehearsed = try await bench.conversations.pruneConversations(
                olderThan: .seconds(90 * 86_400),
                after: "",
                isRehearsal: true
            ).report
            #expect(rehearsed.deleted["conversations"] == 1 && rehearsed.deleted["messages"] == 2)
            #expect(try await conversations(bench) == ["new", "old", "queued", "reused"])
            let pruned = try await bench.text("SELECT agentctl.prune('90 days') #>> '{deleted,messages}' AS text")
            #expect(pruned == "2")
            #expect(try await conversations(bench) == ["new", "queued", "reused"])
            for wrong in ["NULL", "'0'", "'-1 day'"] {
                let error = await #expect(throws: PostgresError.self) {
                    try await bench.client.query(PostgresStatement("SELECT agentctl.prune(\(wrong))"))
                }
                #expect(error?.sqlState == "AC001", "\(wrong)")
            }
        }
    }

    @Test func monthsThatHaveEndedAreDroppedAndTheirTurnsReadAsPruned() async throws {
        try await withBench { bench in
            try await bench.register(Documents.offline)
            _ = try await bench.client().send(.message("hello"), to: "c", idempotencyKey: "k") { _ in }
            try await age("c", days: 200, bench)
            try await bench.client.withConnection { connection in
                try await connection.executeScript(
                    """
                    SELECT agentctl.create_partitions_of('turn', ARRAY[now() - interval '200 days']);
                    UPDATE agentctl.turn SET started_at = started_at - interval '200 days';
                    """
                )
            }
            // It is in use: its messages stay.
            _ = try await bench.client().send(.message("What is 1+1?"), to: "c") { _ in }
            let old = try await bench.texts(
                """
                SELECT relname::text AS text FROM pg_class WHERE relnamespace = 'agentctl'::regnamespace
                  AND relname LIKE '%' || to_char(now() - interval '200 days', '_YYYY_MM') AND relkind = 'r' ORDER BY 1
                """
            )
            #expect(old.count == 2)
            try await bench.rollUp()
            let report = try await bench.conversations.pruneRecords(
                olderThan: .seconds(90 * 86_400),
                maximum: nil,
                isRehearsal: false
            )
            #expect(report.dropped == old && report.kept.isEmpty)
            for statement: PostgresStatement in [
                "SELECT agentctl.reply('c', 1)", "SELECT * FROM agentctl.submit_and_follow('c', 'hello', NULL, 'k')",
            ] {
                let error = await #expect(throws: PostgresError.self) { try await bench.client.query(statement) }
                #expect(error?.sqlState == "AC002" && error?.message.contains("pruned") == true)
            }
            #expect(try await bench.text("SELECT agentctl.reply('c', 2) AS text") == "It is 2.")
            #expect(try await bench.reports.traceReport(conversation: "c", seq: 1)?["status"] == "pruned")
            #expect(try await bench.reports.traceReport(conversation: "c", seq: 2)?["status"] == "succeeded")
            #expect(try await bench.text("SELECT count(*)::text AS text FROM agentctl.message") == "6")
        }
    }

    @Test func aTurnThatHasNotEndedKeepsTheMonthsSinceItBegan() async throws {
        try await withBench { bench in
            try await bench.register(Documents.offline)
            try await bench.client.withConnection { connection in
                try await connection.executeScript(
                    TaskScript.delegation + """
                        UPDATE agentctl.turn_progress SET started_at = now() - interval '200 days';
                        SELECT agentctl.create_partitions_of('turn', ARRAY[now() - interval '200 days', now() - interval '300 days']);
                        """
                )
            }
            let dropped = try await bench.text(
                "SELECT jsonb_array_length(agentctl.prune('90 days') -> 'dropped')::text AS text"
            )
            #expect(dropped == "1")
        }
    }

    @Test func aWorkerKeepsTheSetting() async throws {
        try await withBench { bench in
            try await bench.register(Documents.offline)
            for id in ["new", "old"] { _ = try await bench.client().send(.message("hello"), to: id) { _ in } }
            try await age("old", days: 3, bench)
            _ = try await bench.client.query("UPDATE agentctl.setting SET value = '2 days' WHERE name = 'retention'")
            let worker = Task { try await bench.worker().run() }
            try await bench.eventually("SELECT (count(*) = 1)::text AS text FROM agentctl.conversation")
            worker.cancel()
            _ = await worker.result
            #expect(try await conversations(bench) == ["new"])
        }
    }

    @Test(arguments: ["soon", "1 hour", "-2 days"])
    func aSettingThatIsNoSpanDeletesNothing(_ value: String) async throws {
        try await withBench { bench in
            try await bench.register(Documents.offline)
            _ = try await bench.client().send(.message("hello"), to: "c") { _ in }
            try await age("c", days: 300, bench)
            // Whatever checks settings may refuse it earlier.
            _ = try? await bench.client.query(
                "UPDATE agentctl.setting SET value = $1 WHERE name = 'retention'",
                [.text(value)]
            )
            _ = try? await bench.work.keepRetention(after: nil)
            _ = try? await bench.work.keepRetention(after: "")
            #expect(try await conversations(bench) == ["c"])
        }
    }
}
