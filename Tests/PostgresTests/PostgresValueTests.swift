import FoundationEssentials
import JSON
import Postgres
import Testing

@Suite(.timeLimit(.minutes(5)))
struct PostgresValueTests {
    @Test func valuesComeBackAsTheyWereSent() async throws {
        try await withClient { client in
            let uuid = UUID()
            // A whole number of microseconds that a Double holds, so that nothing is rounded.
            let date = Date(timeIntervalSince1970: 1_700_000_000.125)
            let bytes = (0...255).map { UInt8($0) }
            let texts = ["", "a,b", "NULL", "\"\\{}", " "]
            let rows = try await client.read(
                """
                SELECT $1::boolean AS b, $2::bigint AS i, $3::double precision AS d, $4::text AS t, $5::bytea AS y,
                    $6::uuid AS u, $7::timestamptz AS z, $8::jsonb AS j, $9::text[] AS ta, $10::bigint[] AS ia
                """,
                [
                    true, .integer(.min), 0.1, "Grüße, \u{1F600} \"'\\", .bytes(bytes), .uuid(uuid), .timestamp(date),
                    .json(JSONText(["a": [1, nil]])), .textArray(texts), .integerArray([.min, 0, .max]),
                ]
            )
            let row = try #require(rows.first)
            #expect(try row.decode("b", as: Bool.self))
            #expect(try row.decode("i", as: Int64.self) == .min)
            #expect(try row.decode("d", as: Double.self) == 0.1)
            #expect(try row.decode("t", as: String.self) == "Grüße, \u{1F600} \"'\\")
            #expect(try row.decode("y", as: [UInt8].self) == bytes)
            #expect(try row.decode("u", as: UUID.self) == uuid)
            #expect(try row.decode("z", as: Date.self) == date)
            #expect(try row.decode("j", as: JSONValue.self) == ["a": [1, nil]])
            #expect(try row.decode("j", as: JSONText.self).string == #"{"a": [1, null]}"#)
            #expect(try row.decode("ta", as: [String].self) == texts)
            #expect(try row.decode("ia", as: [Int64].self) == [.min, 0, .max])
        }
    }

    @Test func nullIsNilOfAnyTypeAndInAParameterWithoutType() async throws {
        try await withClient { client in
            let rows = try await client.read("SELECT $1::int AS i, $2::text AS t", [nil, .optional(nil as String?)])
            #expect(try rows[0].decode("i", as: Int?.self) == nil)
            #expect(try rows[0].decode("t", as: String?.self) == nil)
            #expect(try rows[0].decode(at: 1, as: JSONValue?.self) == nil)
            let present = try await client.read("SELECT $1::int", [.optional(5)])
            #expect(try present[0].decode(at: 0, as: Int?.self) == 5)
        }
    }

