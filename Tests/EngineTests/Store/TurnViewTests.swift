import JSON
import Postgres
import TestSupport
import Testing

@testable import Conversation
@testable import Engine
@testable import Store

/// What people read in SQL: turns, submissions, metrics by time, notifications.
@Suite struct TurnViewTests {
    private static let documents = """
        [{"kind": "model", "name": "mixed", "provider": "rules", "rules": [
            {"when": "^fail$", "call": {"tool": "calculator", "arguments": {"expression": "1"}}, "then": "x"},
            {"otherwise": "fine"}]},
         {"kind": "tool", "name": "calculator", "description": "Calculates.", "implementation": "calculator"},
         {"kind": "agent", "name": "assistant", "model": "mixed", "tools": ["calculator"]},
         {"kind": "agent", "name": "brief", "model": "mixed", "tools": ["calculator"], "max_iterations": 1},
         {"kind": "policy", "name": "default", "rules": [{"action": "allow"}]}]
        """

    private func withTurns(_ body: (Bench, ConversationClient) async throws -> Void) async throws {
        try await withBench { bench in
            try await bench.register(Self.documents)
            let client = bench.client()
            #expect(try await client.send(.message("hi"), to: "a", idempotencyKey: "k") { _ in }.status == .succeeded)
            #expect(try await client.send(.message("fail"), to: "b", agent: "brief") { _ in }.status == .limited)
            try await body(bench, client)
        }
    }

