import JSON
import Postgres
import TestSupport
import Testing

@testable import Conversation
@testable import Engine
@testable import Store

/// What a schedule does at which time, under a clock that the tests move.
@Suite struct ScheduleTests {
    private func withSchedules(_ body: (Bench) async throws -> Void) async throws {
        try await withBench { bench in
            try await bench.register(Bench.scheduled)
            try await body(bench)
        }
    }

    @Test func aRunIsSubmittedWhenItIsDueAndOnce() async throws {
        try await withSchedules { bench in
            let weekdays = #""cron": "30 8 * * MON-FRI", "time_zone": "Europe/Berlin""#
            try await bench.schedule(weekdays, from: "2027-01-01 12:00")
            #expect(try await bench.runSchedules(at: "2027-01-04 07:29:59") == "0")
            #expect(try await bench.runSchedules(at: "2027-01-04 07:30") == "1")
            #expect(try await bench.runSchedules(at: "2027-01-04 07:30") == "0")
            #expect(try await bench.runs() == ["07:30 submitted"])
            let sent = try await bench.texts(
                """
                SELECT concat_ws(' | ', s.conversation_id, s.seq, s.body ->> 'message', s.idempotency_key, c.priority) AS text
                FROM agentctl.submission AS s JOIN agentctl.conversation_control AS c USING (conversation_id)
                """
            )
            let due = "2027-01-04 2027-01-04T08:30:00+01:00"
            #expect(sent == ["schedule:s:20270104T0730Z | 1 | \(due) | schedule:s:1799047800 | 10"])
            let next = "SELECT to_char(next_at AT TIME ZONE 'UTC', 'MM-DD HH24:MI') AS text FROM agentctl.schedules"
            #expect(try await bench.text(PostgresStatement(next)) == "01-05 07:30")
        }
    }

    @Test func aRunThatWasNotCommittedTakesPlaceLater() async throws {
        try await withSchedules { bench in
            try await bench.schedule(#""cron": "* * * * *""#, from: "2027-01-04 08:00")
            try await bench.client.withConnection { connection in
                try await connection.executeScript(
                    "BEGIN; SELECT agentctl.run_schedules('2027-01-04 08:01Z'); ROLLBACK"
                )
            }
            #expect(try await bench.runs() == [])
            #expect(try await bench.runSchedules(at: "2027-01-04 08:01") == "1")
            #expect(try await bench.runs() == ["08:01 submitted"])
        }
    }

    @Test func eightSessionsBeginEachRunOnce() async throws {
        try await withSchedules { bench in
            for number in 1...40 {
                let members = #""cron": "* * * * *", "overlap": "allow", "missed": "all""#
                try await bench.schedule("s\(number)", members, from: "2027-01-04 08:00")
            }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 1...8 {
                    group.addTask {
                        while try await bench.runSchedules(at: "2027-01-04 08:10") != "0" {}
                    }
                }
                try await group.waitForAll()
            }
            // Whoever was passed by has looked before the other was done.
            while try await bench.runSchedules(at: "2027-01-04 08:10") != "0" {}
            let counted = """
                SELECT concat_ws(' ', (SELECT count(*) FROM agentctl.schedule_run WHERE outcome = 'submitted'),
                    (SELECT count(*) FROM agentctl.submission), (SELECT count(DISTINCT conversation_id) FROM agentctl.conversation_control)) AS text
                """
            #expect(try await bench.text(PostgresStatement(counted)) == "400 400 400")
        }
    }

    struct Missed: Sendable {
        let policy: String
        let runs: [String]
    }

