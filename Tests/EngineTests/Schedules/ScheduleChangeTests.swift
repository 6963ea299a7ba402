import JSON
import Postgres
import TestSupport
import Testing

@testable import Definitions
@testable import Engine
@testable import Store

/// Schedules that are registered, changed, paused, run by hand and taken out of force.
@Suite struct ScheduleChangeTests {
    private func withSchedules(_ body: (Bench) async throws -> Void) async throws {
        try await withBench { bench in
            try await bench.register(Bench.scheduled)
            try await body(bench)
        }
    }

    @Test func whatIsWrongWithADocumentIsSaidWithItsPlace() async throws {
        try await withSchedules { bench in
            let cases: [(members: String, problem: String)] = [
                (#""cron": "61 * * * *", "message": "x""#, #"cron has the minute "61""#),
                (#""cron": "0 0 30 2 *", "message": "x""#, #"cron is "0 0 30 2 *", which is never due"#),
                (#""cron": "@daily""#, " sends nothing"),
                (#""cron": "@daily", "message": "x", "input": {}"#, " has message and input"),
                (#""cron": "@daily", "message": "x", "time_zone": "Europe/Brelin""#, "did you mean Europe/Berlin"),
                (#""cron": "@daily", "message": "x", "time_zone": "europe/berlin""#, "the name Europe/Berlin"),
                (#""cron": "@daily", "message": "x", "agent": "asistant""#, "assistant"),
                (#""cron": "@daily", "message": "x", "chain": "none""#, #"chain is "none", which is not registered"#),
                (#""cron": "@daily", "message": "x", "chain": "a", "agent": "assistant""#, "chain stands beside agent"),
                (#""cron": "@daily", "message": "{{dye}}""#, "message has {{dye}}"),
                (#""cron": "@daily", "message": " ""#, "message is blank"),
                (#""cron": "@daily", "message": "x", "conversation": "task:1""#, #"conversation is "task:1""#),
                (#""cron": "@daily", "message": "x", "conversation": "a\nb""#, "conversation is"),
                (#""cron": "@daily", "message": "x", "from": "tomorrow""#, #"from is "tomorrow""#),
                (#""cron": "@daily", "message": "x", "from": "2026-02-30""#, #"from is "2026-02-30""#),
                (
                    #""cron": "@daily", "message": "x", "from": "2026-02-03", "until": "2026-02-01""#,
                    "a time after from"
                ),
                (
                    #""cron": "0 0 1 1 *", "message": "x", "from": "2026-02-03", "until": "2026-03-01""#,
                    "before it is ever due"
                ),
                (#""cron": "@daily", "task": {"description": "x", "agent": "none"}"#, "task.agent is"),
                (#""cron": "@daily", "task": {"description": "x"}, "agent": "assistant""#, "agent stands beside task"),
                (
                    #""cron": 5, "message": {}, "time_zone": [], "from": 1, "task": 2, "conversation": 3"#,
                    "cron is the number 5"
                ),
                (#""cron": "@daily", "message": "x", "overlap": "qeue""#, "overlap is"),
            ]
            for (members, problem) in cases {
                let document = "{\"kind\": \"schedule\", \"name\": \"s\", \(members)}"
                let problems = try await bench.texts(
                    """
                    SELECT concat_ws(' ', path, problem, expected, nearest) AS text
                    FROM agentctl.check_documents(jsonb_build_array($1::jsonb))
                    """,
                    [.text(document)]
                )
                #expect(problems.contains { $0.contains(problem) }, "\(members): \(problems)")
            }
        }
    }

    @Test func aHugeMessageIsRefusedAtRegistration() async throws {
        try await withSchedules { bench in
            let document: JSONValue = [
                "kind": "schedule", "name": "s", "cron": "@daily",
                "message": .string(String(repeating: "x", count: 1_048_577)),
            ]
            let error = await #expect(throws: StoreError.self) { try await bench.definitions.register([document]) }
            #expect(error?.code == .invalid)
        }
    }

    @Test func anotherMessageLosesNoRunAndAnotherCronTextCountsFromNow() async throws {
        try await withSchedules { bench in
            let due = "SELECT to_char(next_at AT TIME ZONE 'UTC', 'YYYY') AS text FROM agentctl.schedules"
            try await bench.schedule(#""cron": "0 0 1 1 *""#, from: "2001-06-01")
            _ = try await bench.client.query("UPDATE agentctl.schedules SET message = 'other' WHERE name = 's'")
            #expect(try await bench.text(PostgresStatement(due)) == "2002")
            _ = try await bench.client.query("UPDATE agentctl.schedules SET cron = '1 0 1 1 *' WHERE name = 's'")
            #expect(try await bench.text(PostgresStatement(due + " WHERE next_at > now()")) != nil)
            _ = try await bench.client.query("SELECT agentctl.rollback('s', kind => 'schedule')")
            #expect(
                try await bench.text("SELECT cron || ' ' || message AS text FROM agentctl.schedules")
                    == "0 0 1 1 * other"
            )
        }
    }

    @Test func aScheduleOutOfForceRunsNoMore() async throws {
        try await withSchedules { bench in
            try await bench.schedule(#""cron": "* * * * *", "overlap": "queue""#, from: "2027-01-04 08:00")
            for minute in 1...2 { try await bench.runSchedules(at: "2027-01-04 08:0\(minute)") }
            _ = try await bench.client.query("SELECT agentctl.unregister('s', 'schedule')")
            #expect(try await bench.runSchedules(at: "2027-01-04 09:00") == "0")
            #expect(try await bench.runs() == ["08:01 submitted", "08:02 skipped"])
            #expect(try await bench.text("SELECT name AS text FROM agentctl.schedules") == nil)
        }
    }

    @Test func anAgentThatAScheduleNamesStaysInForce() async throws {
        try await withSchedules { bench in
            try await bench.register(
                #"{"kind": "chain", "name": "c", "strategy": "sequential", "stages": [{"agent": "assistant"}]}"#
            )
            try await bench.register(
                #"{"kind": "schedule", "name": "s", "cron": "@daily", "message": "x", "chain": "c"}"#
            )
            let error = await #expect(throws: PostgresError.self) {
                try await bench.client.query("SELECT agentctl.unregister('c', 'chain')")
            }
            #expect(error?.message == #"chain "c" is used by schedule s"#)
        }
    }

    @Test func aPausedScheduleBeginsNothingAndMakesUpForNothing() async throws {
        try await withSchedules { bench in
            try await bench.schedule(
                #""cron": "* * * * *", "missed": "all", "overlap": "allow""#,
                from: "2027-01-04 08:00"
            )
            #expect(try await bench.conversations.pauseSchedule("s"))
            #expect(try await !bench.conversations.pauseSchedule("s"))
            #expect(try await bench.runSchedules(at: "2027-01-04 09:00") == "0")
            // A new version leaves it paused.
            _ = try await bench.client.query("UPDATE agentctl.schedules SET cron = '*/2 * * * *' WHERE name = 's'")
            #expect(try await bench.runSchedules(at: "2027-01-04 09:00") == "0")
            _ = try await bench.client.query("SELECT agentctl.resume_schedule('s', '2027-01-04 09:00Z')")
            #expect(try await bench.runSchedules(at: "2027-01-04 09:02") == "1")
            #expect(try await bench.runs() == ["09:02 submitted"])
        }
    }

    @Test func aScheduleThatIsNotEnabledOrIsOverIsNeverDue() async throws {
        try await withSchedules { bench in
            try await bench.schedule("off", #""cron": "* * * * *""#, from: "2027-01-04 08:00")
            _ = try await bench.client.query("UPDATE agentctl.schedules SET enabled = false WHERE name = 'off'")
            try await bench.schedule(
                "over",
                #""cron": "*/30 * * * *", "from": "2027-01-04T09:00", "until": "2027-01-04T09:30:00Z""#,
                from: "2027-01-01"
            )
            for minute in ["08:30", "09:00", "09:30", "10:00"] {
                try await bench.runSchedules(at: "2027-01-04 \(minute)")
            }
            #expect(try await bench.runs(of: "off") == [])
            #expect(try await bench.runs(of: "over") == ["09:00 submitted", "09:30 skipped"])
            let left = "SELECT name AS text FROM agentctl.schedules WHERE next_at IS NOT NULL"
            #expect(try await bench.texts(PostgresStatement(left)) == [])
        }
    }

    @Test func aScheduleIsRunByHandWhateverIsDue() async throws {
        try await withSchedules { bench in
            try await bench.schedule(#""cron": "* * * * *""#, from: "2027-01-04 08:00")
            _ = try await bench.conversations.pauseSchedule("s")
            let runs = [try await bench.conversations.runSchedule("s"), try await bench.conversations.runSchedule("s")]
            #expect(Set(runs).count == 2)
            let by = "SELECT outcome || ' ' || (requested_by = current_user) AS text FROM agentctl.schedule_runs"
            #expect(try await bench.texts(PostgresStatement(by)) == ["submitted true", "submitted true"])
            let error = await #expect(throws: StoreError.self) { try await bench.conversations.runSchedule("t") }
            #expect(error?.code == .notFound)
            _ = try await bench.client.query(
                "SELECT agentctl.submit('room', 'x'), agentctl.shutdown('room')"
            )
            _ = try await bench.client.query("UPDATE agentctl.schedules SET conversation = 'room'")
            let refused = await #expect(throws: StoreError.self) { try await bench.conversations.runSchedule("s") }
            #expect(refused?.code == .refused)
        }
    }

    @Test func theNextTimesAreThoseOfTheZone() async throws {
        try await withSchedules { bench in
            try await bench.register(
                #"{"kind": "schedule", "name": "s", "cron": "0 8 1 1 *", "time_zone": "Europe/Berlin", "message": "x", "until": "2099-06-01"}"#
            )
            let times = try await bench.texts(
                "SELECT local_time AS text FROM agentctl.schedule_times('s', 5, '2097-06-01Z')"
            )
            #expect(
                times == [
                    "Wednesday, 1 January 2098, 08:00:00 CET, Europe/Berlin",
                    "Thursday, 1 January 2099, 08:00:00 CET, Europe/Berlin",
                ]
            )
        }
    }
}
