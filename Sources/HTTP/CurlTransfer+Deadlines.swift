extension CurlTransfer {
    /// When the transfer fails unless something happens before; `nil` while it may take for ever.
    var deadline: ContinuousClock.Instant? {
        let total = request.totalTimeout.map { startedAt + $0 }
        guard timesSent > 0, !isPaused else { return total }
        let idle = lastActivity + request.idleTimeout
        return total.map { min($0, idle) } ?? idle
    }

    /// Which timeout has passed, if one has.
    func expiry(at now: ContinuousClock.Instant) -> HTTPClientError? {
        if let total = request.totalTimeout, startedAt + total <= now {
            return HTTPClientError(.timeoutTotal, "the response was not complete after \(total)")
        }
        guard let deadline, deadline <= now else { return nil }
        return HTTPClientError(.timeoutIdle, "nothing was received for \(request.idleTimeout)")
    }
}
