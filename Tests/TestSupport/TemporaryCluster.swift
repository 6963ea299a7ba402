public import EmbeddedPostgres
import Glibc

/// A private PostgreSQL cluster in a temporary directory, which goes away with the test process however that ends.
///
/// It gives the usual guarantees but for a crash of the machine: `fsync` is off.
public struct TemporaryCluster: Sendable {
    /// The server, to be stopped and started by tests that have the cluster for themselves; see ``withCluster(settings:_:)``.
    public let server: PostgresServer
    /// Where it takes connections; the same after a restart.
    public let address: PostgresServer.Address

    private let watchdog: TemporaryClusterWatchdog

    /// The cluster of the test process, started on first use and shared by all tests; see ``withDatabase(template:_:)``.
    public static var shared: TemporaryCluster {
        get async throws {
            try await TemporarySharedCluster.instance.cluster()
        }
    }

    /// Settings for many short-lived databases.
    private static let settings = [
        "autovacuum_naptime": "1min",
        "fsync": "off",
        "full_page_writes": "off",
        "logging_collector": "off",
        "max_connections": "300",
        "max_wal_size": "4GB",
        "shared_buffers": "64MB",
        "synchronous_commit": "on",
    ]

    /// Creates and starts a cluster.
    init(settings: [String: String] = [:]) async throws {
        let directory = try TemporaryDirectory()
        server = PostgresServer(
            directory: "\(directory.path)/postgres",
            settings: Self.settings.merging(settings) { $1 }
        )
        watchdog = try TemporaryClusterWatchdog(serverDirectory: server.directory, removing: directory.path)
        do {
            address = try await server.start()
        } catch {
            await watchdog.finish()
            throw error
        }
    }

    /// Stops the server and removes the cluster.
    func remove() async {
        await watchdog.finish()
    }

    /// The superuser's URL of a database of this cluster; of `agentctl` unless told.
    public func url(database: String = "agentctl") -> String {
        address.connectionString(database: database, user: address.superuser)
    }

    /// The socket that it listens on.
    public var socketPath: String { "\(address.socketDirectory)/.s.PGSQL.\(address.port)" }

    /// The process number of the server, or `nil` when it is not running.
    public var processID: Int32? {
        get async throws {
            guard case .running(let processID, _) = try await server.status() else {
                return nil
            }
            return processID
        }
    }

    /// Kills the server with SIGKILL, as a crash of it would, and returns when it is gone.
    public func kill() async throws {
        guard let processID = try await processID else {
            return
        }
        Glibc.kill(processID, SIGKILL)
        while try await server.status() != .stopped {
            try await Task.sleep(for: .milliseconds(2))
        }
    }

    /// Runs SQL on a database of this cluster, as ``psql(_:_:)`` does.
    @discardableResult
    public func query(_ sql: String..., database: String = "agentctl") async throws -> String {
        try await runPSQL(url(database: database), sql)
    }
}

/// Runs `body` with a cluster of its own, for tests that stop, kill and restart the server; removes it afterwards.
///
/// It takes seconds: use ``withDatabase(template:_:)`` where that does.
///
/// - Parameter settings: PostgreSQL settings by name, which go before those of the shared cluster.
public func withCluster<Result>(
    settings: [String: String] = [:],
    _ body: (_ cluster: TemporaryCluster) async throws -> Result
) async throws -> Result {
    let cluster = try await TemporaryCluster(settings: settings)
    let result: Result
    do {
        result = try await body(cluster)
    } catch {
        await cluster.remove()
        throw error
    }
    await cluster.remove()
    return result
}
