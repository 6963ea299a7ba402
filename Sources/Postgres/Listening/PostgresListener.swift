import Logging
import Reactor

/// Keeps a connection that listens, and opens another when it breaks, for ever.
final class PostgresListener: @unchecked Sendable {
    // Sendable is right: what is mutable is touched on the loop's thread only.
    private let script: String
    private let events: PostgresListenEvents
    /// Where it connects: past a pooler, as soon as one was met.
    private var configuration: PostgresConfiguration
    private let loop: Reactor
    private let logger: Logger

    private var attempt: ConnectionAttempt?
    private var connection: PostgresConnection?
    private var retry: ReactorTimer?
    private var failures = 0
    private var isStopped = false

    init(
        channels: [String],
        events: PostgresListenEvents,
        configuration: PostgresConfiguration,
        loop: Reactor,
        logger: Logger
    ) {
        script = channels.map { "LISTEN \(Self.quote($0))" }.joined(separator: ";")
        self.events = events
        self.configuration = configuration.isPooled == true ? configuration.direct ?? configuration : configuration
        self.loop = loop
        self.logger = logger
    }

    /// Starts to listen; from any thread.
    func start() {
        loop.execute { self.connect() }
    }

    /// Closes the connection and ends the events; from any thread.
    func stop() {
        events.finish()
        loop.execute {
            self.isStopped = true
            if let retry = self.retry { self.loop.cancel(retry) }
            self.attempt?.cancel()
            self.connection?.assumeIsolated { $0.close(.clientShutDown) }
        }
    }

    private static func quote(_ channel: String) -> String {
        let doubled = channel.map { $0 == "\"" ? "\"\"" : String($0) }.joined()
        return "\"\(doubled)\""
    }

    // MARK: On the loop

    private func connect() {
        guard !isStopped else { return }
        retry = nil
        let attempt = ConnectionAttempt(configuration, loop: loop, logger: logger) { [self] result in
            self.attempt = nil
            switch result {
            case .success(let handle): listen(handle)
            case .failure(let error): retryLater(error)
            }
        }
        self.attempt = attempt
        attempt.start()
    }

    private func listen(_ handle: PostgresHandle) {
        let connection = PostgresConnection(handle, configuration: configuration, loop: loop, logger: logger)
        guard !connection.isPooled else { return passPooler() }
        self.connection = connection
        connection.assumeIsolated { connection in
            connection.onNotification = { [events] channel, payload in
                events.add(.notification(channel: channel, payload: payload))
            }
            connection.start(
                onClose: { [self] error in
                    self.connection = nil
                    retryLater(error)
                },
                onReady: { [self] connection in subscribe(connection) }
            )
        }
    }

    /// Connects past the pooler, or gives up: through it no notification would come.
    private func passPooler() {
        if let direct = configuration.direct {
            configuration = direct
            return connect()
        }
        logger.warning(
            "no notifications through a pooler in transaction mode: what is new is looked for instead",
            metadata: ["to_be_notified": "set DIRECT_URL to the server itself, or pgbouncer=false in session mode"]
        )
    }

    private func subscribe(_ connection: PostgresConnection) {
        connection.assumeIsolated { connection in
            connection.submit(
                .script(script),
                timeout: configuration.connectTimeout,
                receiver: .call { self.finishListening($0) }
            )
        }
    }

    private func finishListening(_ outcome: StatementOutcome) {
        switch outcome.result {
        case .success:
            failures = 0
            events.add(.connected)
        case .failure(let error):
            connection?.assumeIsolated { $0.close(error) }
        }
    }

    private func retryLater(_ error: PostgresError) {
        guard !isStopped else { return }
        logger.log(
            level: failures == 0 ? .warning : .debug,
            "not listening for notifications",
            metadata: ["reason": "\(error)"]
        )
        let delay = configuration.firstRetryDelay * (1 << min(failures, 20))
        failures += 1
        retry = loop.schedule(at: .now + min(delay, configuration.longestRetryDelay)) { [self] in connect() }
    }
}

/// The listeners of a client, which end with it.
struct PostgresListeners {
    var isShutDown = false
    var active: [ObjectIdentifier: PostgresListener] = [:]
}
