import EmbeddedPostgres
import Logging
import Postgres
import Reactor
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(5)))
struct PostgresClientTests {
    private static let backends: PostgresStatement = """
        SELECT count(*)::int AS n FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
        """

    @Test func aThousandStatementsShareFewConnectionsInAnyMixture() async throws {
        try await withClient {
            $0.maximumConnections = 4
            $0.acquireTimeout = .seconds(120)
        } _: { client in
            let sum = try await withThrowingTaskGroup(of: Int.self) { group in
                for number in 1...1_000 {
                    group.addTask {
                        let rows =
                            number % 2 == 0
                            ? try await client.query("SELECT $1::int AS n", [.optional(number)])
                            : try await client.read("SELECT $1::int AS n", [.optional(number)])
                        return try rows[0].decode("n", as: Int.self)
                    }
                }
                return try await group.reduce(0, +)
            }
            #expect(sum == 500_500)
            // Four leased and two shared ones at most, one of which asks.
            let others = try await client.query(Self.backends)[0].decode("n", as: Int.self)
            #expect((1...5).contains(others))
        }
    }

    @Test func readsAtTheSameTimeShareConnectionsAndAnErrorStaysWithItsOwn() async throws {
        try await withClient { client in
            let outcomes = await withTaskGroup(of: (Int, String).self) { group in
                for number in 0..<300 {
                    group.addTask {
                        do throws(PostgresError) {
                            let statement: PostgresStatement =
                                number % 3 == 0 ? "SELECT 1 / ($1::int - $1::int) AS n" : "SELECT $1::int AS n"
                            let rows = try await client.read(statement, [.optional(number)])
                            return (number, "\(try rows[0].decode("n", as: Int.self))")
                        } catch {
                            return (number, error.sqlState ?? "none")
                        }
                    }
                }
                return await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
            }
            let expected = (0..<300).map { ($0, $0 % 3 == 0 ? "22012" : "\($0)") }
            #expect(outcomes == Dictionary(uniqueKeysWithValues: expected))
            let others = try await client.query(Self.backends)[0].decode("n", as: Int.self)
            #expect(others <= 2)
        }
    }

    @Test func aStatementWhosePreparationFailsDoesNotHurtItsTwin() async throws {
        try await withClient {
            $0.pipelinedConnections = 1
        } _: { client in
            _ = try await client.read("SELECT 1")
            let states = await withTaskGroup(of: String?.self) { group in
                for _ in 0..<5 {
                    group.addTask { await postgresError { try await client.read("SELECT * FROM nowhere") }?.sqlState }
                }
                return await group.reduce(into: []) { $0.append($1) }
            }
            #expect(states == [String?](repeating: "42P01", count: 5))
        }
    }

    @Test func aTransactionThatAReadLeavesOpenTakesNobodyElseIn() async throws {
        try await withClient {
            $0.pipelinedConnections = 1
        } _: { client in
            let process: PostgresStatement = "SELECT pg_backend_pid() AS pid"
            let first = try await client.read(process)[0].decode("pid", as: Int.self)
            _ = try await client.read("BEGIN")
            let second = try await client.read(process)[0].decode("pid", as: Int.self)
            #expect(first != second)
        }
    }

    // MARK: Waiting

