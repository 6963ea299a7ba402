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
/// connection that cannot be opened is tried again after a pause that doubles, as long as somebody waits.
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

    private struct Slot {
        let id: ConnectionID
        /// `nil` while it is being opened.
        var connection: Connection?
        var openedAt: Instant
        var idleSince: Instant
        var used = 0
        /// No new requests, and closed when the last one is done.
        var isRetiring = false
    }

    private struct Waiter {
        let id: RequestID
        let request: Request
        let deadline: Instant
    }

    let limits: Limits
    /// In the order of opening, so that the surplus is at the end, where it gets idle.
    private var slots: [Slot] = []
    private var waiters = Deque<Waiter>()
    private var lastID: ConnectionID = 0
    private var failures = 0
    private var lastFailure: PostgresError?
    private var retryAt: Instant?
    private var timer: Instant?
    private var isShutDown = false
    private var isFinished = false

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
        // A shared connection that is busy gets company while it goes on serving.
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
    /// - Parameter isPermanent: Another attempt would fail as well: whoever waits is told so at once.
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

    // MARK: Decisions

    private func leastUsed() -> Int? {
        var best: (index: Int, used: Int)?
        for index in slots.indices where slots[index].connection != nil && !slots[index].isRetiring {
            let used = slots[index].used
            if used == 0 { return index }
            if used < min(limits.streams, best?.used ?? .max) { best = (index, used) }
        }
        return best?.index
    }

    /// - Returns: The lease, and how many others were on the connection before.
    private mutating func take(_ index: Int) -> (Lease, others: Int)? {
        guard let connection = slots[index].connection else { return nil }
        slots[index].used += 1
        return (Lease(id: slots[index].id, connection: connection), slots[index].used - 1)
    }

    /// Serves whoever waits, as far as there are connections, and opens some for the rest.
    private mutating func serve(now: Instant) -> [Action] {
        var actions: [Action] = []
        while !waiters.isEmpty, let index = leastUsed(), let (lease, _) = take(index) {
            actions.append(.lend(lease, to: waiters.removeFirst().request))
        }
        return waiters.isEmpty ? actions : actions + openIfUseful(now: now, wanted: waiters.count)
    }

    private mutating func openIfUseful(now: Instant, wanted: Int) -> [Action] {
        if let retryAt, retryAt > now { return waiters.isEmpty ? [] : setTimer(retryAt) }
        let opening = slots.count { $0.connection == nil }
        // After a failure one attempt at a time is enough to find out.
        let streams = (wanted + limits.streams - 1) / limits.streams
        let useful = failures > 0 ? 1 : streams
        let possible = min(useful - opening, limits.connections - slots.count)
        guard possible > 0 else { return [] }
        return (0..<possible).map { _ in
            lastID += 1
            slots.append(Slot(id: lastID, openedAt: now, idleSince: now))
            return .open(lastID)
        }
    }

    private mutating func refuseAll(_ error: PostgresError) -> [Action] {
        defer { waiters.removeAll() }
        return waiters.map { .refuse($0.request, error) }
    }

    private mutating func refuseLate(now: Instant) -> [Action] {
        var actions: [Action] = []
        while let first = waiters.first, first.deadline <= now {
            waiters.removeFirst()
            let inUse = "none of \(limits.connections) connections became free within \(limits.acquireTimeout)"
            let error = lastFailure ?? PostgresError(.acquireTimeout, inUse)
            actions.append(.refuse(first.request, error))
        }
        return actions
    }

    private mutating func closeStale(now: Instant) -> [Action] {
        for index in slots.indices
        where slots[index].connection != nil && slots[index].openedAt + limits.lifetime <= now {
            slots[index].isRetiring = true
        }
        let idleTimeout = limits.idleTimeout
        let stale = slots.filter { slot in
            slot.used == 0 && (slot.isRetiring || slot.idleSince + idleTimeout <= now)
        }
        let connections = stale.compactMap(\.connection)
        slots.removeAll { slot in slot.connection != nil && stale.contains { $0.id == slot.id } }
        return connections.map { .close($0) }
    }

    private func nextDeadline(after now: Instant) -> Instant? {
        var deadlines: [Instant] = []
        if let first = waiters.first { deadlines += [first.deadline] + [retryAt].compactMap { $0 }.filter { $0 > now } }
        for slot in slots where slot.connection != nil && !slot.isRetiring {
            // One in use may be idle soon; it is looked at again after the shortest time that may take.
            let idleSince = slot.used == 0 ? slot.idleSince : now
            deadlines.append(min(idleSince + limits.idleTimeout, slot.openedAt + limits.lifetime))
        }
        return deadlines.min()
    }

    /// Demands the timer, unless it fires earlier anyway.
    private mutating func setTimer(_ deadline: Instant) -> [Action] {
        if let timer, timer <= deadline { return [] }
        timer = deadline
        return [.setTimer(deadline)]
    }

    private mutating func finishIfEmpty() -> [Action] {
        guard isShutDown, slots.isEmpty, !isFinished else { return [] }
        isFinished = true
        return [.finished]
    }
}

extension PostgresError {
    static let clientShutDown = PostgresError(.shutdown, "the client was shut down")
}
