import TestSupport
import Testing

@testable import Postgres

@Suite(.timeLimit(.minutes(5)))
struct PostgresCancellationTests {
    /// Whether a statement is under way that contains `marker`, apart from this one.
    private static let isRunning: PostgresStatement = """
        SELECT count(*) = 1 FROM pg_stat_activity
        WHERE datname = current_database() AND state = 'active' AND query LIKE '%' || $1 || '%' AND pid <> pg_backend_pid()
        """

    @Test func aCancelledStatementStopsOnTheServerAndItsConnectionIsUsedAgain() async throws {
        try await withClient { client in
            try await client.withConnection { connection in
                let task = Task { try await connection.query("SELECT pg_sleep(60) AS marker_a") }
                try await client.wait(for: Self.isRunning, ["marker_a"])
                task.cancel()
                let error = await postgresError { try await task.value }
                #expect(error?.code == .cancelled)
                #expect(error?.sqlState == "57014")
                let backend = connection.backendProcessID
                let rows = try await connection.query("SELECT pg_backend_pid() AS pid")
                #expect(try rows[0].decode("pid", as: Int32.self) == backend)
                let idle = try await client.query(
                    "SELECT state FROM pg_stat_activity WHERE pid = $1",
                    [.optional(backend)]
                )
                #expect(try idle[0].decode("state", as: String.self) == "idle")
            }
        }
    }

    @Test func aPooledConnectionSurvivesACancellation() async throws {
        try await withClient {
            $0.maximumConnections = 1
        } _: { client in
            let before = try await pid(client)
            for round in 0..<20 {
                let marker = "marker_b\(round)"
                let task = Task { try await client.query(PostgresStatement("SELECT pg_sleep(60) AS \(marker)")) }
                try await wait(client, marker)
                task.cancel()
                #expect(await postgresError { try await task.value }?.code == .cancelled)
                #expect(try await pid(client) == before)
            }
        }
    }

    private func pid(_ client: PostgresClient) async throws -> Int {
        try await client.query("SELECT pg_backend_pid() AS pid")[0].decode("pid")
    }

    /// Asks through the shared connections, as the leased one is busy.
    private func wait(_ client: PostgresClient, _ marker: String) async throws {
        try await eventually("a running statement with \(marker)") {
            try await client.read(Self.isRunning, [.text(marker)])[0].decode(at: 0)
        }
    }

    @Test func aTaskThatIsCancelledAlreadySendsNothing() async throws {
        try await withClient { client in
            try await client.query("CREATE TABLE t (n int)")
            let task = Task {
                withUnsafeCurrentTask { $0?.cancel() }
                return try await client.query("INSERT INTO t VALUES (1)")
            }
            #expect(await postgresError { try await task.value }?.code == .cancelled)
            let rows = try await client.query("SELECT count(*) AS n FROM t")
            #expect(try rows[0].decode("n", as: Int.self) == 0)
        }
    }

    @Test func racingCancellationsNeverHitAnothersStatement() async throws {
        try await withClient {
            $0.maximumConnections = 2
            $0.acquireTimeout = .seconds(120)
        } _: { client in
            await withTaskGroup(of: Void.self) { group in
                for number in 0..<200 {
                    group.addTask {
                        let task = Task { try await client.query("SELECT pg_sleep(0.0002)") }
                        if number % 2 == 0 { task.cancel() }
                        let error = await postgresError { try await task.value }
                        #expect(error == nil || number % 2 == 0 && error?.code == .cancelled)
                    }
                }
            }
        }
    }

    @Test func aStatementThatTakesTooLongIsStoppedItsConnectionStays() async throws {
        try await withClient {
            $0.maximumConnections = 1
        } _: { client in
            let before = try await pid(client)
            let error = await postgresError {
                try await client.query("SELECT pg_sleep(60)", timeout: .milliseconds(20))
            }
            #expect(error?.code == .statementTimeout)
            #expect(error?.sqlState == "57014")
            #expect(try await pid(client) == before)
        }
    }

    @Test func theConfiguredTimeoutHoldsForAllStatementsButThoseThatBringTheirOwn() async throws {
        try await withClient {
            $0.statementTimeout = .milliseconds(50)
        } _: { client in
            let error = await postgresError { try await client.query("SELECT pg_sleep(60)") }
            #expect(error?.code == .statementTimeout)
            let shared = await postgresError { try await client.read("SELECT pg_sleep(60)") }
            #expect(shared?.code == .statementTimeout)
            try await client.query("SELECT pg_sleep(0.1)", timeout: .seconds(30))
        }
    }

    @Test func aCancelledReadEndsAtOnceAndDoesNotTouchItsNeighbours() async throws {
        try await withClient {
            $0.pipelinedConnections = 1
        } _: { client in
            let lease = try await client.shared.acquire()
            defer { client.shared.release(lease.id, isReusable: true) }
            let neighbour = Task { try await client.read("SELECT 7 AS n, pg_sleep(1)")[0].decode("n", as: Int.self) }
            try await wait(for: 1, on: lease.connection)
            let cancelled = Task { try await client.read("SELECT pg_sleep(60)") }
            try await wait(for: 2, on: lease.connection)
            cancelled.cancel()
            #expect(await postgresError { try await cancelled.value }?.code == .cancelled)
            // The server is at the neighbour's statement, which a request to cancel would hit.
            #expect(await lease.connection.statementsUnderWay == 2)
            #expect(try await neighbour.value == 7)
            // Now nobody waits for what the server is at: it is stopped, and the connection serves again.
            let rows = try await client.read("SELECT 8 AS n")
            #expect(try rows[0].decode("n", as: Int.self) == 8)
        }
    }

    private func wait(for count: Int, on connection: PostgresConnection) async throws {
        while await connection.statementsUnderWay < count { try await Task.sleep(for: .milliseconds(1)) }
    }

    @Test func theServerIsStoppedWhenAllReadsOnTheConnectionWereCancelled() async throws {
        try await withClient {
            $0.pipelinedConnections = 1
        } _: { client in
            let tasks = (0..<5).map { _ in Task { try await client.read("SELECT pg_sleep(60) AS marker_e") } }
            try await client.wait(for: Self.isRunning, ["marker_e"])
            for task in tasks { task.cancel() }
            for task in tasks { #expect(await postgresError { try await task.value }?.code == .cancelled) }
            let rows = try await client.read("SELECT 9 AS n")
            #expect(try rows[0].decode("n", as: Int.self) == 9)
        }
    }
}
