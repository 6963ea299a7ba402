import DequeModule

/// A stream of a connection, which its holder gives back.
struct PoolLease<Connection> {
    let id: UInt64
    let connection: Connection
}

extension PoolLease: Sendable where Connection: Sendable {}

/// Decides what a pool of connections does; the pool does it.
///
/// It does no I/O, reads no clock and knows nothing of connections but their numbers. Every input returns what is to be
/// done, in order.
///
/// A connection serves `streams` requests at once: one if it is leased, many if it is shared. A request takes the
/// connection with the fewest others on it. If there is none it waits, first come, first served, until its deadline; a
/// connection that cannot be opened is tried again after a pause that doubles, as long as a caller waits.
struct PoolStateMachine<Connection, Request> {
    /// The limits; see ``PostgresConfiguration`` for what they mean.
    struct Limits {
        var connections: Int
        var streams: Int
        var acquireTimeout: Duration
        var idleTimeout: Duration
        var lifetime: Duration
        var firstRetryDelay: Duration
        var longestRetryDelay: Duration
    }

    typealias Instant = ContinuousClock.Instant
    typealias ConnectionID = UInt64
    typealias RequestID = UInt64

    typealias Lease = PoolLease<Connection>

    /// What the pool is to do.
    enum Action {
        /// Open a connection and report ``PoolStateMachine/opened(_:_:now:)`` or ``PoolStateMachine/failedToOpen``.
        case open(ConnectionID)
        /// Stop opening; nothing is to be reported any more.
        case stopOpening(ConnectionID)
        case close(Connection)
        case lend(Lease, to: Request)
        case refuse(Request, PostgresError)
        /// Call ``PoolStateMachine/timerFired(now:)`` at that time, and forget earlier demands.
        case setTimer(Instant)
        /// Nothing is left of the pool: it was shut down and all connections are closed.
        case finished
    }

    struct Slot {
        let id: ConnectionID
        /// `nil` while it is being opened.
        var connection: Connection?
        var openedAt: Instant
        var idleSince: Instant
        var used = 0
        /// No new requests, and closed when the last one is done.
        var isRetiring = false
    }

    struct Waiter {
        let id: RequestID
        let request: Request
        let deadline: Instant
    }

    let limits: Limits
    /// In the order of opening, so that the surplus is at the end, where it gets idle.
    var slots: [Slot] = []
    var waiters = Deque<Waiter>()
    var lastID: ConnectionID = 0
    var failures = 0
    var lastFailure: PostgresError?
    var retryAt: Instant?
    var timer: Instant?
    var isShutDown = false
    var isFinished = false

    init(limits: Limits) {
        self.limits = limits
    }

    // MARK: Inputs

    /// Takes a stream at once, if there is one and nobody waits for it.
    ///
    /// - Returns: The lease, or `nil` if the request has to ``enqueue(_:id:now:)``; and what else is to be done.
    mutating func acquire(now: Instant) -> (Lease?, [Action]) {
        guard !isShutDown, waiters.isEmpty, let index = leastUsed(), let (lease, others) = take(index)
        else { return (nil, []) }
        // A shared connection that is busy gets company while it continues to serve.
        return (lease, others > 0 ? openIfUseful(now: now, wanted: 1) : [])
    }

    /// Takes a stream, or waits for one.
    mutating func enqueue(_ request: Request, id: RequestID, now: Instant) -> [Action] {
        guard !isShutDown else { return [.refuse(request, .clientShutDown)] }
        waiters.append(Waiter(id: id, request: request, deadline: now + limits.acquireTimeout))
        return serve(now: now) + setTimer(now + limits.acquireTimeout)
    }

    /// The task of a request was cancelled; nothing happens if it was served or refused.
    mutating func cancel(_ id: RequestID) -> [Action] {
        guard let index = waiters.firstIndex(where: { $0.id == id }) else { return [] }
        let waiter = waiters.remove(at: index)
        return [
            .refuse(waiter.request, PostgresError(.cancelled, "the task was cancelled while waiting for a connection"))
        ]
    }

    /// A connection can be used.
    mutating func opened(_ id: ConnectionID, _ connection: Connection, now: Instant) -> [Action] {
        guard !isShutDown, let index = slots.firstIndex(where: { $0.id == id }) else { return [.close(connection)] }
        failures = 0
        lastFailure = nil
        retryAt = nil
        slots[index].connection = connection
        slots[index].openedAt = now
        slots[index].idleSince = now
        return serve(now: now) + setTimer(now + min(limits.idleTimeout, limits.lifetime))
    }

    /// A connection could not be opened.
    ///
    /// - Parameter isPermanent: Another attempt would fail as well: waiting callers receive the error at once.
    mutating func failedToOpen(_ id: ConnectionID, _ error: PostgresError, isPermanent: Bool, now: Instant) -> [Action]
    {
        guard let index = slots.firstIndex(where: { $0.id == id }) else { return [] }
        slots.remove(at: index)
        guard !isShutDown else { return finishIfEmpty() }
        let delay = limits.firstRetryDelay * (1 << min(failures, 20))
        let retry = now + min(delay, limits.longestRetryDelay)
        failures += 1
        lastFailure = error
        retryAt = retry
        guard isPermanent else { return waiters.isEmpty ? [] : setTimer(retry) }
        return refuseAll(error)
    }

    /// A connection broke.
    mutating func closed(_ id: ConnectionID, _ error: PostgresError, now: Instant) -> [Action] {
        guard let index = slots.firstIndex(where: { $0.id == id }) else { return [] }
        if slots[index].connection == nil {
            return failedToOpen(id, error, isPermanent: false, now: now)
        }
        slots.remove(at: index)
        return isShutDown ? finishIfEmpty() : serve(now: now)
    }

    /// A stream is given back.
    ///
    /// - Parameter isReusable: Whether the connection is fit for the next one.
    mutating func release(_ id: ConnectionID, isReusable: Bool, now: Instant) -> [Action] {
        guard let index = slots.firstIndex(where: { $0.id == id }), let connection = slots[index].connection
        else { return [] }
        slots[index].used -= 1
        slots[index].idleSince = now
        if !isReusable || isShutDown || slots[index].openedAt + limits.lifetime <= now {
            slots[index].isRetiring = true
        }
        guard slots[index].isRetiring, slots[index].used == 0 else { return waiters.isEmpty ? [] : serve(now: now) }
        slots.remove(at: index)
        return [.close(connection)] + (isShutDown ? finishIfEmpty() : serve(now: now))
    }

    /// The time that was demanded has come.
    mutating func timerFired(now: Instant) -> [Action] {
        timer = nil
        guard !isShutDown else { return [] }
        let actions = refuseLate(now: now) + closeStale(now: now) + serve(now: now)
        return nextDeadline(after: now).map { actions + setTimer($0) } ?? actions
    }

    /// Takes no more requests and closes what is unused; the rest closes when it is given back.
    mutating func shutdown() -> [Action] {
        guard !isShutDown else { return [] }
        isShutDown = true
        var actions = refuseAll(.clientShutDown)
        slots.removeAll { slot in
            guard slot.used == 0 else { return false }
            actions.append(slot.connection.map { .close($0) } ?? .stopOpening(slot.id))
            return true
        }
        return actions + finishIfEmpty()
    }

    /// Closes what is still in use after ``shutdown()``.
    mutating func abandonLeases() -> [Action] {
        let connections = slots.compactMap(\.connection)
        slots.removeAll()
        return connections.map { .close($0) } + finishIfEmpty()
    }
}

extension PostgresError {
    static let clientShutDown = PostgresError(.shutdown, "the client was shut down")
}