    @Test func aBatchOfStatusesIsNotEndedByAFailedTurn() async throws {
        try await withTurns { bench, _ in
            _ = try await bench.conversations.submit(.message("later"), to: "c")
            let rows = try await bench.texts(
                """
                SELECT concat_ws(' ', t.id, s.status, s.error_code, s.reply) AS text
                FROM (VALUES ('a'), ('b'), ('c'), ('nope')) AS t (id)
                LEFT JOIN LATERAL agentctl.submission_status(t.id, 1) AS s ON true ORDER BY t.id
                """
            )
            #expect(rows == ["a succeeded fine", "b limited max_iterations", "c queued", "nope"])
            let failure = await #expect(throws: PostgresError.self) {
                try await bench.client.query("SELECT agentctl.reply(t.id, 1) FROM (VALUES ('a'), ('b')) AS t (id)")
            }
            #expect(failure?.sqlState == "AC005")
        }
    }

    @Test func turnsAndSubmissionsHaveARowEach() async throws {
        try await withTurns { bench, client in
            _ = try await bench.conversations.undo(1, of: "a")
            _ = try await client.settle(2, of: "a")
            let turns = try await bench.texts(
                """
                SELECT concat_ws(' ', turn, agent, version, status, error_code, model_calls, tool_calls,
                           queue_ms >= 0 AND duration_ms > 0, undone_by) AS text
                FROM agentctl.turns ORDER BY turn
                """
            )
            #expect(turns == ["a/1 assistant 1 succeeded 1 0 t 2", "b/1 brief 1 limited max_iterations 1 1 t"])
            let submissions = try await bench.texts(
                """
                SELECT concat_ws(' ', conversation_id, seq, operation, status, agent, idempotency_key, submitted_by) AS text
                FROM agentctl.submissions ORDER BY conversation_id, seq
                """
            )
            #expect(
                submissions == [
                    "a 1 message succeeded k agentctl", "a 2 undo done agentctl", "b 1 message limited brief agentctl",
                ]
            )
        }
    }

    @Test func aForkSaysWhereItsMessagesAreFrom() async throws {
        try await withTurns { bench, client in
            _ = try await bench.client.query("SELECT agentctl.fork('a', 'f')")
            _ = try await client.send(.message("more"), to: "f") { _ in }
            let copied = try await bench.texts(
                "SELECT coalesce(copied_from, '-') AS text FROM agentctl.conversation_history WHERE conversation_id = 'f' ORDER BY number"
            )
            #expect(copied == ["a", "a", "-", "-"])
            _ = try await bench.client.query("SELECT agentctl.set('f', '{\"max_iterations\": 3}')")
            _ = try await bench.client.query("SELECT agentctl.shutdown('f')")
            _ = try await client.settle(4, of: "f")
            let row = try await bench.text(
                """
                SELECT concat_ws(' ', forked_from, forked_message, settings, closed, priority) AS text
                FROM agentctl.conversations WHERE conversation_id = 'f'
                """
            )
            #expect(row == "a 2 {\"max_iterations\": 3} t 0")
        }
    }

    @Test func metricsAreDividedIntoPeriods() async throws {
        try await withTurns { bench, _ in
            _ = try await bench.client.query(
                "SELECT agentctl.create_partitions_of('turn', ARRAY['2026-11-04'::timestamptz])"
            )
            _ = try await bench.client.query(
                "UPDATE agentctl.turn SET started_at = '2026-11-04T12:00:00Z' WHERE conversation_id = 'a'"
            )
            let weeks = try await bench.texts(
                """
                SELECT concat_ws(' ', (p.starts_at AT TIME ZONE 'UTC')::date, (p.ends_at AT TIME ZONE 'UTC')::date, m.agent)
                    AS text
                FROM agentctl.metric_periods('week', '2026-11-03T00:00:00Z', '2026-11-12T00:00:00Z') AS p
                LEFT JOIN LATERAL agentctl.agent_metrics(NULL, p.starts_at, p.ends_at) AS m ON true ORDER BY p.starts_at
                """
            )
            #expect(weeks == ["2026-11-03 2026-11-09 assistant", "2026-11-09 2026-11-12"])
            var filter = MetricsFilter(since: .time("2026-11-01T00:00:00Z"), until: .time("2026-11-08T00:00:00Z"))
            filter.period = .day
            let days = try await bench.reports.agentMetrics(filter)
            #expect(days.map { $0["agent"] } == ["assistant"] && days.first?["turns"] == 1)
            #expect(days.first?["starts_at"]?.stringValue?.hasPrefix("2026-11-04T00:00:00") == true, "\(days)")
            for (by, since) in [("year", "2026-01-01"), ("hour", "2020-01-01")] {
                let failure = await #expect(throws: PostgresError.self) {
                    try await bench.client.query(
                        "SELECT agentctl.metric_periods($1, $2::timestamptz, '2026-11-08')",
                        [.text(by), .text(since)]
                    )
                }
                #expect(failure?.sqlState == "AC001")
            }
        }
    }

    @Test func callsOfToolsAddUp() async throws {
        try await withTurns { bench, _ in
            _ = try await bench.client.query(
                """
                INSERT INTO agentctl.tool_call (conversation_id, seq, number, step_number, call_id, tool, arguments, effect,
                    state, started_at)
                SELECT 'a', 1, n, 1, 'c', 'other', '{}', 'pure', s::agentctl.tool_call_state, now()
                FROM unnest('{succeeded,failed,denied,started,in_doubt}'::text[]) WITH ORDINALITY AS o (s, n)
                """
            )
            let row = try await bench.text(
                """
                SELECT concat_ws(' ', calls, succeeded, failed, denied, unfinished, success_rate) AS text
                FROM agentctl.tool_metrics WHERE tool = 'other'
                """
            )
            #expect(row == "5 1 2 1 2 0.3333")
        }
    }

    @Test func listenersAreToldOfRepliesWhereThatIsSet() async throws {
        try await withTurns { bench, client in
            let refused = await #expect(throws: PostgresError.self) {
                try await bench.client.query("UPDATE agentctl.setting SET value = 'yes' WHERE name = 'notify_clients'")
            }
            #expect(refused?.sqlState == "AC001")
            var told: [JSONValue] = []
            listening: for await event in bench.client.listen(to: ["agentctl_events"]) {
                switch event {
                case .connected:
                    // Nobody is told of the first.
                    _ = try await client.send(.message("quiet"), to: "n") { _ in }
                    _ = try await bench.client.query(
                        "UPDATE agentctl.setting SET value = 'on' WHERE name = 'notify_clients'"
                    )
                    _ = try await client.send(.message("loud"), to: "n") { _ in }
                case .notification(_, let payload):
                    told.append(try JSONValue(parsing: payload))
                    break listening
                }
            }
            #expect(told == [["seq": 2, "type": "turn_complete", "status": "succeeded", "conversation": "n"]])
        }
    }

    @Test func aFailedTurnIsRetriedAndOneThatSucceededIsNot() async throws {
        try await withTurns { bench, client in
            let refused = await #expect(throws: StoreError.self) { try await bench.conversations.retry("a") }
            #expect(refused?.code == .refused && refused?.message.contains("nothing to retry") == true)
            // The model gets another rule, and the calculator's answer.
            _ = try await bench.client.query("UPDATE agentctl.agents SET max_iterations = 4 WHERE name = 'brief'")
            let seq = try await bench.conversations.retry("b")
            #expect(seq == 3)
            #expect(try await client.wait(for: seq, of: "b", after: 0) { _ in }.reply == "x")
            // A pure turn is undone first.
            let shown = try await bench.texts(
                """
                SELECT concat_ws(' ', seq, coalesce(undone_by::text, 'shown')) AS text FROM agentctl.conversation_history
                WHERE conversation_id = 'b' AND role = 'user' ORDER BY number
                """
            )
            #expect(shown == ["1 2", "3 shown"])
        }
    }

    @Test func whatHadAnEffectIsShownToTheRetry() async throws {
        try await withTurns { bench, _ in
            _ = try await bench.client.query(
                "UPDATE agentctl.tool_call SET effect = 'unsafe' WHERE conversation_id = 'b'"
            )
            #expect(try await bench.conversations.retry("b") == 2)
        }
    }

    @Test func conversationsAreListedPageByPageThroughAnIndex() async throws {
        try await withBench { bench in
            try await bench.register(Self.documents)
            try await bench.client.withConnection { try await $0.executeScript(PlanTests.fill) }
            var filter = ConversationFilter(limit: 3)
            filter.prefix = "c19"
            let first = try await bench.reports.conversationReport(filter).compactMap {
                $0["conversation_id"]?.stringValue
            }
            filter.after = first.last
            let second = try await bench.reports.conversationReport(filter).compactMap {
                $0["conversation_id"]?.stringValue
            }
            filter.after = nil
            filter.limit = 6
            let both = try await bench.reports.conversationReport(filter).compactMap {
                $0["conversation_id"]?.stringValue
            }
            #expect(first.count == 3 && first + second == both)
            filter.state = "ready"
            #expect(try await bench.reports.conversationReport(filter).count == 6)
            filter.state = "parked"
            #expect(try await bench.reports.conversationReport(filter) == [])
            filter.after = "nope"
            let missing = await #expect(throws: StoreError.self) { try await bench.reports.conversationReport(filter) }
            #expect(missing?.code == .notFound)
            let (plans, scans) = try await sequentialScans(
                at: bench.url,
                besides: [],
                walking: ["conversation_by_time"]
            ) {
                client in
                var page = ConversationFilter(limit: 10)
                page.after = "c500"
                _ = try await Stores(client: client).reports.conversationReport(page)
            }
            #expect(plans > 0 && scans == [])
        }
    }
}
