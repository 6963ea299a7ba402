import TestSupport
import Testing

@testable import Postgres

/// Behind a real PgBouncer in transaction mode.
@Suite(.enabled(if: TemporaryPgBouncer.isInstalled), .timeLimit(.minutes(5)))
struct PostgresPoolerTests {
    /// Two connections of a client share one of the server, statement by statement.
    @Test func statementsGoWithoutNamesOnceAPoolerIsSeen() async throws {
        try await withDatabase { url in
            try await withPgBouncer(poolSize: 1) { pooler in
                try await withClient(url: pooler.url(url)) { client in
                    for number in 1...20 {
                        for pair in [("SELECT $1::int AS n", 0), ("SELECT $1::int + 1 AS n", 1)] {
                            let statement = PostgresStatement(pair.0)
                            let rows = try await client.query(statement, [.optional(number)])
                            let shared = try await client.read(statement, [.optional(number)])
                            #expect(try rows[0].decode("n", as: Int.self) == number + pair.1)
                            #expect(try shared[0].decode("n", as: Int.self) == number + pair.1)
                        }
                    }
                    #expect(client.isPooled)
                    let prepared = try await client.query("SELECT (count(*) > 0)::int AS n FROM pg_prepared_statements")
                    #expect(try prepared[0].decode("n", as: Int.self) == 0)
                }
            }
        }
    }

    @Test func aTransactionStaysOnOneProcessAndIsUndoneWhole() async throws {
        try await withDatabase { url in
            try await withPgBouncer { pooler in
                try await withClient(url: pooler.url(url)) { client in
                    try await client.query("CREATE TABLE t (n int)")
                    try await withThrowingTaskGroup(of: Void.self) { group in
                        for number in 0..<30 {
                            group.addTask {
                                _ = try? await client.withTransaction { connection in
                                    for _ in 0..<3 {
                                        try await connection.query("INSERT INTO t VALUES ($1)", [.optional(number)])
                                    }
                                    if number % 2 == 0 { throw Undo() }
                                }
                            }
                        }
                        try await group.waitForAll()
                    }
                    let rows = try await client.query(
                        "SELECT count(*)::int AS n, count(*) FILTER (WHERE n % 2 = 0)::int AS even FROM t"
                    )
                    #expect(try rows[0].decode("n", as: Int.self) == 45)
                    #expect(try rows[0].decode("even", as: Int.self) == 0)
                }
            }
        }
    }

    private struct Undo: Error {}

    /// As if a made-up number had passed for a process: a name never means another connection's statement.
    @Test func aPoolerThatIsNotNoticedNeverAnswersAnotherStatement() async throws {
        try await withDatabase { url in
            try await withPgBouncer(poolSize: 3) { pooler in
                try await withClient(url: pooler.url(url)) {
                    $0.isPooled = false
                } _: { client in
                    try await withThrowingTaskGroup(of: Void.self) { group in
                        for task in 0..<6 {
                            group.addTask {
                                for number in 0..<60 {
                                    let kind = (number + task) % 5
                                    let rows = try await client.query(
                                        PostgresStatement("SELECT \(kind) AS kind, $1::int AS n"),
                                        [.optional(number)]
                                    )
                                    #expect(try rows[0].decode("kind", as: Int.self) == kind)
                                    #expect(try rows[0].decode("n", as: Int.self) == number)
                                }
                            }
                        }
                        try await group.waitForAll()
                    }
                }
            }
        }
    }

    @Test func aPlainServerIsNoPooler() async throws {
        try await withCluster { cluster in
            try await withClient(url: cluster.url()) { client in
                for _ in 0..<3 { _ = try await client.query("SELECT 1") }
                #expect(!client.isPooled)
                let rows = try await client.query("SELECT (count(*) > 0)::int AS n FROM pg_prepared_statements")
                #expect(try rows[0].decode("n", as: Int.self) == 1)
            }
        }
    }

    @Test(arguments: [nil, true]) func whoListensIsNotifiedPastThePooler(_ isPooled: Bool?) async throws {
        try await withDatabase { url in
            try await withPgBouncer { pooler in
                try await withClient(url: pooler.url(url)) {
                    $0.isPooled = isPooled
                    try? $0.setDirect(url: url)
                } _: { client in
                    var events = client.listen(to: ["work"]).makeAsyncIterator()
                    #expect(await events.next(isolation: nil) == .connected)
                    try await client.query("SELECT pg_notify('work', 'x')")
                    #expect(await events.next(isolation: nil) == .notification(channel: "work", payload: "x"))
                }
            }
        }
    }

    /// A LISTEN through the pooler would stay with a process that others use.
    @Test func withoutAWayPastThePoolerNobodyListens() async throws {
        try await withDatabase { url in
            try await withPgBouncer { pooler in
                try await withClient(url: pooler.url(url)) { client in
                    let listening = Task {
                        for await _ in client.listen(to: ["work"]) { return true }; return false
                    }
                    for _ in 0..<20 { try await client.query("SELECT pg_notify('work', 'x')") }
                    let rows = try await client.query(
                        """
                        SELECT count(*)::int AS n FROM pg_stat_activity
                        WHERE query LIKE 'LISTEN%' AND datname = current_database()
                        """
                    )
                    #expect(try rows[0].decode("n", as: Int.self) == 0)
                    listening.cancel()
                    #expect(await listening.value == false)
                }
            }
        }
    }

    @Test func theURLSaysWhatToAssume() async throws {
        let target = "postgresql://me@db.example/agents"
        #expect(try PostgresConfiguration(url: target).isPooled == nil)
        let pooled = try PostgresConfiguration(url: "\(target)?sslmode=require&pgbouncer=true&connect_timeout=3")
        #expect(pooled.isPooled == true && pooled.connectTimeout == .seconds(3))
        #expect(pooled.connectionString.contains("sslmode='require'"))
        #expect(try PostgresConfiguration(url: "\(target)?pgbouncer=false").isPooled == false)
        let error = await postgresError { try PostgresConfiguration(url: "\(target)?pgbouncer=perhaps") }
        #expect(error?.message == "the parameter pgbouncer is true or false")
        let direct = try PostgresConfiguration(environment: ["DATABASE_URL": target, "DIRECT_URL": "host=elsewhere"])
        #expect(direct.direct?.description == "host=elsewhere")
        #expect(try PostgresConfiguration(environment: ["DATABASE_URL": target]).direct == nil)
    }
}