    @Test(
        arguments: [
            Missed(policy: #""missed": "skip""#, runs: ["08:05-08:55 missed", "09:00 submitted"]),
            Missed(
                policy: #""missed": "once""#,
                runs: ["08:05-08:50 missed", "08:55 submitted late", "09:00 submitted"]
            ),
            Missed(policy: #""missed": "once", "catch_up": 240"#, runs: ["08:05-08:55 missed", "09:00 submitted"]),
            Missed(
                policy: #""missed": "all", "catch_up": 960"#,
                runs: [
                    "08:05-08:40 missed", "08:45 submitted late", "08:50 submitted late", "08:55 submitted late",
                    "09:00 submitted",
                ]
            ),
        ]
    )
    func missedRunsAreMadeUpForAsThePolicySays(missed: Missed) async throws {
        try await withSchedules { bench in
            let members = #""cron": "*/5 * * * *", "overlap": "allow", \#(missed.policy)"#
            try await bench.schedule(members, from: "2027-01-04 08:00")
            try await bench.runSchedules(at: "2027-01-04 09:00:30")
            #expect(try await bench.runs() == missed.runs)
            #expect(try await bench.runSchedules(at: "2027-01-04 09:04") == "0")
        }
    }

    @Test func aRunThatIsLessThanAMinuteLateIsNotMissed() async throws {
        try await withSchedules { bench in
            try await bench.schedule(#""cron": "0 * * * *", "missed": "skip""#, from: "2027-01-04 08:30")
            #expect(try await bench.runSchedules(at: "2027-01-04 09:00:59") == "1")
            try await bench.runSchedules(at: "2027-01-04 10:01")
            #expect(try await bench.runs() == ["09:00 submitted", "10:00 missed"])
        }
    }

    @Test func aYearWithoutAWorkerIsPassedAtOnce() async throws {
        try await withSchedules { bench in
            try await bench.schedule(#""cron": "* * * * *", "missed": "once""#, from: "2026-01-04 08:00")
            try await bench.runSchedules(at: "2027-01-04 08:00:30")
            #expect(try await bench.runs() == ["08:01-07:58 missed", "07:59 submitted late", "08:00 skipped"])
        }
    }

    @Test func aRunIsLeftOutWhileTheOneBeforeItIsInProgress() async throws {
        try await withSchedules { bench in
            try await bench.schedule(#""cron": "* * * * *""#, from: "2027-01-04 08:00")
            for minute in 1...2 { try await bench.runSchedules(at: "2027-01-04 08:0\(minute)") }
            try await bench.work()
            try await bench.runSchedules(at: "2027-01-04 08:03")
            #expect(try await bench.runs() == ["08:01 submitted", "08:02 skipped", "08:03 submitted"])
        }
    }

    @Test func aQueuedRunBeginsWhenTheOneBeforeItHasEnded() async throws {
        try await withSchedules { bench in
            try await bench.schedule(#""cron": "* * * * *", "overlap": "queue""#, from: "2027-01-04 08:00")
            for minute in 1...3 { try await bench.runSchedules(at: "2027-01-04 08:0\(minute)") }
            #expect(try await bench.runs() == ["08:01 submitted", "08:02 queued", "08:03 queued"])
            try await bench.work()
            #expect(try await bench.runSchedules(at: "2027-01-04 08:03:01") == "1")
            #expect(try await bench.runSchedules(at: "2027-01-04 08:03:02") == "0")
            #expect(try await bench.runs() == ["08:01 submitted", "08:02 submitted", "08:03 queued"])
            try await bench.work()
            #expect(try await bench.runSchedules(at: "2027-01-04 08:03:03") == "1")
            let sent = "SELECT body ->> 'message' AS text FROM agentctl.submission ORDER BY conversation_id"
            let minutes = (1...3).map { "2027-01-04 2027-01-04T08:0\($0):00Z" }
            #expect(try await bench.texts(PostgresStatement(sent)) == minutes)
        }
    }

    @Test func atMostAHundredRunsAreQueued() async throws {
        try await withSchedules { bench in
            let members = #""cron": "* * * * *", "overlap": "queue", "missed": "all""#
            try await bench.schedule(members, from: "2027-01-04 08:00")
            for _ in 1...3 { try await bench.runSchedules(at: "2027-01-04 10:00") }
            let counted = """
                SELECT outcome || ' ' || count(*) || coalesce(' ' || min(error_message), '') AS text
                FROM agentctl.schedule_runs GROUP BY outcome ORDER BY outcome
                """
            let expected = ["queued 100", "skipped 19 100 runs are queued", "submitted 1"]
            #expect(try await bench.texts(PostgresStatement(counted)) == expected)
        }
    }

    @Test func aRunStopsTheOneBeforeIt() async throws {
        try await withSchedules { bench in
            try await bench.schedule(#""cron": "* * * * *", "overlap": "interrupt""#, from: "2027-01-04 08:00")
            try await bench.schedule(
                "t",
                #""cron": "* * * * *", "overlap": "interrupt", "task": {"description": "d", "capabilities": ["report"]}"#,
                from: "2027-01-04 08:00"
            )
            for minute in 1...2 { try await bench.runSchedules(at: "2027-01-04 08:0\(minute)") }
            let stopped = """
                SELECT conversation_id AS text FROM agentctl.conversation_control WHERE cancel_seq = head_seq + 1 ORDER BY 1
                """
            #expect(try await bench.texts(PostgresStatement(stopped)) == ["schedule:s:20270104T0801Z", "task:1"])
            #expect(try await bench.runs() == ["08:01 submitted", "08:02 submitted"])
            #expect(try await bench.runs(of: "t") == ["08:01 submitted", "08:02 submitted"])
        }
    }

    @Test func aRunThatCannotBeStoppedHoldsUpNoOtherSchedule() async throws {
        try await withSchedules { bench in
            for name in ["s", "u"] {
                try await bench.schedule(
                    name,
                    #""cron": "* * * * *", "overlap": "interrupt""#,
                    from: "2027-01-04 08:00"
                )
            }
            try await bench.runSchedules(at: "2027-01-04 08:01")
            try await bench.client.withTransaction { other in
                _ = try await other.query("SELECT agentctl.submit('schedule:s:20270104T0801Z', 'mine')")
                #expect(try await bench.runSchedules(at: "2027-01-04 08:02") == "1")
            }
            #expect(try await bench.runs(of: "u") == ["08:01 submitted", "08:02 submitted"])
            #expect(try await bench.runs() == ["08:01 submitted"])
            // It was not missed.
            try await bench.runSchedules(at: "2027-01-04 08:02:02")
            #expect(try await bench.runs() == ["08:01 submitted", "08:02 submitted"])
        }
    }

    @Test func runsShareAConversationThatIsNamed() async throws {
        try await withSchedules { bench in
            let members = #""cron": "* * * * *", "conversation": "room", "overlap": "allow""#
            try await bench.schedule(members, from: "2027-01-04 08:00")
            for minute in 1...2 { try await bench.runSchedules(at: "2027-01-04 08:0\(minute)") }
            let sent = "SELECT conversation_id || '/' || seq AS text FROM agentctl.submission ORDER BY seq"
            #expect(try await bench.texts(PostgresStatement(sent)) == ["room/1", "room/2"])
        }
    }

    @Test func aTaskIsSubmittedWithItsLimits() async throws {
        try await withSchedules { bench in
            let task = """
                {"description": "Report of {{ date }}", "capabilities": ["report"], "timeout": 3600, "max_attempts": 3,
                 "budget": {"tokens": 1000, "cost_usd": 0.5}, "input": {"a": 1}}
                """
            try await bench.schedule(#""cron": "@daily", "task": \#(task)"#, from: "2027-01-04 08:00")
            #expect(try await bench.runSchedules(at: "2027-01-05 00:00") == "1")
            let sent = try await bench.text(
                """
                SELECT concat_ws(' | ', description, agent, capabilities, max_attempts, budget_tokens, priority, input,
                    deadline BETWEEN now() + interval '50 minutes' AND now() + interval '1 hour') AS text
                FROM agentctl.tasks
                """
            )
            #expect(sent == "Report of 2027-01-05 | assistant | {report} | 3 | 1000 | 10 | {\"a\": 1} | t")
        }
    }

    @Test func aRunThatCannotBeSubmittedHoldsUpNoOther() async throws {
        try await withSchedules { bench in
            _ = try await bench.conversations.submit(.message("hello"), to: "room")
            _ = try await bench.client.query("SELECT agentctl.shutdown('room')")
            try await bench.schedule("a", #""cron": "* * * * *", "conversation": "room""#, from: "2027-01-04 08:00")
            try await bench.schedule("b", #""cron": "* * * * *""#, from: "2027-01-04 08:00")
            #expect(try await bench.runSchedules(at: "2027-01-04 08:01") == "1")
            #expect(try await bench.runs(of: "a") == ["08:01 failed"])
            #expect(try await bench.runs(of: "b") == ["08:01 submitted"])
            let reason =
                "SELECT error_code || ' ' || error_message AS text FROM agentctl.schedule_runs WHERE outcome = 'failed'"
            #expect(try await bench.text(PostgresStatement(reason)) == #"AC003 conversation "room" is closed"#)
        }
    }

    @Test func aConversationThatIsHeldIsTriedAgainASecondLater() async throws {
        try await withSchedules { bench in
            _ = try await bench.conversations.submit(.message("hello"), to: "room")
            try await bench.schedule(#""cron": "* * * * *", "conversation": "room""#, from: "2027-01-04 08:00")
            let wait = try await bench.client.withTransaction { connection in
                _ = try await connection.query("SELECT agentctl.submit('room', 'hold')")
                return try await bench.text(
                    "SELECT begun || ' ' || wait AS text FROM agentctl.run_schedules('2027-01-04 08:01Z')"
                )
            }
            #expect(wait == "0 1")
            #expect(try await bench.runs() == [])
            #expect(try await bench.runSchedules(at: "2027-01-04 08:01:01") == "1")
            #expect(try await bench.runs() == ["08:01 submitted"])
        }
    }

    @Test func jitterPutsARunOffByTheSameTimeForWhomeverLooks() async throws {
        try await withSchedules { bench in
            try await bench.schedule(#""cron": "0 * * * *", "jitter": 600"#, from: "2027-01-04 08:30")
            let look = "SELECT extract(epoch FROM look_at - due_at)::text AS text FROM agentctl.schedule_state"
            let delay = try #require(try await bench.text(PostgresStatement(look)).flatMap { Double($0) })
            #expect(delay > 0 && delay < 600)
            #expect(try await bench.runSchedules(at: "2027-01-04 09:00") == "0")
            #expect(try await bench.runSchedules(at: "2027-01-04 09:10") == "1")
            #expect(try await bench.runs() == ["09:00 submitted"])
        }
    }
}
