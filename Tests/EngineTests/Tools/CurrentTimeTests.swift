import JSON
import Postgres
import TestSupport
import Testing

import struct FoundationEssentials.Date

@testable import Conversation
@testable import Engine
@testable import Store
@testable import Tools

@Suite struct CurrentTimeTests {
    private func tool(at seconds: Int64, configuration: JSONValue = [:]) throws -> CurrentTimeTool {
        let definition = ToolDefinition(
            name: "current_time",
            versionID: 1,
            implementation: "current_time",
            configuration: configuration
        )
        var tool = try #require(try ToolFactory().tool(for: definition) as? CurrentTimeTool)
        tool.moment = Date(timeIntervalSince1970: Double(seconds))
        return tool
    }

    private func context(_ bench: Bench) -> ToolContext {
        ToolContext(conversationID: "c", turnSequence: 1, services: ToolServices(queries: bench.queries))
    }

    private func text(at seconds: Int64, in zone: String, _ bench: Bench) async throws -> String {
        try await tool(at: seconds).call(["time_zone": .string(zone)], in: context(bench)).text
    }

    private static let times: [(seconds: Int64, zone: String, expected: String)] = [
        (1_785_153_785, "UTC", "2026-07-27T12:03:05Z (Monday, 27 July 2026, 12:03:05 UTC)"),
        (
            1_785_153_785, "Europe/Berlin",
            "2026-07-27T14:03:05+02:00 (Monday, 27 July 2026, 14:03:05 CEST, Europe/Berlin)"
        ),
        (
            1_785_153_785, "america/new york",
            "2026-07-27T08:03:05-04:00 (Monday, 27 July 2026, 08:03:05 EDT, America/New_York)"
        ),
        (
            1_785_153_785, "Asia/Kathmandu",
            "2026-07-27T17:48:05+05:45 (Monday, 27 July 2026, 17:48:05 +0545, Asia/Kathmandu)"
        ),
        (
            1_785_153_785, "America/St_Johns",
            "2026-07-27T09:33:05-02:30 (Monday, 27 July 2026, 09:33:05 NDT, America/St_Johns)"
        ),
        (951_782_400, "utc", "2000-02-29T00:00:00Z (Tuesday, 29 February 2000, 00:00:00 UTC)"),
        (-1, "UTC", "1969-12-31T23:59:59Z (Wednesday, 31 December 1969, 23:59:59 UTC)"),
    ]

    @Test func tellsTheTime() async throws {
        try await withBench { bench in
            for (seconds, zone, expected) in Self.times {
                let told = try await text(at: seconds, in: zone, bench)
                #expect(told == expected)
            }
        }
    }

    /// Seconds before and after the clocks change, long before and long after the changes that the files list.
    private static let changes: [(seconds: Int64, zone: String, expected: String)] = [
        (1_774_745_999, "Europe/Berlin", "2026-03-29T01:59:59+01:00"),
        (1_774_746_000, "Europe/Berlin", "2026-03-29T03:00:00+02:00"),
        (1_792_889_999, "Europe/Berlin", "2026-10-25T02:59:59+02:00"),
        (1_792_890_000, "Europe/Berlin", "2026-10-25T02:00:00+01:00"),
        (2_532_639_600, "Europe/Berlin", "2050-04-04T01:00:00+02:00"),
        (2_550_704_399, "Europe/Berlin", "2050-10-30T02:59:59+02:00"),
        (2_550_704_400, "Europe/Berlin", "2050-10-30T02:00:00+01:00"),
        (2_524_604_400, "Europe/Berlin", "2050-01-01T00:00:00+01:00"),
        (2_524_564_800, "Australia/Sydney", "2049-12-31T23:00:00+11:00"),
        (2_540_203_200, "Australia/Sydney", "2050-06-30T22:00:00+10:00"),
        (2_540_203_200, "Asia/Tokyo", "2050-06-30T21:00:00+09:00"),
        (0, "Europe/London", "1970-01-01T01:00:00+01:00"),
    ]

    @Test func knowsWhenClocksChange() async throws {
        try await withBench { bench in
            for (seconds, zone, expected) in Self.changes {
                let told = try await text(at: seconds, in: zone, bench)
                #expect(told.hasPrefix(expected + " "), "\(told)")
            }
        }
    }

    @Test func tellsData() async throws {
        try await withBench { bench in
            let output = try await tool(at: 1_785_153_785).call(["time_zone": "Asia/Tokyo"], in: context(bench))
            #expect(
                output.value == [
                    "time": "2026-07-27T21:03:05+09:00", "time_zone": "Asia/Tokyo", "unix_seconds": 1_785_153_785,
                ]
            )
            // Without a moment it is now.
            var tool = try tool(at: 0)
            tool.moment = nil
            let now = try await tool.call([:], in: context(bench)).value?["unix_seconds"]?.integerValue
            #expect(abs(Double(try #require(now)) - Date().timeIntervalSince1970) < 3_600)
        }
    }

    @Test func takesTheDefaultZoneFromTheRow() async throws {
        try await withBench { bench in
            let tool = try tool(at: 0, configuration: ["default_time_zone": "Asia/Tokyo"])
            #expect(try await tool.call([:], in: context(bench)).text.hasPrefix("1970-01-01T09:00:00+09:00 "))
            let row = #"""
                {"kind": "tool", "name": "clock", "description": "d", "implementation": "current_time",
                 "configuration": {"default_time_zone": "ZONE"}}
                """#
            let error = await #expect(throws: StoreError.self) {
                try await bench.register(row.replacing("ZONE", with: "Mars"))
            }
            #expect(
                error?.problems?.arrayValue?.map { $0["path"] } == ["configuration.default_time_zone"]
            )
            try await bench.register(row.replacing("ZONE", with: "Asia/Tokyo"))
        }
    }

    private static let unknown = [
        ("Europe/Berln", "There is no time zone \"Europe/Berln\". The nearest are: Europe/Berlin"),
        ("Tokio", "There is no time zone \"Tokio\". The nearest are: Asia/Tokyo."),
        ("Germany/Berlin", "There is no time zone \"Germany/Berlin\". The nearest are: Europe/Berlin"),
        ("../../../etc/passwd", "There is no time zone \"../../../etc/passwd\"."),
        ("/etc/passwd", "There is no time zone"),
        ("tzdata.zi", "There is no time zone"), ("", "There is no time zone \"\"."),
        ("Europe", "There is no time zone"), ("XXX5YYY", "There is no time zone"), ("a\u{0}b", "There is no time zone"),
        ("'; SELECT 1 --", "There is no time zone"), (String(repeating: "Europe/", count: 40), "There is no time zone"),
    ]

    @Test func refusesUnknownZones() async throws {
        try await withBench { bench in
            for (name, message) in Self.unknown {
                let error = await #expect(throws: ToolError.self) { try await text(at: 0, in: name, bench) }
                #expect(error?.code == .notFound)
                #expect(error?.message.hasPrefix(message) == true, "\(name): \(error?.message ?? "")")
            }
            // The session's own zone is what it was.
            let zone = try await bench.text("SELECT to_char(to_timestamp(0), 'TZH') AS text")
            #expect(zone == "+00")
        }
    }

    @Test func withoutADatabase() async throws {
        let tool = try tool(at: 0)
        let error = await #expect(throws: ToolError.self) { try await tool.call([:], in: ToolContext()) }
        #expect(error?.message == "There is no database here that could be asked for the time.")
    }
}
