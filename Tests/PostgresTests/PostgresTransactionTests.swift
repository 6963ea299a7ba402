import Postgres
import Testing

@Suite(.timeLimit(.minutes(5)))
struct PostgresTransactionTests {
    private struct Refusal: Error, Equatable {}

    private func withTable<Result>(
        _ body: (PostgresClient) async throws -> Result
    ) async throws -> Result {
        try await withClient { client in
            try await client.query("CREATE TABLE t (n int)")
            return try await body(client)
        }
    }

    /// Expects the table to hold just these.
    private func expectNumbers(
        _ expected: [Int],
        _ client: PostgresClient,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        let rows = try await client.query("SELECT n FROM t ORDER BY n")
        #expect(try rows.map { try $0.decode("n", as: Int.self) } == expected, sourceLocation: sourceLocation)
    }

    @Test func committedWhenTheBodyReturns() async throws {
        try await withTable { client in
            let result = try await client.withTransaction { connection in
                try await connection.query("INSERT INTO t VALUES ($1)", [1])
                try await expectNumbers([], client)
                return "done"
            }
            #expect(result == "done")
            try await expectNumbers([1], client)
        }
    }

    @Test func rolledBackWhenTheBodyThrowsAndItsErrorIsPassedOn() async throws {
        try await withTable { client in
            await #expect(throws: Refusal()) {
                try await client.withTransaction { connection in
                    try await connection.query("INSERT INTO t VALUES (1)")
                    throw Refusal()
                }
            }
            try await expectNumbers([], client)
        }
    }

    @Test func rolledBackWhenTheTaskIsCancelled() async throws {
        try await withTable { client in
            let (started, signal) = AsyncStream<Void>.makeStream()
            let task = Task {
                try await client.withTransaction { connection in
                    try await connection.query("INSERT INTO t VALUES (1)")
                    signal.finish()
                    try await connection.query("SELECT pg_sleep(60)")
                }
            }
            for await _ in started {}
            task.cancel()
            #expect(await postgresError { try await task.value }?.code == .cancelled)
            try await expectNumbers([], client)
            try await expectNoTransactions(client)
        }
    }

    @Test func aBodyThatIgnoresTheCancellationIsNotCommittedEither() async throws {
        try await withTable { client in
            let task = Task {
                try await client.withTransaction { connection in
                    try await connection.query("INSERT INTO t VALUES (1)")
                    withUnsafeCurrentTask { $0?.cancel() }
                }
            }
            #expect(await postgresError { try await task.value }?.code == .cancelled)
            try await expectNumbers([], client)
        }
    }

    @Test func anErrorThatTheBodyIgnoresIsReportedAtTheEnd() async throws {
        try await withTable { client in
            let error = await postgresError {
                try await client.withTransaction { connection in
                    try await connection.query("INSERT INTO t VALUES (1)")
                    _ = try? await connection.query("SELECT 1/0")
                }
            }
            #expect(error?.code == .rolledBack)
            try await expectNumbers([], client)
        }
    }

    @Test func aConstraintThatFailsAtTheCommitIsAnErrorOfTheServers() async throws {
        try await withClient { client in
            try await client.query("CREATE TABLE t (n int UNIQUE DEFERRABLE INITIALLY DEFERRED)")
            let error = await postgresError {
                try await client.withTransaction { connection in
                    try await connection.query("INSERT INTO t VALUES (1), (1)")
                }
            }
            #expect(error?.code == .server)
            #expect(error?.sqlState == "23505")
            try await expectNumbers([], client)
        }
    }

    @Test func aConnectionThatBreaksDuringTheCommitLeavesItsOutcomeOpen() async throws {
        try await withTable { client in
            try await client.withConnection { connection in
                try await connection.executeScript(
                    """
                    CREATE FUNCTION die() RETURNS trigger LANGUAGE plpgsql AS
                        $$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); PERFORM pg_sleep(1); RETURN NULL; END $$;
                    CREATE CONSTRAINT TRIGGER die AFTER INSERT ON t DEFERRABLE INITIALLY DEFERRED
                        FOR EACH ROW EXECUTE FUNCTION die();
                    """
                )
            }
            let error = await postgresError {
                try await client.withTransaction { connection in
                    try await connection.query("INSERT INTO t VALUES (1)")
                }
            }
            #expect(error?.code == .commitUnknown)
            #expect(error?.sqlState == "57P01")
            try await expectNumbers([], client)
        }
    }

    @Test func aConnectionThatBrokeBeforeTheCommitSaysThatNothingWasCommitted() async throws {
        try await withTable { client in
            let error = await postgresError {
                try await client.withTransaction { connection in
                    try await connection.query("INSERT INTO t VALUES (1)")
                    _ = try? await connection.query("SELECT pg_terminate_backend(pg_backend_pid())")
                }
            }
            #expect(error?.code == .connectionLost)
            try await expectNumbers([], client)
        }
    }

    @Test func aTransactionThatIsLeftOpenDoesNotMeetTheNextOne() async throws {
        try await withTable { client in
            try await client.withConnection { connection in
                try await connection.query("BEGIN")
                try await connection.query("INSERT INTO t VALUES (1)")
            }
            try await expectNumbers([], client)
            try await client.query("BEGIN")
            try await client.query("INSERT INTO t VALUES (2)")
            try await expectNumbers([2], client)
            try await expectNoTransactions(client)
        }
    }

    @Test func manyTransactionsOnFewConnections() async throws {
        try await withTable { client in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<100 {
                    group.addTask {
                        _ = try await client.withTransaction { connection in
                            try await connection.query("INSERT INTO t VALUES ($1)", [.optional(number)])
                        }
                    }
                }
                try await group.waitForAll()
            }
            try await expectNumbers(Array(0..<100), client)
        }
    }

    private func expectNoTransactions(_ client: PostgresClient) async throws {
        try await client.wait(
            for: """
                SELECT count(*) = 0 FROM pg_stat_activity
                WHERE datname = current_database() AND state LIKE 'idle in transaction%'
                """
        )
    }
}
