import CLinux

/// Watches and timers, to be used on the loop's thread.
extension Reactor {
    /// Watches a descriptor.
    ///
    /// - Parameters:
    ///   - descriptor: Stays open until ``remove(_:)``.
    ///   - readiness: What to wait for.
    ///   - handler: Called on the loop's thread whenever the descriptor is ready, until the watch is removed.
    /// - Returns: The watch, or `nil` if the kernel refuses it.
    package func watch(
        _ descriptor: Int32,
        for readiness: Readiness,
        _ handler: @escaping (Readiness) -> Void
    ) -> ReactorWatch? {
        assert(isCurrent)
        lastToken += 1
        guard clinux_epoll_add(epoll, descriptor, readiness.rawValue, lastToken) == 0 else { return nil }
        let watch = ReactorWatch(descriptor: descriptor, token: lastToken, readiness: readiness, handler: handler)
        watches[lastToken] = watch
        return watch
    }

    /// Changes what a watch waits for; no system call if it is that already.
    package func update(_ watch: ReactorWatch, for readiness: Readiness) {
        assert(isCurrent)
        guard watch.readiness != readiness else { return }
        watch.readiness = readiness
        _ = clinux_epoll_modify(epoll, watch.descriptor, readiness.rawValue, watch.token)
    }

    /// Ends a watch, before its descriptor is closed.
    package func remove(_ watch: ReactorWatch) {
        assert(isCurrent)
        guard watches.removeValue(forKey: watch.token) != nil else { return }
        _ = clinux_epoll_remove(epoll, watch.descriptor)
    }

    /// Calls `action` on the loop's thread when `deadline` has come.
    package func schedule(at deadline: ContinuousClock.Instant, _ action: @escaping () -> Void) -> ReactorTimer {
        assert(isCurrent)
        return timers.insert(at: deadline, action)
    }

    /// Takes a timer back; nothing happens if it fired already.
    package func cancel(_ timer: ReactorTimer) {
        assert(isCurrent)
        timers.remove(timer)
    }
}
