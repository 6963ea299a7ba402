import Postgres
import TestSupport

@testable import Engine
@testable import Store

extension Bench {
    /// The contents of what is recalled, best first; the arguments as SQL has them.
    func recalled(_ arguments: String) async throws -> [String] {
        try await texts(
            PostgresStatement(
                "SELECT content AS text FROM agentctl.recall_memories(\(arguments)) ORDER BY score DESC, id DESC"
            )
        )
    }

    /// Remembers; the arguments as SQL has them.
    @discardableResult
    func remembered(_ arguments: String) async throws -> Int64? {
        try await text(
            PostgresStatement("SELECT coalesce(agentctl.remember(\(arguments))::text, '') AS text")
        ).flatMap { Int64($0) }
    }

    /// The SQLSTATE that a statement ends with; nil when it succeeds.
    func sqlState(of sql: String) async throws -> String? {
        do throws(PostgresError) { _ = try await client.query(PostgresStatement(sql)) } catch { return error.sqlState }
        return nil
    }

    /// How the server would run a statement, tables of few rows not scanned.
    func plan(_ statement: String) async throws -> String {
        try await client.withConnection { connection in
            try await connection.executeScript("SET enable_seqscan = off")
            return try await connection.query(PostgresStatement("EXPLAIN \(statement)")).map {
                try $0.decode("QUERY PLAN", as: String.self)
            }.joined(separator: "\n")
        }
    }

    /// Every row of every table as text, with what holds the word: `table: row`.
    func rows(holding word: String) async throws -> [String] {
        let tables = try await texts(
            """
            SELECT c.oid::regclass::text AS text FROM pg_class AS c
            WHERE c.relnamespace = 'agentctl'::regnamespace AND c.relkind = 'r'
            """
        )
        var found: [String] = []
        for table in tables {
            found += try await texts(
                PostgresStatement(
                    "SELECT '\(table): ' || left(t::text, 300) AS text FROM \(table) AS t WHERE t::text LIKE $1"
                ),
                [.text("%\(word)%")]
            )
        }
        return found
    }
}
