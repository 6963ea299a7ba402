import CLibpq
import Logging
import Reactor

/// Opens one connection without blocking the loop.
///
/// libpq opens it in steps: after each the loop waits for the socket, which may be another after every step. A step
/// may look a name up, which blocks; if the configuration gives names, steps are made on a helper thread.
final class ConnectionAttempt: @unchecked Sendable {
    // Sendable is right: the loop's thread alone touches it, apart from `handle` during a step on a helper thread.
    typealias Completion = @Sendable (Result<PostgresHandle, PostgresError>) -> Void

    private let configuration: PostgresConfiguration
    private let loop: Reactor
    private let logger: Logger
    private var completion: Completion?
    private var handle: PostgresHandle?
    private var watch: ReactorWatch?
    private var timer: ReactorTimer?

    /// - Parameter completion: Called once, on the loop's thread.
    init(_ configuration: PostgresConfiguration, loop: Reactor, logger: Logger, completion: @escaping Completion) {
        self.configuration = configuration
        self.loop = loop
        self.logger = logger
        self.completion = completion
    }

    /// Starts, on the loop's thread.
    func start() {
        timer = loop.schedule(at: .now + configuration.connectTimeout) { [self] in
            finish(.failure(PostgresError(.connectionFailed, "no connection within \(configuration.connectTimeout)")))
        }
        perform { $0.open() }
    }

    /// Gives up, on the loop's thread; the completion is called with an error.
    func cancel() {
        finish(.failure(PostgresError(.shutdown, "the client was shut down")))
    }

    // MARK: Steps

    private func perform(_ step: @escaping @Sendable (ConnectionAttempt) -> PostgresPollingStatusType) {
        guard configuration.needsNameLookup else {
            proceed(step(self))
            return
        }
        let started = DetachedThread.start(name: "pg-connect") {
            let state = step(self)
            self.loop.execute { self.proceed(state) }
        }
        if !started { proceed(step(self)) }
    }

    private func open() -> PostgresPollingStatusType {
        let parameters = configuration.effectiveParameters.map { ($0.key, $0.value) }
        let pointer = parameters.map(\.0).withCStrings { keywords in
            parameters.map(\.1).withCStrings { values in PQconnectStartParams(keywords, values, 0) }
        }
        guard let pointer else { return PGRES_POLLING_FAILED }
        // With this the message of a failure holds the SQLSTATE, which libpq does not report otherwise.
        PQsetErrorVerbosity(pointer, PQERRORS_VERBOSE)
        handle = PostgresHandle(pointer, notices: NoticeSink(logger: logger, handler: configuration.noticeHandler))
        return PQstatus(pointer) == CONNECTION_BAD ? PGRES_POLLING_FAILED : PGRES_POLLING_WRITING
    }

    private func proceed(_ state: PostgresPollingStatusType) {
        // It may be over by now; then the handle goes with this object.
        guard completion != nil else { return }
        switch state {
        case PGRES_POLLING_OK: succeed()
        case PGRES_POLLING_READING: wait(for: .readable)
        case PGRES_POLLING_WRITING: wait(for: .writable)
        default: finish(.failure(failure()))
        }
    }

    private func wait(for readiness: Readiness) {
        guard let handle else { return }
        watch = loop.watch(handle.descriptor, for: readiness) { [self] _ in
            unwatch()
            perform { attempt in attempt.handle.map { PQconnectPoll($0.pointer) } ?? PGRES_POLLING_FAILED }
        }
        if watch == nil { finish(.failure(PostgresError(.connectionFailed, "the socket cannot be watched"))) }
    }

    // MARK: The end

    private func succeed() {
        guard let handle else { return }
        PQsetErrorVerbosity(handle.pointer, PQERRORS_DEFAULT)
        PQsetnonblocking(handle.pointer, 1)
        self.handle = nil
        finish(.success(handle))
    }

    private func finish(_ result: Result<PostgresHandle, PostgresError>) {
        guard let completion else { return }
        self.completion = nil
        unwatch()
        if let timer { loop.cancel(timer) }
        timer = nil
        completion(result)
    }

    private func unwatch() {
        if let watch { loop.remove(watch) }
        watch = nil
    }

    /// What libpq says, with the SQLSTATE taken out of the text: `FATAL:  28P01: password …`.
    private func failure() -> PostgresError {
        guard let handle else { return PostgresError(.connectionFailed, "out of memory") }
        let message = handle.errorMessage
        // The server's severity, which is translated, is followed by two spaces.
        guard let severity = message.firstRange(of: ":  "),
            let end = message[severity.upperBound...].firstIndex(of: ":"),
            message[severity.upperBound..<end].utf8.count == 5
        else { return PostgresError(.connectionFailed, message) }
        let text = message[end...].dropFirst(2)
        let report = PostgresError.Report(sqlState: String(message[severity.upperBound..<end]))
        return PostgresError(.connectionFailed, String(text), report: report)
    }
}

extension PostgresError {
    /// Whether another attempt to connect would fail the same way: the server answered and refuses this user, this
    /// password or this database, or the configuration is wrong.
    var isPermanentRefusal: Bool {
        guard code == .connectionFailed, let sqlState else { return code == .invalidConfiguration }
        return sqlState.hasPrefix("28") || sqlState.hasPrefix("3D") || sqlState.hasPrefix("42")
    }
}
