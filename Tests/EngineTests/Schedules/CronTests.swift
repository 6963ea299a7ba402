import Postgres
import TestSupport
import Testing

@testable import Engine

/// When a cron text is due, by the clocks of a time zone.
@Suite struct CronTests {
    private struct Case: Sendable {
        let cron: String
        let zone: String
        let after: String
        let times: [String]

        init(_ cron: String, _ zone: String = "UTC", after: String, _ times: [String]) {
            (self.cron, self.zone, self.after, self.times) = (cron, zone, after, times)
        }
    }

    /// Times are UTC: `12-31 08:00`, with the year where it is not that of `after`.
    private static let calendar: [Case] = [
        Case("* * * * *", after: "2026-01-01 00:00:30", ["2026-01-01 00:01", "2026-01-01 00:02"]),
        Case("*/20 8-10 * * *", after: "2026-01-01 09:30", ["2026-01-01 09:40", "2026-01-01 10:00"]),
        Case("5/25 0 * * *", after: "2026-01-01", ["2026-01-01 00:05", "2026-01-01 00:30", "2026-01-01 00:55"]),
        Case("0 8 * * MON-FRI", after: "2026-01-02 08:00", ["2026-01-05 08:00"]),
        Case("0 0 * * fri-sun", after: "2026-01-02 00:00", ["2026-01-03 00:00", "2026-01-04 00:00"]),
        Case("0 0 * * 7", after: "2026-01-01", ["2026-01-04 00:00"]),
        Case("0 0 1 JAN,jul *", after: "2026-01-01 00:00", ["2026-07-01 00:00", "2027-01-01 00:00"]),
        // Weekday or day, unless one of them is free.
        Case("0 0 13 * FRI", after: "2026-02-07", ["2026-02-13 00:00", "2026-02-20 00:00"]),
        Case("0 0 1,15 * MON", after: "2026-02-10", ["2026-02-15 00:00", "2026-02-16 00:00"]),
        Case("0 0 */10 * MON", after: "2026-02-22", ["2026-02-23 00:00", "2026-03-01 00:00"]),
        Case("0 0 L * *", after: "2026-01-31", ["2026-02-28 00:00", "2026-03-31 00:00"]),
        Case("0 0 15,L * *", after: "2028-02-15", ["2028-02-29 00:00", "2028-03-15 00:00"]),
        Case("0 0 * * FRIL", after: "2026-02-01", ["2026-02-27 00:00", "2026-03-27 00:00"]),
        Case("0 0 * * MON#1,5#3", after: "2026-02-01", ["2026-02-02 00:00", "2026-02-20 00:00", "2026-03-02 00:00"]),
        Case("0 0 29 2 *", after: "2096-03-01", ["2104-02-29 00:00"]),
        Case("0 0 30 2 *", after: "2026-01-01", []),
        Case("@hourly", after: "2026-01-01 05:30", ["2026-01-01 06:00"]),
        Case(" @Daily ", after: "2026-01-01 05:30", ["2026-01-02 00:00"]),
        Case("@weekly", after: "2026-01-01", ["2026-01-04 00:00"]),
        Case("@monthly", after: "2026-01-01", ["2026-02-01 00:00"]),
        Case("@yearly", after: "2026-01-01", ["2027-01-01 00:00"]),
        Case("* * * * *", after: "infinity", []),
        Case("* * * * *", after: "0001-01-01", []),
    ]

