import Logging
import Reactor
import Synchronization

/// Does what a ``PoolStateMachine`` decides.
final class PostgresPool: Sendable {
    typealias Lease = PoolLease<PostgresConnection>
    typealias Request = CheckedContinuation<Result<Lease, PostgresError>, Never>
    typealias Machine = PoolStateMachine<PostgresConnection, Request>

    private struct State {
        var machine: Machine
        var lastRequest: UInt64 = 0
        /// The task that waits for the end of shutdown.
        var shutdown: [CheckedContinuation<Void, Never>] = []
        var isFinished = false
    }

    /// What the loop's thread alone touches.
    private final class LoopState: @unchecked Sendable {
        // Sendable is right: only the loop's thread touches it.
        var attempts: [UInt64: ConnectionAttempt] = [:]
        /// Whether the last attempt failed.
        var isFailing = false
        var timer: ReactorTimer?
    }

    private let configuration: PostgresConfiguration
    private let loop: Reactor
    private let logger: Logger
    private let state: LockedValue<State>
    private let loopState = LoopState()

    private let opened = Atomic<UInt64>(0)
    /// Connections that broke; those that the pool closes itself do not count.
    private let lost = Atomic<UInt64>(0)

    private let pooled = Atomic(false)

    /// Whether a connection went through a pooler.
    var isPooled: Bool { pooled.load(ordering: .acquiring) }

    /// How often the pool's connections have changed.
    var changes: PostgresConnectionChanges {
        .init(opened: opened.load(ordering: .acquiring), lost: lost.load(ordering: .acquiring))
    }

    init(configuration: PostgresConfiguration, limits: Machine.Limits, loop: Reactor, logger: Logger) {
        self.configuration = configuration
        self.loop = loop
        self.logger = logger
        state = LockedValue(State(machine: Machine(limits: limits)))
    }

    // MARK: Leases

    /// Takes a stream of a connection; it must be released.
    ///
    /// - Throws: ``PostgresError``, among others ``PostgresError/Code/acquireTimeout`` and
    ///   ``PostgresError/Code/connectionFailed``.
    func acquire() async throws(PostgresError) -> Lease {
        let now = ContinuousClock.now
        let (lease, actions) = state.withLock { $0.machine.acquire(now: now) }
        perform(actions)
        if let lease { return lease }
        return try await waitForLease().get()
    }

    private func waitForLease() async -> Result<Lease, PostgresError> {
        let id = state.withLock { state in
            state.lastRequest += 1
            return state.lastRequest
        }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                // A cancellation before this line found no request to cancel, so it is checked here.
                perform(
                    state.withLock { state in
                        let actions = state.machine.enqueue(continuation, id: id, now: .now)
                        return Task.isCancelled ? actions + state.machine.cancel(id) : actions
                    }
                )
            }
        } onCancel: {
            perform(state.withLock { $0.machine.cancel(id) })
        }
    }

    /// Gives a stream back.
    ///
    /// - Parameter isReusable: Whether the connection is fit for the next one.
    func release(_ id: UInt64, isReusable: Bool) {
        let now = ContinuousClock.now
        perform(state.withLock { $0.machine.release(id, isReusable: isReusable, now: now) })
    }

    // MARK: The end

    /// Takes no more requests, closes what is unused, and returns when the rest is given back or the time for that
    /// is up.
    func shutdown() async {
        stop()
        let deadline = ContinuousClock.now + configuration.shutdownTimeout
        loop.execute { [self] in
            _ = loop.schedule(at: deadline) { [self] in perform(state.withLock { $0.machine.abandonLeases() }) }
        }
        await withCheckedContinuation { continuation in
            let isFinished = state.withLock { state in
                if !state.isFinished { state.shutdown.append(continuation) }
                return state.isFinished
            }
            if isFinished { continuation.resume() }
        }
    }

    /// Takes no more requests and closes what is unused.
    func stop() {
        perform(state.withLock { $0.machine.shutdown() })
    }

    // MARK: Actions

    private func perform(_ actions: [Machine.Action]) {
        for action in actions { perform(action) }
    }

    private func perform(_ action: Machine.Action) {
        switch action {
        case .open(let id): loop.execute { self.open(id) }
        case .stopOpening(let id): loop.execute { self.loopState.attempts.removeValue(forKey: id)?.cancel() }
        case .close(let connection): loop.execute { connection.assumeIsolated { $0.close(.clientClosed) } }
        case .lend(let lease, let request): request.resume(returning: .success(lease))
        case .refuse(let request, let error): request.resume(returning: .failure(error))
        case .setTimer(let deadline): loop.execute { self.setTimer(deadline) }
        case .finished: finish()
        }
    }

    private func open(_ id: UInt64) {
        let attempt = ConnectionAttempt(configuration, loop: loop, logger: logger) { [self] result in
            loopState.attempts[id] = nil
            switch result {
            case .success(let handle):
                loopState.isFailing = false
                start(id, handle)
            case .failure(let error): fail(id, error)
            }
        }
        loopState.attempts[id] = attempt
        attempt.start()
    }

    private func start(_ id: UInt64, _ handle: PostgresHandle) {
        let connection = PostgresConnection(handle, configuration: configuration, loop: loop, logger: logger)
        if connection.isPooled { pooled.store(true, ordering: .releasing) }
        connection.assumeIsolated { connection in
            connection.onAbandonedStatementDone = { [self] in release(id, isReusable: true) }
            connection.start(
                onClose: { [self] error in
                    logger.debug("connection closed", metadata: ["reason": "\(error)"])
                    if error.code != .shutdown { lost.add(1, ordering: .releasing) }
                    perform(state.withLock { $0.machine.closed(id, error, now: .now) })
                },
                onReady: { [self] connection in
                    opened.add(1, ordering: .releasing)
                    perform(state.withLock { $0.machine.opened(id, connection, now: .now) })
                }
            )
        }
    }

    private func fail(_ id: UInt64, _ error: PostgresError) {
        // Once a series: a database that is away refuses many attempts.
        let level: Logger.Level = loopState.isFailing ? .debug : .warning
        loopState.isFailing = true
        logger.log(level: level, "no connection to the database", metadata: ["reason": "\(error)"])
        perform(
            state.withLock { state in
                state.machine.failedToOpen(id, error, isPermanent: error.isPermanentRefusal, now: .now)
            }
        )
    }

    private func setTimer(_ deadline: ContinuousClock.Instant) {
        // Demands of several threads may arrive in another order than they were made: the earliest counts.
        if let timer = loopState.timer {
            guard deadline < timer.deadline else { return }
            loop.cancel(timer)
        }
        loopState.timer = loop.schedule(at: deadline) { [self] in
            loopState.timer = nil
            perform(state.withLock { $0.machine.timerFired(now: .now) })
        }
    }

    private func finish() {
        let waiting = state.withLock { state in
            defer { state.shutdown.removeAll() }
            state.isFinished = true
            return state.shutdown
        }
        for continuation in waiting { continuation.resume() }
    }
}

extension PostgresError {
    fileprivate static let clientClosed = PostgresError(.shutdown, "the client closed the connection")
}
