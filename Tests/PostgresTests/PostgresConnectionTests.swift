import Testing

@testable import Postgres

@Suite(.timeLimit(.minutes(5)))
struct PostgresConnectionTests {
    // MARK: Prepared statements

    @Test func aStatementIsPreparedOnceOnAConnectionAndTheOldestGoesWhenThereAreTooMany() async throws {
        try await withClient {
            $0.maximumPreparedStatements = 3
        } _: { client in
            try await client.withConnection { connection in
                let list: PostgresStatement = """
                    SELECT statement FROM pg_prepared_statements WHERE statement LIKE 'SELECT _' ORDER BY 1
                    """
                for statement: PostgresStatement in ["SELECT 1", "SELECT 2", "SELECT 1", "SELECT 1"] {
                    try await connection.query(statement)
                }
                #expect(try await texts(connection.query(list)) == ["SELECT 1", "SELECT 2"])
                for statement: PostgresStatement in ["SELECT 1", "SELECT 3"] { try await connection.query(statement) }
                #expect(try await texts(connection.query(list)) == ["SELECT 1", "SELECT 3"])
            }
        }
    }

    @Test func nothingIsPreparedWhenThatIsSwitchedOff() async throws {
        try await withClient {
            $0.preparedStatements = false
        } _: { client in
            try await client.withConnection { connection in
                for _ in 0..<2 { try await connection.query("SELECT $1::int", [1]) }
                let names = try await connection.query("SELECT name FROM pg_prepared_statements")
                #expect(try texts(names) == [])
            }
        }
    }

    @Test func aStatementThatTheServerRefusedCanBeRepairedAndUsedAgain() async throws {
        try await withClient { client in
            try await client.withConnection { connection in
                let count: PostgresStatement = "SELECT count(*) AS n FROM later"
                let error = await postgresError { try await connection.query(count) }
                #expect(error?.sqlState == "42P01")
                try await connection.query("CREATE TABLE later (n int)")
                let rows = try await connection.query(count)
                #expect(try rows[0].decode("n", as: Int.self) == 0)
            }
        }
    }

    @Test func aPreparedStatementSurvivesAMigrationAfterOneErrorAndADISCARDAfterNone() async throws {
        try await withClient { client in
            try await client.withConnection { connection in
                try await connection.query("CREATE TABLE t (a int)")
                let all: PostgresStatement = "SELECT * FROM t"
                try await connection.query(all)
                try await connection.query("ALTER TABLE t ADD b int")
                let changed = await postgresError { try await connection.query(all) }
                #expect(changed?.sqlState == "0A000")
                let columns = try await connection.query(all).columns.map(\.name)
                #expect(columns == ["a", "b"])
                try await connection.executeScript("DEALLOCATE ALL")
                for _ in 0..<2 { try await connection.query(all) }
                let names = try await connection.query("SELECT name FROM pg_prepared_statements")
                #expect(try texts(names) == [])
            }
        }
    }

    // MARK: Several statements at once

    @Test func statementsSentTogetherAreAnsweredInOrderAndAnErrorStaysWithItsOwn() async throws {
        try await withClient { client in
            try await client.withConnection { connection in
                let outcomes = try await withThrowingTaskGroup(of: (Int, String).self) { group in
                    for number in 0..<100 {
                        group.addTask {
                            do throws(PostgresError) {
                                let rows = try await connection.query(
                                    "SELECT 100 / ($1::int % 10) AS q",
                                    [.optional(number)]
                                )
                                return (number, "\(try rows[0].decode("q", as: Int.self))")
                            } catch {
                                return (number, error.sqlState ?? "none")
                            }
                        }
                    }
                    return try await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
                }
                let expected = (0..<100).map { ($0, $0 % 10 == 0 ? "22012" : "\(100 / ($0 % 10))") }
                #expect(outcomes == Dictionary(uniqueKeysWithValues: expected))
            }
        }
    }

    // MARK: Scripts and notices

