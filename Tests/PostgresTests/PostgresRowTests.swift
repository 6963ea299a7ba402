import FoundationEssentials
import JSON
import Postgres
import Testing

@Suite(.timeLimit(.minutes(5)))
struct PostgresRowTests {
    private enum Color: String, PostgresDecodable { case red, green }

    @Test func aResultIsACollectionOfRows() async throws {
        try await withClient { client in
            let rows = try await client.read("SELECT n, n::text AS t FROM generate_series(1, 3) AS n")
            #expect(try rows.map { try $0.decode("n", as: Int.self) } == [1, 2, 3])
            #expect(try rows.last?.decode("t", as: String.self) == "3")
            #expect(rows.columns.map(\.name) == ["n", "t"])
            #expect(rows.columns.map(\.typeName) == ["integer", "text"])
            #expect(rows.affectedRows == 3)
            let none = try await client.read("SELECT 1 AS one WHERE false")
            #expect(none.isEmpty)
            #expect(none.columns.map(\.name) == ["one"])
        }
    }

    @Test func theNumberOfRowsAStatementTouched() async throws {
        try await withClient { client in
            let created = try await client.query("CREATE TABLE t AS SELECT generate_series(1, 5) AS n")
            let updated = try await client.query("UPDATE t SET n = n + 1 WHERE n > 2")
            let deleted = try await client.query("DELETE FROM t WHERE n = 100")
            #expect([created, updated, deleted].map(\.affectedRows) == [5, 3, 0])
        }
    }

    @Test func anEnumerationIsReadByItsRawValue() async throws {
        try await withClient { client in
            let rows = try await client.read("SELECT 'green' AS c, 'blue' AS d")
            #expect(try rows[0].decode("c", as: Color.self) == .green)
            let error = await postgresError { try rows[0].decode("d", as: Color.self) }
            #expect(error?.message == "column \"d\" (text) as Color: the value is none of this type")
        }
    }

    @Test func aSumWhichIsNumericIsAnIntegerAsLongAsItFits() async throws {
        try await withClient { client in
            let rows = try await client.read(
                "SELECT 9223372036854775807::numeric AS a, 1.5::numeric AS b, 3e9::bigint AS c"
            )
            #expect(try rows[0].decode("a", as: Int64.self) == .max)
            #expect(try rows[0].decode("c", as: Int.self) == 3_000_000_000)
            let fraction = await postgresError { try rows[0].decode("b", as: Int.self) }
            #expect(fraction?.message == "column \"b\" (numeric) as Int: the value cannot be read as that")
            let overflow = await postgresError { try rows[0].decode("c", as: Int32.self) }
            #expect(overflow?.message == "column \"c\" (bigint) as Int32: the value cannot be read as that")
        }
    }

    @Test func errorsNameTheColumnAndBothTypes() async throws {
        try await withClient { client in
            let rows = try await client.read(
                "SELECT 'x' AS t, NULL::int AS n, ARRAY['a', NULL] AS a, 'infinity'::timestamptz AS z, '{{1}}'::int[] AS m"
            )
            let row = try #require(rows.first)
            let messages = await [
                postgresError { try row.decode("t", as: Int.self) },
                postgresError { try row.decode("n", as: Int.self) },
                postgresError { try row.decode("a", as: [String].self) },
                postgresError { try row.decode("z", as: Date.self) },
                postgresError { try row.decode("m", as: [Int].self) },
                postgresError { try row.decode("t", as: JSONValue.self) },
                postgresError { try row.decode("nothing", as: Int.self) },
                postgresError { try row.decode(at: 5, as: Int.self) },
            ].map { $0?.description }
            #expect(
                messages == [
                    "decoding: column \"t\" (text) as Int: a value of this type cannot be read as that",
                    "decoding: column \"n\" (integer) as Int: the value is NULL",
                    "decoding: column \"a\" (text[]) as Array<String>: an element is NULL",
                    "decoding: column \"z\" (timestamptz) as Date: the value cannot be read as that",
                    "decoding: column \"m\" (integer[]) as Array<Int>: the value cannot be read as that",
                    "decoding: column \"t\" (text) as JSONValue: the value cannot be read as that",
                    "decoding: no column \"nothing\" among \"t\", \"n\", \"a\", \"z\", \"m\"",
                    "decoding: no column at 5 among 5",
                ]
            )
        }
    }

    @Test func typesThatOnlyTheServerKnowsAreReadInTheirTextForm() async throws {
        try await withClient { client in
            try await client.query("CREATE TYPE mood AS ENUM ('good', 'bad')")
            let rows = try await client.read(
                "SELECT 'bad'::mood AS m, ARRAY['good', 'bad']::mood[] AS ms, interval '1 day' AS i, '10.0.0.1'::inet AS a"
            )
            #expect(try rows[0].decode("m", as: String.self) == "bad")
            #expect(try rows[0].decode("ms", as: [String].self) == ["good", "bad"])
            #expect(try rows[0].decode("i", as: String.self) == "1 day")
            #expect(try rows[0].decode("a", as: String.self) == "10.0.0.1")
            #expect(rows.columns[2].typeName == "interval")
        }
    }
}
