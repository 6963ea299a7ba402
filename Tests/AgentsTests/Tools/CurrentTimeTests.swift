import JSON
import Testing

@testable import Agents

@Suite struct CurrentTimeTests {
    private let context = ToolContext(conversationID: "c", turnSequence: 1)

    private func tool(at seconds: Int64, configuration: JSONValue = [:]) throws -> CurrentTimeTool {
        let definition = ToolDefinition(
            name: "current_time",
            versionID: 1,
            implementation: "current_time",
            configuration: configuration
        )
        var tool = try #require(try ToolFactory().tool(for: definition) as? CurrentTimeTool)
        tool.now = { seconds }
        return tool
    }

    private func text(at seconds: Int64, in zone: String) async throws -> String {
        try await tool(at: seconds).call(["time_zone": .string(zone)], in: context).text
    }

    @Test(arguments: [
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
    ])
    func tellsTheTime(seconds: Int64, zone: String, expected: String) async throws {
        #expect(try await text(at: seconds, in: zone) == expected)
    }

    /// Seconds before and after the clocks change, long before and long after the changes that the files list.
    @Test(arguments: [
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
    ])
    func knowsWhenClocksChange(seconds: Int64, zone: String, expected: String) async throws {
        #expect(try await text(at: seconds, in: zone).hasPrefix(expected + " "))
    }

    @Test func tellsData() async throws {
        let output = try await tool(at: 1_785_153_785).call(["time_zone": "Asia/Tokyo"], in: context)
        #expect(
            output.value == [
                "time": "2026-07-27T21:03:05+09:00", "time_zone": "Asia/Tokyo", "unix_seconds": 1_785_153_785,
            ]
        )
    }

    @Test func takesTheDefaultZoneFromTheRow() async throws {
        let tool = try tool(at: 0, configuration: ["default_time_zone": "Asia/Tokyo"])
        #expect(try await tool.call([:], in: context).text.hasPrefix("1970-01-01T09:00:00+09:00 "))
        let error = #expect(throws: ToolError.self) {
            try self.tool(at: 0, configuration: ["default_time_zone": "Mars"])
        }
        #expect(error?.problems.map(\.path) == ["configuration.default_time_zone"])
    }

    @Test(arguments: [
        ("Europe/Berln", "There is no time zone \"Europe/Berln\". The nearest are: Europe/Berlin"),
        ("Tokio", "There is no time zone \"Tokio\". The nearest are: Asia/Tokyo."),
        ("Germany/Berlin", "There is no time zone \"Germany/Berlin\". The nearest are: Europe/Berlin"),
        ("../../../etc/passwd", "There is no time zone \"../../../etc/passwd\"."),
        ("/etc/passwd", "There is no time zone"),
        ("tzdata.zi", "There is no time zone"), ("", "There is no time zone \"\"."),
        ("Europe", "There is no time zone"),
    ])
    func refusesUnknownZones(name: String, message: String) async throws {
        let error = await #expect(throws: ToolError.self) { try await text(at: 0, in: name) }
        #expect(error?.code == .notFound)
        #expect(error?.message.hasPrefix(message) == true)
    }

    @Test func withoutADatabase() async throws {
        var tool = try tool(at: 0)
        tool.database = TimeZoneDatabase(directory: "/nonexistent")
        #expect(try await tool.call(["time_zone": "UTC"], in: context).text.hasPrefix("1970-01-01T00:00:00Z "))
        let error = await #expect(throws: ToolError.self) {
            try await tool.call(["time_zone": "Europe/Berlin"], in: context)
        }
        #expect(error?.message == "This system knows no time zone but UTC (its package tzdata is not installed).")
    }

    @Test(arguments: [
        ("EST5EDT,M3.2.0,M11.1.0", 1_785_153_785, -14_400, "EDT"), ("<+0330>-3:30", 0, 12_600, "+0330"),
        ("<-02>2<-01>,M3.5.0/-1,M10.5.0/0", 1_785_153_785, -3_600, "-01"),
        ("NZST-12NZDT,M9.5.0,M4.1.0/3", 0, 46_800, "NZDT"),
        ("XXX0YYY,J60/0,J300/0", 1_709_251_200, 3_600, "YYY"), ("XXX0YYY,J60/0,J300/0", 1_709_164_800, 0, "XXX"),
        ("XXX0YYY,59/0,300/0", 1_709_164_800, 3_600, "YYY"),
    ])
    func readsRules(rule: String, seconds: Int64, offset: Int, name: String) throws {
        let expected = TimeZoneOffset(seconds: offset, abbreviation: name)
        #expect(try #require(TimeZoneRule(rule)).offset(at: seconds) == expected)
    }

    @Test(arguments: [
        "", "E5", "EST", "EST5EDT,M3", "EST5EDT,M13.1.0,M1.1.0", "EST5EDT,M3.2.0,M11.1.0x", "<>5", "EST999999",
    ])
    func refusesWhatIsNoRule(rule: String) {
        #expect(TimeZoneRule(rule) == nil)
    }

    /// Files that are cut off or full of rubbish are refused or read, and never more.
    @Test func survivesDamagedFiles() throws {
        var generator = SeededGenerator(state: 7)
        let header = Array("TZif2".utf8) + [UInt8](repeating: 0, count: 15)
        for _ in 0..<2_000 {
            var bytes = header
            for _ in 0..<Int.random(in: 0...400, using: &generator) {
                bytes.append(UInt8.random(in: 0...(Bool.random(using: &generator) ? 4 : 255), using: &generator))
            }
            _ = TimeZoneFile(bytes)?.offset(at: 1_785_153_785)
        }
    }

    @Test func datesOfManyCenturies() {
        // Day by day, every date follows the one before.
        var previous = CivilDate(secondsSince1970: -86_400 * 50_000)
        for day in Int64(-49_999)...50_000 {
            let date = CivilDate(secondsSince1970: day * 86_400)
            let isNext =
                date.day == previous.day + 1 && date.month == previous.month && date.year == previous.year
                || date.day == 1 && previous.day == CivilDate.length(ofMonth: previous.month, year: previous.year)
                    && (date.month == previous.month + 1 && date.year == previous.year
                        || date.month == 1 && previous.month == 12 && date.year == previous.year + 1)
            guard isNext, date.weekday == (previous.weekday + 1) % 7 else {
                Issue.record("\(date) after \(previous)")
                return
            }
            previous = date
        }
    }
}
