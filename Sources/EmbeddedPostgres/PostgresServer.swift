import FoundationEssentials

/// A PostgreSQL server of one's own, in a directory: created on the first start, and started on demand.
///
/// ```swift
/// let server = PostgresServer(directory: EmbeddedHome(environment: environment).postgresDirectory)
/// let address = try await server.start()
/// print(address.connectionString)     // postgresql://agentctl_operator@/agentctl?host=…
/// ```
///
/// The server outlives the process that started it and its terminal, and is stopped by ``stop(mode:)``, by anybody. Any
/// number of processes may start and stop it at the same time.
///
/// - Access: The server listens on a Unix socket only, in a directory that only the server's user and root can enter; so
///   it trusts every user that connects. Asking for the system user's name instead would keep out root, whose server runs as
///   another user.
/// - Root: PostgreSQL does not run as root. For root it runs as the owner of the existing cluster, else as `postgres`,
///   else as `nobody` (a last resort: all that runs as `nobody` could read the data). Where that user cannot get to
///   the directory, as below `/root`, the cluster lies in `/var/lib/agentctl/<hash>` and the file `location` in the
///   directory names it. Deleting the directory then leaves that cluster behind, and a new start makes another one.
/// - Files: In the directory, or at its `location`, are `data`, `log`, `run` (the socket), and `lock`. A socket's path
///   must fit into 107 bytes; where it would not, the socket is in `/run/agentctl-<hash>` or `/tmp/agentctl-<hash>`.
/// - Configuration: ``init(directory:binaries:settings:)`` and the defaults are written to `data/agentctl.conf` at each
///   start. What is written below its line in `data/postgresql.conf`, and `ALTER SYSTEM`, go before it. The log rotates at
///   10 MB, and each start keeps the newest ten files.
public struct PostgresServer: Sendable {
    /// Where the server's files are, as configured; an absolute path.
    public let directory: String
    /// How long the steps may take.
    public var timeLimits = TimeLimits()

    let binaries: String?
    let settings: [String: String]

    /// Describes a server, without touching the disk.
    ///
    /// - Parameters:
    ///   - directory: The directory of the cluster, absolute or relative to the current directory; it need not be there.
    ///   - binaries: The directory of PostgreSQL's server programs; by default ``findBinaries(environment:)`` is asked,
    ///     after the directory of the version that the cluster was created with.
    ///   - settings: PostgreSQL settings by name, for instance `["shared_buffers": "1GB"]`; those about the socket and TCP
    ///     are not taken.
    public init(directory: String, binaries: String? = nil, settings: [String: String] = [:]) {
        self.directory = AbsolutePath.make(directory)
        self.binaries = binaries
        self.settings = settings
    }

    /// The directory of PostgreSQL's server programs on this machine.
    ///
    /// They are looked for in `$AGENTCTL_POSTGRES_BIN`, then through the links on PATH, then in the newest
    /// `/usr/lib/postgresql/*/bin`. Nothing is run.
    ///
    /// - Parameter environment: The variables of the process.
    /// - Throws: ``PostgresServerError/Code/binariesNotFound``, with what to install.
    public static func findBinaries(environment: [String: String]) throws(PostgresServerError) -> String {
        try PostgresBinaries.find(environment: environment)
    }

    /// How long the steps of starting and stopping may take before they fail with ``PostgresServerError/Code/timedOut``.
    public struct TimeLimits: Sendable, Hashable {
        /// For creating the cluster; 120 seconds by default, usually 2.
        public var initialization: Duration = .seconds(120)
        /// For coming up, which includes recovery after a crash; 120 seconds by default, usually 0.1.
        public var start: Duration = .seconds(120)
        /// For disconnecting clients and a last checkpoint; 20 seconds by default, usually 0.1.
        public var fastStop: Duration = .seconds(20)
        /// For ending after that, or at once; 60 seconds by default.
        public var stop: Duration = .seconds(60)
        /// For other processes to finish creating, starting or stopping; 300 seconds by default.
        public var lock: Duration = .seconds(300)
    }

    var location: ServerLocation { ServerLocation(directory: directory) }

    /// The programs for this cluster: of its own version, if they are there.
    func programs(for layout: ServerLayout) throws(PostgresServerError) -> String {
        if let binaries {
            return try PostgresBinaries.find(environment: [PostgresBinaries.variable: binaries])
        }
        let version = try SmallFile.read("\(layout.data)/PG_VERSION", limit: 16)?.text.split(separator: "\n").first
        return try PostgresBinaries.find(
            environment: ProcessInfo.processInfo.environment,
            version: version.map { String($0) }
        )
    }
}
