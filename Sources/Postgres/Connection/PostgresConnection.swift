import CLibpq
import DequeModule
import Logging
import Reactor
import Synchronization

/// A connection to the server, lent by ``PostgresClient``.
///
/// Several statements can be under way at once: they are sent one behind the other without waiting, are answered in
/// order, and an error in one does not touch the next (inside a transaction the server itself refuses what follows).
///
/// It lives on the client's reactor. Do not keep it beyond the call that lent it.
public actor PostgresConnection {
    nonisolated let loop: Reactor
    nonisolated let configuration: PostgresConfiguration
    nonisolated let logger: Logger

    /// The reactor that the connection lives on.
    public nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

    /// The server's process that serves this connection, as in `pg_stat_activity.pid`; a number without a meaning behind a
    /// pooler.
    public nonisolated let backendProcessID: Int32
    /// The same number where it is that of a process; `nil` where a pooler has made it up, and the server has to be asked
    /// for it within each transaction.
    public nonisolated var serverProcessID: Int32? { isPooled || handle.isPooled ? nil : backendProcessID }
    /// Whether a pooler lends the server's processes, another for each transaction: see
    /// ``PostgresConfiguration/isPooled``.
    public nonisolated let isPooled: Bool

    /// Whether the server did not answer a request to cancel: its process works on, and the connection is closed.
    public nonisolated var wasGivenUp: Bool { givenUp.load(ordering: .acquiring) }
    nonisolated let givenUp = Atomic(false)

    /// Numbers statements, so that a cancellation finds its own.
    nonisolated let numbers = Atomic<UInt64>(0)

    nonisolated let handle: PostgresHandle
    var watch: ReactorWatch?
    var timer: ReactorTimer?
    var isClosed = false

    /// Sent and not answered, in order.
    var sent = Deque<PendingStatement>()
    /// Not sent yet, as a script or a cancellation is under way.
    var waiting = Deque<PendingStatement>()
    /// While it is not `nil` nothing may be sent, as a request to cancel could hit it by mistake.
    var cancellation: Cancellation?
    /// Answered, and the caller is not notified yet.
    var answered: [(PendingStatement, Result<PostgresRows, PostgresError>)] = []
    /// When the server must have answered a request to cancel.
    var cancelDeadline: ContinuousClock.Instant?

    var statements: StatementCache
    var parameters = ParameterBuffer()

    /// Called once, when the connection is closed or breaks.
    var onClose: (@Sendable (PostgresError) -> Void)?
    /// Called when a statement that its caller abandoned is done.
    var onAbandonedStatementDone: (@Sendable () -> Void)?
    /// Called with each notification.
    var onNotification: ((_ channel: String, _ payload: String) -> Void)?

    init(_ handle: PostgresHandle, configuration: PostgresConfiguration, loop: Reactor, logger: Logger) {
        self.handle = handle
        self.configuration = configuration
        self.loop = loop
        self.logger = logger
        backendProcessID = PQbackendPID(handle.pointer)
        let isPooled = configuration.isPooled ?? handle.isPooled
        self.isPooled = isPooled
        statements = StatementCache(
            capacity: configuration.preparedStatements && !isPooled ? configuration.maximumPreparedStatements : 0,
            tag: "s" + String(UInt64.random(in: 0 ... .max), radix: 36)
        )
    }

    /// Starts to watch the socket, and makes the server write dates as the decoders read them.
    ///
    /// - Parameters:
    ///   - onClose: Called once, when the connection is closed or breaks.
    ///   - onReady: Called when the connection can be used; not if it is closed before.
    func start(
        onClose: @escaping @Sendable (PostgresError) -> Void,
        onReady: @escaping @Sendable (PostgresConnection) -> Void
    ) {
        self.onClose = onClose
        watch = loop.watch(handle.descriptor, for: .readable) { [self] readiness in
            assumeIsolated { $0.handleReadiness(readiness) }
        }
        guard watch != nil else {
            close(PostgresError(.connectionFailed, "the socket cannot be watched"))
            return
        }
        // Only where the server, the database or the role is set to something else.
        var settings: [String] = []
        if handle.serverSetting("DateStyle")?.hasPrefix("ISO") == false { settings.append("SET DateStyle = ISO") }
        if handle.serverSetting("standard_conforming_strings") == "off" {
            settings.append("SET standard_conforming_strings = on")
        }
        guard !settings.isEmpty else {
            setIsolation()
            onReady(self)
            return
        }
        setIsolation()
        let receiver = PendingStatement.Receiver.call { [self] outcome in
            switch outcome.result {
            case .success: onReady(self)
            case .failure(let error): assumeIsolated { $0.close(error) }
            }
        }
        submit(.script(settings.joined(separator: "; ")), receiver: receiver)
    }

    /// Has statements see what others have committed, and wait for them, whatever the server's default is: under
    /// another isolation they would fail and have to be repeated.
    ///
    /// Nobody waits for it: what is sent next comes after it. A pooler's connection is another one for each transaction.
    private func setIsolation() {
        guard !isPooled else { return }
        let receiver = PendingStatement.Receiver.call { [self] outcome in
            if case .failure(let error) = outcome.result { assumeIsolated { $0.close(error) } }
        }
        submit(.script("SET default_transaction_isolation = 'read committed'"), receiver: receiver)
    }

    // MARK: The interface

    /// Runs one statement.
    ///
    /// If the task is cancelled the server is asked to stop; the connection stays usable.
    ///
    /// - Parameters:
    ///   - statement: The statement.
    ///   - values: Its parameters, the first one for `$1`.
    ///   - timeout: How long it may run; what the configuration says if `nil`.
    /// - Returns: The rows, none if the statement returns none.
    /// - Throws: ``PostgresError``, among others ``PostgresError/Code/server`` if the server refuses the statement,
    ///   ``PostgresError/Code/cancelled`` and ``PostgresError/Code/statementTimeout``.
    @discardableResult
    public nonisolated func query(
        _ statement: PostgresStatement,
        _ values: [PostgresValue] = [],
        timeout: Duration? = nil
    ) async throws(PostgresError) -> PostgresRows {
        try await execute(.statement(statement, values), timeout: timeout).result.get()
    }

    /// Runs any number of statements, separated by `;`, as one: if one fails those before it are undone, unless the
    /// script itself has `COMMIT` in it.
    ///
    /// - Parameters:
    ///   - sql: The statements; COPY from or to the client is not among them.
    ///   - timeout: How long all of them may run; what the configuration says if `nil`.
    /// - Throws: ``PostgresError`` as ``query(_:_:timeout:)`` does.
    public nonisolated func executeScript(_ sql: String, timeout: Duration? = nil) async throws(PostgresError) {
        _ = try await execute(.script(sql), timeout: timeout).result.get()
    }

    /// Sets what is called with each notice until the connection is given back.
    ///
    /// - Parameter handler: Called on the loop's thread, so it must not block; `nil` for none.
    public nonisolated func setNoticeHandler(_ handler: (@Sendable (PostgresNotice) -> Void)?) {
        handle.notices.setLeaseHandler(handler)
    }
}