    @Test func aParameterTakesTheTypeOfItsPlace() async throws {
        try await withClient { client in
            try await client.query("CREATE TABLE place (s smallint, n numeric, t timestamptz, u uuid[], j json)")
            let uuid = UUID().uuidString.lowercased()
            try await client.query(
                "INSERT INTO place VALUES ($1, $2, $3, $4, $5)",
                [7, 1.5, "2020-02-29 12:00:00+01", .textArray([uuid]), #"{"b":1,  "a":2}"#]
            )
            let row = try #require(try await client.read("SELECT * FROM place").first)
            #expect(try row.decode("s", as: Int32.self) == 7)
            #expect(try row.decode("n", as: Double.self) == 1.5)
            #expect(try row.decode("n", as: String.self) == "1.5")
            #expect(try row.decode("t", as: Date.self) == Date(timeIntervalSince1970: 1_582_974_000))
            #expect(try row.decode("u", as: [String].self) == [uuid])
            #expect(try row.decode("j", as: String.self) == #"{"b":1,  "a":2}"#)
        }
    }

    @Test(arguments: [Double.infinity, -.infinity, .nan, -0.0, .leastNonzeroMagnitude])
    func numbersThatHaveNoDigits(value: Double) async throws {
        try await withClient { client in
            let rows = try await client.read("SELECT $1::double precision", [.double(value)])
            let decoded = try rows[0].decode(at: 0, as: Double.self)
            #expect(decoded.bitPattern == value.bitPattern || decoded.isNaN && value.isNaN)
        }
    }

    @Test(arguments: [-62_135_596_800.0, -210_866_803_200, -1, 0, 951_782_400, 253_402_300_800, 1_700_000_000.5]
    )
    func pointsInTimeAsTheServerCountsThem(seconds: Double) async throws {
        try await withClient { client in
            try await client.withTransaction { connection in
                try await connection.executeScript("SET LOCAL TimeZone = 'Asia/Kolkata'")
                let date = Date(timeIntervalSince1970: seconds)
                let rows = try await connection.query(
                    "SELECT $1::timestamptz AS z, extract(epoch FROM $1::timestamptz) AS e",
                    [.timestamp(date)]
                )
                #expect(try rows[0].decode("e", as: Double.self) == seconds)
            }
        }
    }

    @Test func datesAreReadUnderAnySettingOfTheRoles() async throws {
        try await withClient { client in
            try await client.withConnection { connection in
                try await connection.executeScript(
                    "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET DateStyle = German', current_database()); END $$"
                )
            }
            try await withClient(url: client.configuration.connectionString) { client in
                let rows = try await client.read(
                    "SELECT timestamptz '2024-12-31 00:00+00' AS z, date '1999-01-02' AS d"
                )
                #expect(try rows[0].decode("z", as: Date.self) == Date(timeIntervalSince1970: 1_735_603_200))
                #expect(try rows[0].decode("d", as: Date.self) == Date(timeIntervalSince1970: 915_235_200))
            }
        }
    }

    @Test func aBackslashIsALetterUnderAnySettingOfTheDatabase() async throws {
        try await withClient { client in
            try await client.withConnection { connection in
                try await connection.executeScript(
                    """
                    DO $$ BEGIN
                        EXECUTE format('ALTER DATABASE %I SET standard_conforming_strings = off', current_database());
                    END $$
                    """
                )
            }
            try await withClient(url: client.configuration.connectionString) { client in
                let rows = try await client.read(#"SELECT '\d' AS d"#)
                #expect(try rows[0].decode("d", as: String.self) == #"\d"#)
            }
        }
    }

    @Test(arguments: [
        PostgresValue.text("a\0b"), .textArray(["\0"]), .timestamp(Date(timeIntervalSince1970: .infinity)),
        .timestamp(Date(timeIntervalSince1970: -1e15)),
    ]
    )
    func whatCannotBeSentIsRefusedBeforeAnythingIsSent(value: PostgresValue) async throws {
        try await withClient { client in
            let error = await postgresError { try await client.read("SELECT $1::text, $2::text", ["x", value]) }
            #expect(error?.code == .invalidParameter)
            #expect(error?.message.hasPrefix("parameter $2 ") == true)
            let rows = try await client.read("SELECT 1")
            #expect(rows.count == 1)
        }
    }

    @Test func tooManyParametersAreRefused() async throws {
        try await withClient { client in
            let values = [PostgresValue](repeating: 1, count: 65_536)
            let error = await postgresError { try await client.query("SELECT 1", values) }
            #expect(error?.message == "65536 parameters; at most 65535 can be sent")
        }
    }

    @Test func aStatementWithNULIsRefusedNotCutOff() async throws {
        try await withClient { client in
            let error = await postgresError { try await client.query("SELECT 1 \0; garbage") }
            #expect(error?.code == .invalidParameter)
            let script = await postgresError {
                try await client.withConnection { try await $0.executeScript("SELECT 1 \0 garbage") }
            }
            #expect(script?.code == .invalidParameter)
        }
    }

    @Test func largeValuesInBothDirections() async throws {
        try await withClient { client in
            let bytes = [UInt8](repeating: 0xA5, count: 3_000_000)
            let rows = try await client.query("SELECT $1::bytea AS y, repeat('x', 5000000) AS t", [.bytes(bytes)])
            #expect(try rows[0].decode("y", as: [UInt8].self) == bytes)
            #expect(try rows[0].decode("t", as: String.self).utf8.count == 5_000_000)
        }
    }
}
