/// Where the database is, and how the client uses it.
public struct PostgresConfiguration: Sendable {
    /// What is passed to libpq, by keyword, in the order of the keywords.
    ///
    /// Holds the password, and so is shown by no description.
    var parameters: [String: String]

    /// How many connections ``PostgresClient`` leases at once to writes and transactions; 8 by default.
    public var maximumConnections = 8
    /// How many connections statements that others wrote have at once, besides those; 4 by default.
    ///
    /// They wait for each other, and never for the program's own statements, nor these for them.
    public var foreignConnections = 4
    /// How many connections all single reads share; 2 by default.
    public var pipelinedConnections = 2
    /// How many reads may be under way on one shared connection; 128 by default.
    public var pipelineDepth = 128
    /// How long opening one connection may take, over all addresses that are tried; 10 seconds by default.
    public var connectTimeout: Duration = .seconds(10)
    /// How long a statement waits for a connection to become free, or for the server to come back; 10 seconds by
    /// default.
    public var acquireTimeout: Duration = .seconds(10)
    /// How long a statement may run unless it says otherwise; unlimited by default.
    public var statementTimeout: Duration?
    /// How long a connection is kept that nobody uses; 1 minute by default.
    public var idleTimeout: Duration = .seconds(60)
    /// How long a connection is used before another takes its place; 1 hour by default.
    public var connectionLifetime: Duration = .seconds(3_600)
    /// How long the server may take to answer a request to cancel before the connection is given up; 5 seconds by
    /// default.
    public var cancelTimeout: Duration = .seconds(5)
    /// The same on connections for statements that others wrote; 1 second by default.
    public var foreignCancelTimeout: Duration = .seconds(1)
    /// How long shutdown waits for statements that are under way; 5 seconds by default.
    public var shutdownTimeout: Duration = .seconds(5)
    /// The pause after a first failure to connect, doubled after each further one; 50 milliseconds by default.
    public var firstRetryDelay: Duration = .milliseconds(50)
    /// The longest pause between two attempts to connect; 2 seconds by default.
    public var longestRetryDelay: Duration = .seconds(2)
    /// Whether a pooler lends a server's process for one transaction at a time, such as PgBouncer in transaction mode;
    /// `nil`, the default, finds out with each connection.
    ///
    /// Then statements go without names, as the process that knows a name may not be the one that gets its next use, and
    /// nobody listens, as notifications reach no one. `pgbouncer=true` or `false` in a URL sets it.
    public var isPooled: Bool?
    /// What is passed to libpq for connections that go past a pooler; `nil` if there are none.
    ///
    /// They are for what needs a session of the server. Holds the password.
    var directParameters: [String: String]?
    /// Whether the server parses each statement once a connection; `true` by default.
    public var preparedStatements = true
    /// How many prepared statements each connection keeps; the least recently used goes; 256 by default.
    public var maximumPreparedStatements = 256
    /// What `pg_stat_activity` shows, unless the connection string says otherwise; `agentctl` by default.
    public var applicationName = "agentctl"
    /// Called with every notice of the server's, on the client's thread, besides the log; none by default.
    public var noticeHandler: (@Sendable (PostgresNotice) -> Void)?
    /// Called with a process of the server's that does not answer a request to cancel and works on for nobody, on the
    /// client's thread, besides the log; none by default.
    public var stuckHandler: (@Sendable (_ backendProcessID: Int32) -> Void)?

    /// The same past the pooler; `nil` if no way past it is known.
    public var direct: PostgresConfiguration? {
        guard let directParameters else { return nil }
        var direct = self
        direct.parameters = directParameters
        direct.directParameters = nil
        direct.isPooled = nil
        return direct
    }

    /// The same for statements that others wrote.
    var foreign: PostgresConfiguration {
        var foreign = self
        foreign.cancelTimeout = foreignCancelTimeout
        return foreign
    }
}

extension PostgresConfiguration: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Where the database is and as whom, without the password.
    public var description: String {
        let shown = ["host", "hostaddr", "port", "dbname", "user", "service", "sslmode"]
        let parts = shown.compactMap { keyword in parameters[keyword].map { "\(keyword)=\($0)" } }
        return parts.isEmpty ? "the default database" : parts.joined(separator: " ")
    }

    /// The same as `description`.
    public var debugDescription: String { description }

    /// Shows `description` alone, so that `dump` does not show the password either.
    public var customMirror: Mirror { Mirror(self, children: ["target": description]) }
}
