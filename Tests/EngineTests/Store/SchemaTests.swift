import Engine
import Postgres
import TestSupport
import Testing

import class FoundationEssentials.FileManager

@Suite struct SchemaTests {
    @Test func everyTypeHasAComment() async throws {
        try await withBench { bench in
            let missing = try await bench.texts(
                """
                SELECT t.typname::text AS text FROM pg_type AS t
                JOIN pg_namespace AS n ON n.oid = t.typnamespace AND n.nspname LIKE 'agentctl%'
                LEFT JOIN pg_class AS c ON c.oid = t.typrelid
                WHERE t.typtype IN ('e', 'd', 'r', 'c') AND coalesce(c.relkind, 'c') = 'c'
                  AND obj_description(t.oid, 'pg_type') IS NULL
                """
            )
            #expect(missing == [])
        }
    }

    /// Fields of a document that no statement reads would be kept for nothing.
    @Test func everyColumnIsNamedSomewhere() async throws {
        var text = ""
        for folder in ["migrations/routines", "migrations/views", "Sources/Store/Migrations"] {
            let place = "\(URLPath.packageRoot)/\(folder)"
            for name in try FileManager.default.contentsOfDirectory(atPath: place) {
                let file = try #require(FileManager.default.contents(atPath: "\(place)/\(name)"))
                text += String(decoding: file, as: UTF8.self)
            }
        }
        let words = Set(text.split { !($0.isLetter || $0.isNumber || $0 == "_") }.map(String.init))
        try await withBench { bench in
            let columns = try await bench.texts(
                """
                SELECT c.relname || '.' || a.attname AS text FROM pg_class AS c
                JOIN pg_namespace AS n ON n.oid = c.relnamespace AND n.nspname LIKE 'agentctl%'
                JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
                WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND a.attname <> 'only_row'
                """
            )
            let unread = columns.filter { column in !words.contains(String(column.split(separator: ".")[1])) }
            #expect(unread == [])
        }
    }

    @Test func everyTableViewColumnAndFunctionHasAComment() async throws {
        try await withBench { bench in
            let missing = try await bench.texts(
                """
                SELECT c.relname || coalesce('.' || a.attname, '') AS text
                FROM pg_class AS c
                JOIN pg_namespace AS n ON n.oid = c.relnamespace AND n.nspname LIKE 'agentctl%'
                LEFT JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
                WHERE c.relkind IN ('r', 'p', 'v') AND NOT c.relispartition
                  AND (col_description(c.oid, a.attnum) IS NULL OR obj_description(c.oid, 'pg_class') IS NULL)
                UNION ALL
                SELECT p.proname || '()' FROM pg_proc AS p
                JOIN pg_namespace AS n ON n.oid = p.pronamespace AND n.nspname LIKE 'agentctl%'
                WHERE obj_description(p.oid, 'pg_proc') IS NULL
                """
            )
            #expect(missing == [])
        }
    }

    @Test func nothingIsOpenToPublic() async throws {
        try await withBench { bench in
            let open = try await bench.texts(
                """
                SELECT p.proname::text AS text FROM pg_proc AS p
                JOIN pg_namespace AS n ON n.oid = p.pronamespace AND n.nspname LIKE 'agentctl%'
                WHERE has_function_privilege('public', p.oid, 'EXECUTE')
                UNION ALL
                SELECT c.relname FROM pg_class AS c
                JOIN pg_namespace AS n ON n.oid = c.relnamespace AND n.nspname LIKE 'agentctl%'
                WHERE c.relkind IN ('r', 'p', 'v') AND has_table_privilege('public', c.oid, 'SELECT')
                """
            )
            #expect(open == [])
        }
    }

    @Test func everyFunctionThatRunsAsItsOwnerFixesItsSearchPath() async throws {
        try await withBench { bench in
            let loose = try await bench.texts(
                """
                SELECT p.proname::text AS text FROM pg_proc AS p
                JOIN pg_namespace AS n ON n.oid = p.pronamespace AND n.nspname = 'agentctl'
                WHERE NOT coalesce(p.proconfig::text LIKE '%search_path=agentctl, pg_temp%', false)
                """
            )
            #expect(loose == [])
        }
    }

    /// The old default of servers, which some databases still have.
    @Test func aSessionWhoseBackslashesEscapeRegistersAndRoutesAsOthersDo() async throws {
        try await withBench { bench in
            let calls = [
                #"SELECT agentctl.check_documents('[{"kind": "model", "name": "m", "provider": "rules", "rules": []}]')"#,
                """
                SELECT array_agg(t::text ORDER BY t::text)
                FROM agentctl.route_terms('{"name": "findTodo", "description": "x"}', 'english') AS t
                """,
            ]
            var answers: [[String]] = []
            // A routine keeps what it was first read as for as long as its session lasts.
            for mode in ["on", "off"] {
                let client = PostgresClient(try PostgresConfiguration(url: bench.url), logger: .silent)
                answers.append(
                    try await client.withConnection { connection in
                        try await connection.executeScript("SET standard_conforming_strings = \(mode)")
                        var texts: [String] = []
                        for call in calls {
                            let rows = try await connection.query(PostgresStatement("SELECT (\(call))::text AS text"))
                            texts += try rows.map { try $0.decode("text", as: String.self) }
                        }
                        return texts
                    }
                )
                await client.shutdown()
            }
            #expect(answers[0] == answers[1] && answers[0].count == calls.count)
        }
    }

    @Test func partitionsReachThreeMonthsAhead() async throws {
        try await withBench { bench in
            let last = try await bench.text(
                """
                SELECT max(c.relname)::text AS text FROM pg_class AS c
                WHERE c.relispartition AND c.relname LIKE 'turn_2%' AND c.relkind = 'r'
                """
            )
            let expected = try await bench.text(
                "SELECT to_char((now() AT TIME ZONE 'UTC') + interval '3 months', '\"turn_\"YYYY_MM') AS text"
            )
            #expect(last == expected)
            #expect(try await bench.text("SELECT agentctl.create_partitions()::text AS text") == "0")
            #expect(try await bench.text("SELECT agentctl.create_partitions(4)::text AS text") == "7")
        }
    }

    @Test func theDocumentationNamesEveryFieldOfADocument() async throws {
        let text = try ["documents", "chains", "schedules"].map { name in
            let path = "\(URLPath.packageRoot)/docs/\(name).md"
            return String(decoding: try #require(FileManager.default.contents(atPath: path)), as: UTF8.self)
        }.joined()
        try await withBench { bench in
            let fields = try await bench.texts(
                "SELECT format('| `%s` | %s', path, type) AS text FROM agentctl.document_field WHERE path <> 'kind'"
            )
            #expect(fields.filter { !text.contains($0) } == [])
        }
    }
}
