public import Logging
public import Reactor

/// A client of one PostgreSQL database.
///
/// Single reads share a few connections on which their statements follow each other without waiting; writes and
/// transactions have a connection of their own while they last, so that the server can commit several at once.
///
///     let client = PostgresClient(try PostgresConfiguration(url: "postgresql://localhost/agents"), logger: logger)
///     for row in try await client.read("SELECT name FROM agent WHERE id = $1", [7]) {
///         print(try row.decode("name", as: String.self))
///     }
///     await client.shutdown()
///
/// Connections are opened when they are needed and closed when they are not. If the server goes away statements fail
/// with ``PostgresError/Code/connectionLost``, and those that follow wait for it to come back, up to
/// ``PostgresConfiguration/acquireTimeout``. A statement is never sent twice.
public final class PostgresClient: Sendable {
    /// The thread that the connections live on.
    ///
    /// A task that does little besides talking to the database can name it as its task-executor preference.
    public let reactor: Reactor

    /// How the client was set up.
    public let configuration: PostgresConfiguration

    let logger: Logger
    let leased: PostgresPool
    /// For statements that others wrote.
    let foreign: PostgresPool
    let shared: PostgresPool
    let listeners = LockedValue(PostgresListeners())
    let ownsReactor: Bool
    /// Ends ``run()``.
    let end = LockedValue(End())

    struct End {
        var isShutDown = false
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    /// Makes a client, which can be used at once; nothing is opened yet.
    ///
    /// - Parameters:
    ///   - configuration: Where the database is.
    ///   - reactor: The loop to live on, which must outlive the client; one of its own if `nil`.
    ///   - logger: Told of lost connections and of the server's notices, and of no statement.
    public init(_ configuration: PostgresConfiguration, reactor: Reactor? = nil, logger: Logger) {
        let loop = reactor ?? Reactor(name: "postgres")
        self.reactor = loop
        ownsReactor = reactor == nil
        self.configuration = configuration
        self.logger = logger
        var limits = PostgresPool.Machine.Limits(
            connections: max(1, configuration.maximumConnections),
            streams: 1,
            acquireTimeout: configuration.acquireTimeout,
            idleTimeout: configuration.idleTimeout,
            lifetime: configuration.connectionLifetime,
            firstRetryDelay: configuration.firstRetryDelay,
            longestRetryDelay: configuration.longestRetryDelay
        )
        leased = PostgresPool(configuration: configuration, limits: limits, loop: loop, logger: logger)
        limits.connections = max(1, configuration.foreignConnections)
        foreign = PostgresPool(configuration: configuration.foreign, limits: limits, loop: loop, logger: logger)
        limits.connections = max(1, configuration.pipelinedConnections)
        limits.streams = max(1, configuration.pipelineDepth)
        shared = PostgresPool(configuration: configuration, limits: limits, loop: loop, logger: logger)
    }

    deinit {
        leased.stop()
        foreign.stop()
        shared.stop()
        stopListening()
        if ownsReactor { reactor.shutdown() }
    }

    /// How often connections were opened and lost so far; it costs no statement.
    public var connectionChanges: PostgresConnectionChanges {
        let (leased, shared) = (leased.changes, shared.changes)
        return PostgresConnectionChanges(opened: leased.opened + shared.opened, lost: leased.lost + shared.lost)
    }

    /// Whether connections go through a pooler, as far as that is known: see ``PostgresConfiguration/isPooled``.
    public var isPooled: Bool {
        configuration.isPooled ?? (leased.isPooled || shared.isPooled || foreign.isPooled)
    }

    // MARK: Statements

    /// Runs one statement that only reads, on a shared connection.
    ///
    /// Statements on one connection are answered in order, so one that takes long makes others wait: use
    /// ``query(_:_:timeout:)`` for it. If the task is cancelled the call ends at once; the server, which may be at
    /// another's statement by then, is only stopped when nobody else waits on the connection.
    ///
    /// - Parameters:
    ///   - statement: One statement; what it writes is committed, but it delays others.
    ///   - values: Its parameters, the first one for `$1`.
    ///   - timeout: How long it may run; what the configuration says if `nil`.
    /// - Returns: The rows.
    /// - Throws: ``PostgresError``.
    public func read(
        _ statement: PostgresStatement,
        _ values: [PostgresValue] = [],
        timeout: Duration? = nil
    ) async throws(PostgresError) -> PostgresRows {
        let (lease, outcome) = try await run(
            .statement(statement, values),
            on: shared,
            isShared: true,
            timeout: timeout
        )
        // An abandoned one is released when the server is done with it.
        if !outcome.isAbandoned { shared.release(lease.id, isReusable: true) }
        return try outcome.result.get()
    }

    /// Runs one statement that may write, on a connection of its own, and commits it.
    ///
    /// If the task is cancelled the server is asked to stop. If it was faster, the call returns as if nothing had
    /// happened.
    ///
    /// - Parameters:
    ///   - statement: One statement; settings and transactions that it starts are lost.
    ///   - values: Its parameters, the first one for `$1`.
    ///   - timeout: How long it may run; what the configuration says if `nil`.
    /// - Returns: The rows, none if the statement returns none.
    /// - Throws: ``PostgresError``. After ``PostgresError/Code/connectionLost`` it may have been committed or not.
    @discardableResult
    public func query(
        _ statement: PostgresStatement,
        _ values: [PostgresValue] = [],
        timeout: Duration? = nil
    ) async throws(PostgresError) -> PostgresRows {
        let (lease, outcome) = try await run(.statement(statement, values), on: leased, timeout: timeout)
        leased.release(lease.id, isReusable: outcome.isIdle)
        return try outcome.result.get()
    }

    /// Runs a statement on some connection, which is to be released.
    ///
    /// A connection that turns out to be closed before anything was sent is passed over, which is no retry.
    func run(
        _ kind: PendingStatement.Kind,
        on pool: PostgresPool,
        isShared: Bool = false,
        timeout: Duration? = nil
    ) async throws(PostgresError) -> (PostgresPool.Lease, StatementOutcome) {
        var attempts = 0
        while true {
            attempts += 1
            let lease = try await pool.acquire()
            let outcome = await lease.connection.execute(kind, isShared: isShared, timeout: timeout)
            // As many as can have been idle when the server went away; more would be another trouble.
            guard outcome.isUnsent, attempts <= configuration.maximumConnections else { return (lease, outcome) }
            pool.release(lease.id, isReusable: false)
        }
    }
}
