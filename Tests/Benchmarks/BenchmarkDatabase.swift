import Engine
import HTTP
import Logging
import Models
import Postgres
import Store
import TestSupport
import Tools

/// A new database with the schema of this release, on a server that keeps its promises: everything is flushed to disk.
struct BenchmarkDatabase: Sendable {
    let url: String

    /// What tells the connections of this process from those of the programs it measures.
    static let applicationName = "agentctl-benchmarks"

    /// What the embedded server has by default, where the tests' cluster deviates for speed.
    static let serverSettings = [
        "autovacuum_naptime": "10s",
        "fsync": "on",
        "full_page_writes": "on",
        "shared_buffers": "128MB",
        "synchronous_commit": "on",
    ]

    /// Creates the database and its schema.
    static func make(_ name: String, on cluster: TemporaryCluster) async throws -> BenchmarkDatabase {
        try await cluster.query("CREATE DATABASE benchmark_\(name) TEMPLATE template0", database: "postgres")
        let database = BenchmarkDatabase(url: cluster.url(database: "benchmark_\(name)"))
        try await database.withClient { client in
            _ = try await Migrator(client: client).migrate()
        }
        return database
    }

    /// Runs `body` with a client of this database.
    ///
    /// - Parameter connections: How many connections it leases at once.
    func withClient<Result>(
        connections: Int = 8,
        _ body: (PostgresClient) async throws -> Result
    ) async throws -> Result {
        var configuration = try PostgresConfiguration(url: url)
        configuration.maximumConnections = connections
        configuration.applicationName = Self.applicationName
        let client = PostgresClient(configuration, logger: .silent)
        let result: Swift.Result<Result, any Error>
        do { result = .success(try await body(client)) } catch { result = .failure(error) }
        await client.shutdown()
        return try result.get()
    }

    /// Runs `body` with a registry of agents of this database.
    func withRegistry<Result>(_ body: (Stores, AgentRegistry) async throws -> Result) async throws -> Result {
        try await withClient { client in
            let http = HTTPClient(logger: .silent)
            let stores = Stores(client: client)
            let factory = DynamicAgentFactory(
                providers: ModelProviderFactory(http: http, environment: [:]),
                tools: ToolFactory()
            )
            let result: Swift.Result<Result, any Error>
            do {
                result = .success(try await body(stores, AgentRegistry(store: stores.definitions, factory: factory)))
            } catch {
                result = .failure(error)
            }
            await http.shutdown()
            return try result.get()
        }
    }
}
