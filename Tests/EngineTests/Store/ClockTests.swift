import Engine
import Postgres
import TestSupport
import Testing

@testable import Conversation
@testable import Store

/// The clock of the server is set back, or another server takes over whose clock is behind.
@Suite struct ClockTests {
    @Test(arguments: ["5 seconds", "400 days"])
    func eventsOfAConversationThatBeganLaterByTheClockAreAllThere(_ ahead: String) async throws {
        try await withBench { bench in
            try await bench.register(Documents.offline)
            _ = try await bench.client().send(.message("hello"), to: "c") { _ in }
            let before = try await bench.conversations.events(of: "c", after: 0).map(\.number)
            _ = try await bench.client.query(
                "UPDATE agentctl.conversation SET created_at = created_at + $1::text::interval",
                [.text(ahead)]
            )
            _ = try await bench.client().send(.message("hello"), to: "c") { _ in }
            let after = try await bench.conversations.events(of: "c", after: 0).map(\.number)
            #expect(after.count == 2 * before.count)
            #expect(after == Array(1...Int64(after.count)))
            #expect(try await bench.conversations.events(of: "c", after: 3, maximum: 2).map(\.number) == [4, 5])
            #expect(try await bench.conversations.events(of: "c", after: Int64(after.count)).isEmpty)
        }
    }

    @Test func theExportOfAConversationThatBeganLaterByTheClockCanBeImported() async throws {
        try await withBench { bench in
            try await bench.register(Documents.offline)
            _ = try await bench.client().send(.message("What is 6*7?"), to: "c") { _ in }
            _ = try await bench.client.query(
                "UPDATE agentctl.conversation SET created_at = created_at + interval '5 seconds'"
            )
            let problems = try await bench.texts(
                """
                SELECT p::text AS text
                FROM agentctl.conversation_document_problems(agentctl.export_conversation('c')) AS p
                """
            )
            #expect(problems == [])
        }
    }

    @Test func undoTellsOfEffectsOfAConversationThatBeganLaterByTheClock() async throws {
        try await withBench { bench in
            try await bench.register(Documents.offline)
            _ = try await bench.client().send(.message("What is 6*7?"), to: "c") { _ in }
            _ = try await bench.client.query("UPDATE agentctl.tool_call SET effect = 'idempotent'")
            _ = try await bench.client.query(
                "UPDATE agentctl.conversation SET created_at = created_at + interval '5 seconds'"
            )
            let seq = try await bench.conversations.undo(1, of: "c")
            let events = try await bench.client().settle(seq, of: "c")
            #expect(events.first?.data["effects"]?.arrayValue?.first?["tool"] == "calculator")
        }
    }

    @Test func aTurnBeganWhenItWasClaimedHoweverLateItIsStored() async throws {
        try await withBench { bench in
            try await bench.register(Documents.offline)
            _ = try await bench.conversations.submit(.message("hello"), to: "c")
            let (worker, claimed) = try await bench.claim()
            let claim = try #require(claimed)
            // As if storing had waited for an hour.
            _ = try await bench.client.query(
                "UPDATE agentctl.submission SET created_at = created_at - interval '61 minutes'"
            )
            _ = try await bench.client.query(
                "UPDATE agentctl.conversation_control SET claimed_at = claimed_at - interval '1 hour'"
            )
            var record = bench.record(for: claim, reply: "hi")
            record.duration = .milliseconds(12)
            let step = StepRecord(.modelCall, offset: .milliseconds(5))
            record.steps = [step]
            #expect(try await bench.work.finish(record, of: claim, worker: worker, claiming: 0).stored)
            #expect(
                try await bench.text(
                    """
                    SELECT format('%s %s %s %s', t.started_at = c.claimed_at,
                        t.finished_at > t.started_at + interval '1 hour', t.duration_ms, s.started_at - t.started_at) AS text
                    FROM agentctl.turn AS t JOIN agentctl.conversation_control AS c USING (conversation_id)
                    JOIN agentctl.step AS s USING (conversation_id, seq)
                    """
                ) == "t t 12 00:00:00.005"
            )
            let queue = try await bench.text(
                "SELECT (mean_queue_ms BETWEEN 59000 AND 119000)::text AS text FROM agentctl.agent_metrics"
            )
            #expect(queue == "true")
        }
    }

    @Test func aTurnNeverBeginsBeforeItsSubmission() async throws {
        try await withBench { bench in
            try await bench.register(Documents.offline)
            _ = try await bench.conversations.submit(.message("hello"), to: "c")
            _ = try await bench.client.query(
                "UPDATE agentctl.submission SET created_at = created_at + interval '40 days'"
            )
            let (worker, claimed) = try await bench.claim()
            let claim = try #require(claimed)
            let record = bench.record(for: claim, reply: "hi")
            #expect(try await bench.work.finish(record, of: claim, worker: worker, claiming: 0).stored)
            #expect(try await bench.text("SELECT agentctl.reply('c', 1) AS text") == "hi")
            #expect(
                try await bench.text("SELECT (started_at = submitted_at)::text AS text FROM agentctl.turn") == "true"
            )
        }
    }
}
