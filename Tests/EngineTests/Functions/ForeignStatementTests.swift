import Glibc
import JSON
import Postgres
import TestSupport
import Testing

@testable import Engine
@testable import Store
@testable import Tools

/// Statements of models and authors that take connections, time, and the server's processes.
@Suite struct ForeignStatementTests {
    /// A function of the server's that looks up nowhere: no timeout, cancellation or termination ends it.
    private static let endless = "SELECT strpos(repeat('a', 20000000), 'b' || repeat('a', 10000000))"

    private func withOneConnection(
        at url: String,
        _ body: (PostgresClient, ToolQueries) async throws -> Void
    ) async throws {
        var configuration = try PostgresConfiguration(url: url)
        configuration.foreignConnections = 1
        configuration.maximumConnections = 1
        configuration.foreignCancelTimeout = .milliseconds(300)
        let client = PostgresClient(configuration, logger: .silent)
        do {
            try await body(client, Stores(client: client).queries)
            await client.shutdown()
        } catch {
            await client.shutdown()
            throw error
        }
    }

    private func error(
        of statement: String,
        _ queries: ToolQueries,
        timeout: Duration = .milliseconds(300)
    ) async -> StatementError? {
        await #expect(throws: StatementError.self) {
            try await queries.run(StatementCall(statement, timeout: timeout))
        }
    }

    /// A database of a server of its own, behind a pooler or not.
    private func withServer(isPooled: Bool, _ body: (TemporaryCluster, String) async throws -> Void) async throws {
        try await withCluster { cluster in
            let migrating = PostgresClient(try PostgresConfiguration(url: cluster.url()), logger: .silent)
            _ = try await Migrator(client: migrating).migrate()
            await migrating.shutdown()
            guard isPooled else { return try await body(cluster, cluster.url()) }
            try await withPgBouncer(before: cluster) { try await body(cluster, $0.url(cluster.url())) }
        }
    }

    @Test(.timeLimit(.minutes(3)), arguments: TemporaryPgBouncer.isInstalled ? [false, true] : [false])
    func aStatementThatNothingEndsIsGivenUpAndJoinedByNoOther(isPooled: Bool) async throws {
        try await withServer(isPooled: isPooled) { cluster, url in
            try await withOneConnection(at: url) { client, queries in
                let began = ContinuousClock.now
                // Long enough for it to begin on a busy machine: before that it can be stopped.
                let stuck = try #require(await error(of: Self.endless, queries, timeout: .seconds(4)))
                #expect(stuck.kind == .stuck, "\(stuck)")
                #expect(began.duration(to: .now) < .seconds(15))
                let active =
                    "SELECT pid FROM pg_stat_activity WHERE state = 'active' AND query LIKE '%agentctl_sql.run%'"
                let processes = try await psql(cluster.url(), "\(active) AND pid <> pg_backend_pid()")
                let process = try #require(Int32(processes))
                #expect(stuck.message.contains("process \(process) "))

                // The only connection for such statements is taken; the engine has its own.
                let busy = try #require(await error(of: "SELECT 1", queries))
                #expect(busy.kind == .busy && busy.message.contains("\(process)"), "\(busy)")
                #expect(try await client.query("SELECT 1").count == 1)
                #expect(try await psql(cluster.url(), "\(active) AND pid <> pg_backend_pid()") == processes)

                kill(process, SIGKILL)
                try await eventually("a free connection") {
                    (try? await queries.run(StatementCall("SELECT 1", timeout: .seconds(5))))?.count == 1
                }
            }
        }
    }

    @Test(.timeLimit(.minutes(3)))
    func planningHasALimit() async throws {
        try await withServer(isPooled: false) { _, url in
            try await withOneConnection(at: url) { _, queries in
                let began = ContinuousClock.now
                let error = await #expect(throws: StatementError.self) { try await queries.examine(Self.endless) }
                #expect(error?.kind == .stuck)
                #expect(began.duration(to: .now) < .seconds(15))
            }
        }
    }

    @Test func slowStatementsWaitForEachOtherAndTheEngineForNone() async throws {
        try await withBench { bench in
            try await withOneConnection(at: bench.url) { client, queries in
                try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask {
                        let call = StatementCall("SELECT pg_sleep(60)", timeout: .seconds(60))
                        _ = try? await queries.run(call)
                    }
                    try await bench.eventually(
                        "SELECT (count(*) > 0)::text AS text FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND datname = current_database()"
                    )
                    let busy = try #require(await error(of: "SELECT 1", queries))
                    #expect(busy.kind == .busy && !busy.message.contains("process"), "\(busy)")
                    for _ in 0..<3 { #expect(try await client.query("SELECT 1").count == 1) }
                    try await client.withTransaction { connection in
                        let rows = try await connection.query("SELECT 1")
                        #expect(rows.count == 1)
                    }
                    group.cancelAll()
                }
                // The one that was cancelled gives its place back.
                #expect(try await queries.run(StatementCall("SELECT 1", timeout: .seconds(20))).count == 1)
            }
        }
    }

    @Test func whoeverWaitsFirstIsFirst() async throws {
        let gate = StatementGate(limit: 1)
        let none: @Sendable ([StatementGate.Stuck]) async -> [StatementGate.Stuck] = { _ in [] }
        #expect(await gate.enter(until: .now + .seconds(60), none))
        #expect(await !gate.enter(until: .now + .milliseconds(20), none))
        async let second = gate.enter(until: .now + .seconds(60), none)
        gate.leave()
        #expect(await second)
        gate.giveUp(7)
        #expect(await !gate.enter(until: .now + .milliseconds(20), none))
        // The process is gone, and its place is free.
        #expect(await gate.enter(until: .now + .seconds(60)) { $0 })
        #expect(gate.stuck == [])
        gate.leave()
        #expect(await gate.enter(until: .now + .milliseconds(20), none))
    }

    @Test func aModelIsToldWhatItsQueryWaitsFor() async throws {
        try await withBench { bench in
            try await withOneConnection(at: bench.url) { _, queries in
                let definition = ToolDefinition(
                    name: "query",
                    versionID: 1,
                    implementation: "sql_query",
                    limits: ToolLimits(timeout: .milliseconds(500))
                )
                let router = try ToolRouter([try ToolFactory().tool(for: definition)])
                let context = ToolContext(services: ToolServices(queries: queries))
                let arguments: JSONValue = ["query": "SELECT pg_sleep(60)"]
                let request = ToolCallRequest(id: "1", name: "query", arguments: arguments.text)
                let results = await router.call([(request, context), (request, context)])
                #expect(results.map { $0.error?.code } == [.timeout, .timeout])
            }
        }
    }
}