    private static let clocks: [Case] = [
        // 2:00 to 3:00 is left out on 8 March: a fixed hour comes when clocks go on.
        Case("30 2 * * *", "America/New_York", after: "2026-03-07 12:00", ["2026-03-08 07:00", "2026-03-09 06:30"]),
        Case("0,30 2 * * *", "America/New_York", after: "2026-03-08 05:00", ["2026-03-08 07:00", "2026-03-09 06:00"]),
        Case("30 * * * *", "America/New_York", after: "2026-03-08 06:00", ["2026-03-08 06:30", "2026-03-08 07:30"]),
        // 1:00 to 2:00 is shown twice on 1 November: a fixed hour comes once, any hour twice.
        Case("30 1 * * *", "America/New_York", after: "2026-11-01 04:00", ["2026-11-01 05:30", "2026-11-02 06:30"]),
        Case(
            "30 * * * *",
            "America/New_York",
            after: "2026-11-01 05:00",
            ["2026-11-01 05:30", "2026-11-01 06:30", "2026-11-01 07:30"]
        ),
        Case("15 */2 * * *", "America/New_York", after: "2026-11-01 03:00", ["2026-11-01 04:15", "2026-11-01 07:15"]),
        // Half an hour.
        Case("15 2 * * *", "Australia/Lord_Howe", after: "2026-10-03 12:00", ["2026-10-03 15:30", "2026-10-04 15:15"]),
        Case("45 1 * * *", "Australia/Lord_Howe", after: "2026-04-04 12:00", ["2026-04-04 14:45", "2026-04-05 15:15"]),
        Case("45 * * * *", "Australia/Lord_Howe", after: "2026-04-04 14:00", ["2026-04-04 14:45", "2026-04-04 15:15"]),
        // 30 December 2011 was left out as a whole.
        Case(
            "0 12 * * *",
            "Pacific/Apia",
            after: "2011-12-29 12:00",
            [
                "2011-12-29 22:00", "2011-12-30 10:00", "2011-12-30 22:00",
            ]
        ),
        Case("0 12 30 12 *", "Pacific/Apia", after: "2011-12-01", ["2011-12-30 10:00", "2012-12-29 22:00"]),
        Case("0 */12 * * *", "Pacific/Apia", after: "2011-12-29 22:00", ["2011-12-30 10:00", "2011-12-30 22:00"]),
        // Clocks went back over midnight, from 0:01 to 23:01.
        Case("30 23 * * *", "America/St_Johns", after: "2006-10-28 12:00", ["2006-10-29 02:00", "2006-10-30 03:00"]),
        Case("0 * * * *", "America/St_Johns", after: "2006-10-29 02:00", ["2006-10-29 02:30", "2006-10-29 03:30"]),
        Case("0 8 * * *", "Asia/Kathmandu", after: "2026-01-01", ["2026-01-01 02:15", "2026-01-02 02:15"]),
    ]

    @Test func aCronTextIsDueByTheClocksOfItsZone() async throws {
        try await withBench { bench in
            for wanted in Self.calendar + Self.clocks {
                var times: [String] = []
                var after = wanted.after
                while let next = try await Self.next(wanted, after: after, in: bench) {
                    times.append(next)
                    after = next
                    if times.count >= wanted.times.count { break }
                }
                #expect(times == wanted.times, "\(wanted.cron) \(wanted.zone) after \(wanted.after)")
            }
        }
    }

    private static func next(_ wanted: Case, after: String, in bench: Bench) async throws -> String? {
        let rows = try await bench.client.query(
            """
            SELECT to_char(agentctl.next_time($1, $2, $3::timestamp AT TIME ZONE 'UTC') AT TIME ZONE 'UTC',
                'YYYY-MM-DD HH24:MI') AS text
            """,
            [.text(wanted.cron), .text(wanted.zone), .text(after)]
        )
        return try rows.first?.decode("text", as: String?.self)
    }

    @Test func whatIsNoCronTextIsRefusedWithItsPlace() async throws {
        let refused = [
            "": "is empty", "* * * *": "has 4 fields", "* * * * * *": "has 6 fields", "@reboot": "is \"@reboot\"",
            "60 * * * *": "has the minute \"60\"", "* 24 * * *": "has the hour \"24\"",
            "* * 0 * *": "has the day \"0\"", "* * * 13 *": "has the month \"13\"",
            "* * * * 8": "has the weekday \"8\"", "* * * FEBRUARY *": "has the month",
            "5-1 * * * *": "has the minute", "*/0 * * * *": "has the minute", ", * * * *": "has the minute",
            "1,,2 * * * *": "has the minute", "-1 * * * *": "has the minute", "* * * L *": "has the month",
            "* * * * MON#6": "has the weekday", "99999999999999999999 * * * *": "has the minute",
            "* * * * *; DROP TABLE x": "has 8 fields",
        ]
        try await withBench { bench in
            for (cron, problem) in refused {
                let error = await #expect(throws: PostgresError.self) {
                    try await bench.client.query("SELECT agentctl.next_time($1, 'UTC')", [.text(cron)])
                }
                #expect(error?.sqlState == "22023" && error?.message.contains(problem) == true, "\(cron)")
            }
            let error = await #expect(throws: PostgresError.self) {
                try await bench.client.query("SELECT agentctl.next_time(repeat('1,', 5000000) || ' * * * *', 'UTC')")
            }
            #expect(error?.sqlState == "22023" && error?.message.contains("has 10000008 bytes") == true)
        }
    }
}
