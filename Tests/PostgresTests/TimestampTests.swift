import Testing

@testable import Postgres

struct TimestampTests {
    private func text(_ seconds: Double) -> String? {
        guard let timestamp = Timestamp(secondsSince1970: seconds) else { return nil }
        var bytes: [UInt8] = []
        timestamp.append(to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test(arguments: [
        (0.0, "1970-01-01 00:00:00.000000+00"), (-0.000001, "1969-12-31 23:59:59.999999+00"),
        (951_782_399.5, "2000-02-28 23:59:59.500000+00"), (951_782_400, "2000-02-29 00:00:00.000000+00"),
        (4_107_542_399, "2100-02-28 23:59:59.000000+00"), (4_107_542_400, "2100-03-01 00:00:00.000000+00"),
        (253_402_300_800, "10000-01-01 00:00:00.000000+00"), (-62_167_219_200, "0001-01-01 00:00:00.000000+00 BC"),
        (-62_135_596_800, "0001-01-01 00:00:00.000000+00"),
    ]
    )
    func written(seconds: Double, expected: String) {
        #expect(text(seconds) == expected)
        #expect(Timestamp(parsing: expected.utf8) == Timestamp(secondsSince1970: seconds))
    }

    @Test(arguments: [Double.nan, .infinity, 1e300, -210_866_803_201])
    func whatPostgreSQLCannotHold(seconds: Double) {
        #expect(text(seconds) == nil)
    }

    @Test(arguments: [
        ("2024-01-01 12:00:00+02", 1_704_103_200.0), ("2024-01-01 12:00:00.5-03:30", 1_704_123_000.5),
        ("2024-01-01 12:00:00.123456", 1_704_110_400.123456), ("2024-01-01", 1_704_067_200),
        ("1892-01-01 00:00:00+00:19:32", -2_461_450_772),
        ("2024-01-01 12:00:00.1234567891+00", 1_704_110_400.123456),
    ]
    )
    func read(text: String, seconds: Double) {
        #expect(Timestamp(parsing: text.utf8)?.secondsSince1970 == seconds)
    }

    @Test(arguments: [
        "", "infinity", "-infinity", "now", "2024", "2024-13-01", "2024-00-01", "2024-01-32", "2024-01-01T00:00:00",
        "2024-01-01 12", "2024-01-01 12:00:00+", "2024-01-01 12:00:00+00 AD", "294276-12-31 00:00:00+00",
        "999999999-01-01", "2024-01-01 12:00:00 B", "31.12.2024 00:00:00 UTC",
    ]
    )
    func notRead(text: String) {
        #expect(Timestamp(parsing: text.utf8) == nil)
    }
}
