import EmbeddedPostgres
import FoundationEssentials
import Glibc

/// A real PgBouncer before a cluster, on a socket of its own; it goes away with the test process however that ends.
///
/// It trusts every user, leads to every database of the cluster, and has a pool for each pair of both.
public struct TemporaryPgBouncer: Sendable {
    private let directory: TemporaryDirectory
    private let cluster: TemporaryCluster
    private let watchdog: TemporaryClusterWatchdog

    private static let program = "/usr/sbin/pgbouncer"
    private static let port = 6432

    /// Whether the machine has it.
    public static var isInstalled: Bool { FileManager.default.isExecutableFile(atPath: program) }

    /// Whether tests that ask for a database get it through a pooler in transaction mode: for running suites behind one.
    public static let isWanted = ProcessInfo.processInfo.environment["AGENTCTL_TEST_POOLER"] == "1"

    /// Started on first use and shared by all tests of the process.
    static let shared = Task {
        try await TemporaryPgBouncer(before: try await .shared, mode: "transaction", poolSize: 12)
    }

    /// PgBouncer in the foreground, in the background of a shell that ends it when the test process is gone.
    private static let script = """
        trap '' HUP INT TERM
        directory=$1
        shift
        "$@" & pid=$!
        read -r line
        kill -9 "$pid"
        rm -rf "$directory"
        """

    init(before cluster: TemporaryCluster, mode: String, poolSize: Int) async throws {
        self.cluster = cluster
        directory = try TemporaryDirectory(permissions: 0o777)
        let file = "\(directory.path)/pgbouncer.ini"
        let address = cluster.address
        try """
        [databases]
        * = host=\(address.socketDirectory) port=\(address.port)
        [pgbouncer]
        listen_addr =
        unix_socket_dir = \(directory.path)
        listen_port = \(Self.port)
        auth_type = trust
        auth_user = \(address.user)
        auth_query = SELECT $1::text, ''::text
        pool_mode = \(mode)
        default_pool_size = \(poolSize)
        max_client_conn = 900
        server_idle_timeout = 5
        """.write(toFile: file, atomically: true, encoding: .utf8)
        // It refuses to run as root.
        let account =
            geteuid() == 0 ? ["/usr/bin/setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] : []
        watchdog = try TemporaryClusterWatchdog(
            script: Self.script,
            [directory.path] + account + [Self.program, "-q", file]
        )
        let socket = "\(directory.path)/.s.PGSQL.\(Self.port)"
        try await eventually("PgBouncer takes connections") { access(socket, F_OK) == 0 }
    }

    /// Ends it.
    func remove() async {
        await watchdog.finish()
    }

    /// The same database as the same user, through the pooler.
    ///
    /// - Parameter url: As ``TemporaryCluster/url(database:)`` has it.
    public func url(_ url: String) -> String {
        url.replacing(place.server, with: place.pooler)
    }

    /// The same database past the pooler, where tests run behind one: for what needs a session of the server.
    ///
    /// - Parameter url: As a test has got it.
    public static func past(_ url: String) async throws -> String {
        guard isWanted else { return url }
        let place = try await shared.value.place
        return url.replacing(place.pooler, with: place.server)
    }

    private var place: (server: String, pooler: String) {
        func part(_ directory: String, _ port: Int) -> String {
            "host=\(directory.replacing("/", with: "%2F"))&port=\(port)"
        }
        return (
            part(cluster.address.socketDirectory, cluster.address.port), part(directory.path, Self.port)
        )
    }
}

/// Runs `body` with a PgBouncer of its own before a cluster.
///
/// - Parameters:
///   - cluster: The cluster; the shared one if nil.
///   - mode: `transaction` or `session`.
///   - poolSize: Connections to the server for each database and user.
public func withPgBouncer<Result>(
    before cluster: TemporaryCluster? = nil,
    mode: String = "transaction",
    poolSize: Int = 12,
    _ body: (TemporaryPgBouncer) async throws -> Result
) async throws -> Result {
    var before = cluster
    if before == nil { before = try await .shared }
    guard let before else { throw TemporaryResourceError("there is no cluster") }
    let pooler = try await TemporaryPgBouncer(before: before, mode: mode, poolSize: poolSize)
    do {
        let result = try await body(pooler)
        await pooler.remove()
        return result
    } catch {
        await pooler.remove()
        throw error
    }
}
