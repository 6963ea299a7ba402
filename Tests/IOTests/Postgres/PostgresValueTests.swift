import FoundationEssentials
import IO
import JSON
import Testing

@Suite("Values of PostgreSQL", .timeLimit(.minutes(1)))
struct PostgresValueTests {
    @Test("Values come back as they were sent")
    func roundTrip() async throws {
        try await withClient { client in
            let uuid = UUID()
            // A whole number of microseconds, so that nothing is rounded.
            let date = Date(timeIntervalSince1970: 1_700_000_000.125)
            let bytes = (0...255).map { UInt8($0) }
            let rows = try await client.read(
                """
                SELECT $1::boolean AS b, $2::bigint AS i, $3::double precision AS d, $4::text AS t, $5::bytea AS y,
                    $6::uuid AS u, $7::timestamptz AS z, $8::jsonb AS j, $9::text[] AS ta, $10::bigint[] AS ia
                """,
                [
                    true, .integer(.min), 0.1, "Grüße, \u{1F600} \"'\\", .bytes(bytes), .uuid(uuid), .timestamp(date),
                    .json(JSONText(["a": [1, nil]])), .textArray(["", "a,b", "NULL", "\"\\{}", " "]),
                    .integerArray([.min, 0, .max]),
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
            #expect(try row.decode("ta", as: [String].self) == ["", "a,b", "NULL", "\"\\{}", " "])
            #expect(try row.decode("ia", as: [Int64].self) == [.min, 0, .max])
        }
    }
}
