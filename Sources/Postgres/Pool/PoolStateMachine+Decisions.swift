import DequeModule

extension PoolStateMachine {
    func leastUsed() -> Int? {
        var best: (index: Int, used: Int)?
        for index in slots.indices where slots[index].connection != nil && !slots[index].isRetiring {
            let used = slots[index].used
            if used == 0 { return index }
            if used < min(limits.streams, best?.used ?? .max) { best = (index, used) }
        }
        return best?.index
    }

    /// - Returns: The lease, and how many others were on the connection before.
    mutating func take(_ index: Int) -> (Lease, others: Int)? {
        guard let connection = slots[index].connection else { return nil }
        slots[index].used += 1
        return (Lease(id: slots[index].id, connection: connection), slots[index].used - 1)
    }

    /// Serves waiting callers, as far as there are connections, and opens some for the rest.
    mutating func serve(now: Instant) -> [Action] {
        var actions: [Action] = []
        while !waiters.isEmpty, let index = leastUsed(), let (lease, _) = take(index) {
            actions.append(.lend(lease, to: waiters.removeFirst().request))
        }
        return waiters.isEmpty ? actions : actions + openIfUseful(now: now, wanted: waiters.count)
    }

    mutating func openIfUseful(now: Instant, wanted: Int) -> [Action] {
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

    mutating func refuseAll(_ error: PostgresError) -> [Action] {
        defer { waiters.removeAll() }
        return waiters.map { .refuse($0.request, error) }
    }

    mutating func refuseLate(now: Instant) -> [Action] {
        var actions: [Action] = []
        while let first = waiters.first, first.deadline <= now {
            waiters.removeFirst()
            let inUse = "none of \(limits.connections) connections became free within \(limits.acquireTimeout)"
            let error = lastFailure ?? PostgresError(.acquireTimeout, inUse)
            actions.append(.refuse(first.request, error))
        }
        return actions
    }

    mutating func closeStale(now: Instant) -> [Action] {
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

    func nextDeadline(after now: Instant) -> Instant? {
        var deadlines: [Instant] = []
        if let first = waiters.first { deadlines += [first.deadline] + [retryAt].compactMap { $0 }.filter { $0 > now } }
        for slot in slots where slot.connection != nil && !slot.isRetiring {
            // One in use may be idle soon; it is checked again after the shortest time that may take.
            let idleSince = slot.used == 0 ? slot.idleSince : now
            deadlines.append(min(idleSince + limits.idleTimeout, slot.openedAt + limits.lifetime))
        }
        return deadlines.min()
    }

    /// Demands the timer, unless it fires earlier anyway.
    mutating func setTimer(_ deadline: Instant) -> [Action] {
        if let timer, timer <= deadline { return [] }
        timer = deadline
        return [.setTimer(deadline)]
    }

    mutating func finishIfEmpty() -> [Action] {
        guard isShutDown, slots.isEmpty, !isFinished else { return [] }
        isFinished = true
        return [.finished]
    }
}