    @Test func aScriptRunsAsAWholeOrNotAtAll() async throws {
        try await withClient { client in
            try await client.withConnection { connection in
                try await connection.executeScript("CREATE TABLE a (n int); INSERT INTO a VALUES (1), (2);")
                let error = await postgresError {
                    try await connection.executeScript("INSERT INTO a VALUES (3); SELECT 1/0; INSERT INTO a VALUES (4)")
                }
                #expect(error?.sqlState == "22012")
                let rows = try await connection.query("SELECT n::text FROM a ORDER BY 1")
                #expect(try texts(rows) == ["1", "2"])
                try await connection.executeScript("")
            }
        }
    }

    @Test func statementsThatMustBeAloneAre() async throws {
        try await withClient {
            $0.maximumPreparedStatements = 1
        } _: { client in
            try await client.query("SELECT 1")
            try await client.query("VACUUM pg_class")
            try await client.query("CREATE TABLE t (n int)")
            try await client.query("CREATE INDEX CONCURRENTLY ON t (n)")
        }
    }

    @Test func noticesGoToTheHandlers() async throws {
        let (stream, notices) = AsyncStream<PostgresNotice>.makeStream()
        try await withClient {
            $0.noticeHandler = { notices.yield($0) }
        } _: { client in
            try await client.withConnection { connection in
                connection.setNoticeHandler { notices.yield($0) }
                try await connection.executeScript("DO $$ BEGIN RAISE WARNING 'mind the gap'; END $$")
            }
            try await client.withConnection { connection in
                try await connection.executeScript("DO $$ BEGIN RAISE NOTICE 'next'; END $$")
            }
        }
        notices.finish()
        let warning = PostgresNotice(severity: "WARNING", sqlState: "01000", message: "mind the gap")
        let notice = PostgresNotice(severity: "NOTICE", sqlState: "00000", message: "next")
        var received: [PostgresNotice] = []
        for await notice in stream { received.append(notice) }
        #expect(received == [warning, warning, notice])
    }

    @Test(arguments: ["COPY t FROM STDIN", "COPY t TO STDOUT"]
    )
    func copyFromAndToTheClientEndsTheConnectionAndNothingElse(sql: String) async throws {
        try await withClient { client in
            try await client.query("CREATE TABLE t AS SELECT 1 AS n")
            let error = await postgresError { try await client.query(PostgresStatement(sql)) }
            #expect(error?.code == .protocolViolation)
            let script = await postgresError { try await client.withConnection { try await $0.executeScript(sql) } }
            #expect(script?.code == .protocolViolation)
            let rows = try await client.query("SELECT count(*) AS n FROM t")
            #expect(try rows[0].decode("n", as: Int.self) == 1)
        }
    }

    // MARK: Errors

    @Test func anErrorSaysWhatTheServerSaysItsDescriptionWithholdsData() async throws {
        try await withClient { client in
            try await client.query("CREATE TABLE t (name text CONSTRAINT name_key UNIQUE)")
            try await client.query("INSERT INTO t VALUES ($1)", ["secret"])
            let error = try #require(
                await postgresError { try await client.query("INSERT INTO t VALUES ($1)", ["secret"]) }
            )
            #expect(error.code == .server)
            #expect(error.sqlState == "23505")
            #expect(error.constraint == "name_key")
            #expect(error.table == "t")
            #expect(error.detail == "Key (name)=(secret) already exists.")
            #expect(
                error.description == """
                    server 23505: duplicate key value violates unique constraint "name_key" (constraint name_key)
                    """
            )
            #expect(error.debugDescription.contains("statement: INSERT INTO t VALUES ($1)"))
            let data = try #require(await postgresError { try await client.read("SELECT $1::text::int", ["secret"]) })
            #expect(data.description == "server 22P02: message withheld, it may quote data")
            #expect(data.message == "invalid input syntax for type integer: \"secret\"")
            let syntax = try #require(await postgresError { try await client.read("SELEKT 1") })
            #expect(syntax.position == 1)
        }
    }

    private func texts(_ rows: PostgresRows) throws -> [String] {
        try rows.map { try $0.decode(at: 0, as: String.self) }
    }
}