    @Test func whoWaitsTooLongForAConnectionIsToldSo() async throws {
        try await withClient {
            $0.maximumConnections = 1
            $0.acquireTimeout = .seconds(1)
        } _: { client in
            try await client.withConnection { _ in
                let error = await postgresError { try await client.query("SELECT 1") }
                #expect(
                    error?.description
                        == "acquireTimeout: none of 1 connections became free within 1.0 seconds"
                )
            }
            try await client.query("SELECT 1")
        }
    }

    @Test func aCancelledTaskStopsWaitingForAConnection() async throws {
        try await withClient {
            $0.maximumConnections = 1
        } _: { client in
            try await client.withConnection { _ in
                let task = Task { try await client.query("SELECT 1") }
                task.cancel()
                #expect(await postgresError { try await task.value }?.code == .cancelled)
            }
            try await client.query("SELECT 1")
        }
    }

    @Test func idleConnectionsAreClosed() async throws {
        try await withDatabase { url in
            try await withClient(url: url) {
                $0.idleTimeout = .milliseconds(50)
            } _: { client in
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for _ in 0..<4 { group.addTask { _ = try await client.query("SELECT pg_sleep(0.02)") } }
                    try await group.waitForAll()
                }
                try await withClient(url: url) { observer in
                    try await observer.wait(
                        for: """
                            SELECT count(*) = 1 FROM pg_stat_activity WHERE datname = current_database()
                            """
                    )
                }
                try await client.query("SELECT 1")
            }
        }
    }

    @Test func aConnectionThatIsOldIsReplaced() async throws {
        try await withClient {
            $0.maximumConnections = 1
            $0.connectionLifetime = .milliseconds(20)
        } _: { client in
            let statement: PostgresStatement = "SELECT pg_backend_pid() AS pid"
            let first = try await client.query(statement)[0].decode("pid", as: Int.self)
            while try await client.query(statement)[0].decode("pid", as: Int.self) == first {}
        }
    }

    // MARK: Failures

    @Test func aBackendThatIsTerminatedDuringAStatementIsAnErrorAndTheNextStatementHasAnother() async throws {
        try await withClient {
            $0.maximumConnections = 1
        } _: { client in
            let error = await postgresError { try await client.query("SELECT pg_terminate_backend(pg_backend_pid())") }
            #expect(error?.code == .connectionLost)
            #expect(error?.sqlState == "57P01")
            try await client.query("SELECT 1")
        }
    }

    @Test func anIdleConnectionWhoseBackendIsTerminatedIsNoticedBeforeItIsLent() async throws {
        try await withClient {
            $0.maximumConnections = 2
        } _: { client in
            _ = try await client.read("SELECT 1")
            for _ in 0..<20 {
                try await client.query(
                    """
                    SELECT count(pg_terminate_backend(pid, 5000)) FROM pg_stat_activity
                    WHERE datname = current_database() AND pid <> pg_backend_pid()
                    """
                )
                // The end of the connection is on the socket already; the loop reads it before it sends.
                let rows = try await client.read("SELECT 5 AS n")
                #expect(try rows[0].decode("n", as: Int.self) == 5)
            }
        }
    }

    @Test func allReadsUnderWayOnAConnectionThatBreaksAreToldSo() async throws {
        try await withClient {
            $0.pipelinedConnections = 1
        } _: { client in
            let tasks = (0..<5).map { _ in Task { try await client.read("SELECT pg_sleep(60) AS marker") } }
            try await client.wait(
                for: """
                    SELECT count(pg_terminate_backend(pid)) = 1 FROM pg_stat_activity
                    WHERE datname = current_database() AND query LIKE '%marker' AND state = 'active'
                    """
            )
            for task in tasks { #expect(await postgresError { try await task.value }?.code == .connectionLost) }
            let rows = try await client.read("SELECT 1")
            #expect(rows.count == 1)
        }
    }

    @Test func afterARestartOfTheServerTheClientGoesOnAndWhoAsksMeanwhileWaits() async throws {
        try await withCluster { cluster in
            try await withClient(url: cluster.url()) {
                $0.acquireTimeout = .seconds(60)
            } _: { client in
                try await client.query("CREATE TABLE t AS SELECT 1 AS n")
                _ = try await client.read("SELECT 1")
                try await cluster.server.stop()
                let waiting = (0..<20).map { number in
                    Task {
                        number % 2 == 0
                            ? try await client.query("SELECT n FROM t") : try await client.read("SELECT n FROM t")
                    }
                }
                _ = try await cluster.server.start()
                for task in waiting {
                    // One that was sent to a connection that was going down may have been lost; none may hang.
                    let error = await postgresError { try await task.value[0].decode("n", as: Int.self) }
                    #expect(error == nil || error?.code == .connectionLost)
                }
                let counts = [try await client.query("SELECT n FROM t").count, try await client.read("SELECT 1").count]
                #expect(counts == [1, 1])
            }
        }
    }

    @Test func aServerThatIsNotThereAnErrorThatSaysWhyAfterTheTimeForWaiting() async throws {
        try await withClient(url: "host=/nonexistent dbname=x") {
            $0.acquireTimeout = .milliseconds(150)
        } _: { client in
            let error = await postgresError { try await client.read("SELECT 1") }
            #expect(error?.code == .connectionFailed)
            #expect(error?.message.contains("No such file or directory") == true)
        }
    }

    @Test func aRefusalThatWillNotGoAwayIsToldAtOnce() async throws {
        try await withDatabase { url in
            let wrong = "\(try PostgresConfiguration(url: url).connectionString) dbname=nowhere"
            try await withClient(url: wrong) {
                $0.acquireTimeout = .seconds(3_600)
            } _: { client in
                let error = await postgresError { try await client.query("SELECT 1") }
                #expect(error?.code == .connectionFailed)
                #expect(error?.sqlState == "3D000")
                #expect(error?.message == "database \"nowhere\" does not exist")
            }
        }
    }

    @Test func aNameThatHasToBeLookedUpDoesNotStopTheLoopAndTheHostsAreTriedInTurn() async throws {
        try await withDatabase { url in
            let configuration = try PostgresConfiguration(url: url)
            let host = try #require(configuration.connectionString.split(separator: "'").first { $0.hasPrefix("/") })
            let hosts = "\(configuration.connectionString) host='nowhere.invalid,\(host)' port='5432,5432'"
            try await withClient(url: hosts) { client in
                let rows = try await client.query("SELECT 1")
                #expect(rows.count == 1)
            }
        }
    }

    // MARK: The end

    @Test func afterShutdownEverythingIsRefusedAndNothingIsConnected() async throws {
        try await withDatabase { url in
            let client = PostgresClient(try PostgresConfiguration(url: url), logger: .silent)
            try await client.query("SELECT 1")
            _ = try await client.read("SELECT 1")
            let run = Task { await client.run() }
            run.cancel()
            await run.value
            #expect(await postgresError { try await client.query("SELECT 1") }?.code == .shutdown)
            #expect(await postgresError { try await client.read("SELECT 1") }?.code == .shutdown)
            try await withClient(url: url) { observer in
                try await observer.wait(
                    for: "SELECT count(*) = 1 FROM pg_stat_activity WHERE datname = current_database()"
                )
            }
        }
    }

    @Test func shutdownWaitsForStatementsUnderWayUpToAPoint() async throws {
        try await withDatabase { url in
            var configuration = try PostgresConfiguration(url: url)
            configuration.shutdownTimeout = .milliseconds(300)
            let client = PostgresClient(configuration, logger: .silent)
            let quick = Task { try await client.query("SELECT pg_sleep(0.1)") }
            let slow = Task { try await client.query("SELECT pg_sleep(60)") }
            try await withClient(url: url) { observer in
                try await observer.wait(
                    for:
                        "SELECT count(*) = 2 FROM pg_stat_activity WHERE query LIKE '%pg_sleep(%' AND datname = current_database() AND pid <> pg_backend_pid()"
                )
            }
            await client.shutdown()
            _ = try await quick.value
            #expect(await postgresError { try await slow.value }?.code == .shutdown)
        }
    }

    @Test func aClientThatIsDroppedClosesItsConnections() async throws {
        try await withDatabase { url in
            do {
                let client = PostgresClient(try PostgresConfiguration(url: url), logger: .silent)
                try await client.query("SELECT 1")
            }
            try await withClient(url: url) { observer in
                try await observer.wait(
                    for: "SELECT count(*) = 1 FROM pg_stat_activity WHERE datname = current_database()"
                )
            }
        }
    }

    @Test func clientsCanShareALoopAndTasksCanLiveOnIt() async throws {
        try await withDatabase { url in
            let loop = Reactor()
            defer { loop.shutdown() }
            let configuration = try PostgresConfiguration(url: url)
            let clients = (0..<2).map { _ in PostgresClient(configuration, reactor: loop, logger: .silent) }
            let sum = try await withThrowingTaskGroup(of: Int.self) { group in
                for number in 0..<100 {
                    group.addTask(executorPreference: loop) {
                        let rows = try await clients[number % 2].read("SELECT $1::int AS n", [.optional(number)])
                        return try rows[0].decode("n")
                    }
                }
                return try await group.reduce(0, +)
            }
            #expect(sum == 4_950)
            for client in clients { await client.shutdown() }
        }
    }

    @Test func applicationNameAndTheEncodingAreSet() async throws {
        try await withClient { client in
            let rows = try await client.read(
                "SELECT current_setting('application_name') AS a, current_setting('client_encoding') AS e"
            )
            #expect(try rows[0].decode("a", as: String.self) == "agentctl")
            #expect(try rows[0].decode("e", as: String.self) == "UTF8")
        }
    }
}
