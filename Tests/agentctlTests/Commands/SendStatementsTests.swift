import TestSupport
import Testing

@Suite struct SendStatementsTests {
    /// The statements that follow each other are what a message costs in round trips.
    @Test func aMessageTakesEightStatements() async throws {
        let settings = ["pg_stat_statements.track": "top", "shared_preload_libraries": "pg_stat_statements"]
        try await withCluster(settings: settings) { cluster in
            try await cluster.query("CREATE DATABASE statements TEMPLATE template0", database: "postgres")
            let url = cluster.url(database: "statements")
            #expect(try await agentctl("init-db", "--seed", url: url).status == 0)
            try await cluster.query(
                "CREATE EXTENSION pg_stat_statements",
                "SELECT pg_stat_statements_reset()",
                database: "statements"
            )
            let sent = try await agentctl("send", "-c", "1", "What is 15% of 2847?", url: url)
            #expect(sent.output == "It is 427.05.\n", "\(sent.errors)")
            let statements = try await psql(
                url,
                """
                SELECT s.calls, regexp_replace(s.query, '\\s+', ' ', 'g') FROM pg_stat_statements AS s
                WHERE s.dbid = (SELECT d.oid FROM pg_database AS d WHERE d.datname = current_database())
                  AND s.query NOT LIKE '%pg_stat_statements%'
                  -- One for each connection.
                  AND s.query NOT LIKE 'SET default_transaction_isolation%'
                """
            )
            let lines = statements.split(separator: "\n")
            let calls = lines.compactMap { Int($0.prefix { $0.isNumber }) }.reduce(0, +)
            // One at the start of a program, however many messages it sends.
            let lookups = lines.filter { $0.contains("agentctl.migration") }.compactMap {
                Int($0.prefix { $0.isNumber })
            }
            #expect(lookups == [1], "\(statements)")
            #expect(calls - 1 <= 8 && calls - 1 > 5, "\(statements)")
        }
    }

    /// Nothing is asked for that is known to be new, and a message behind a turn that waits is still answered at once.
    @Test func aMessageBehindAWaitingTurnReportsWhatWaits() async throws {
        try await withDatabase(template: .seeded) { url in
            try await withTemporaryDirectory { workspace in
                let arguments = ["send", "-c", "1", "--agent", "workspace", "--workspace", workspace]
                let first = try await AgentctlProcess(
                    arguments + ["run touch x"],
                    environment: ["DATABASE_URL": url]
                ).result()
                #expect(first.errors.contains("turn 1/1 waits"), "\(first.errors)")
                let second = try await AgentctlProcess(arguments + ["list ."], environment: ["DATABASE_URL": url])
                    .result()
                #expect(second.errors.contains("turn 1/1 waits"), "\(second.errors)")
            }
        }
    }
}
