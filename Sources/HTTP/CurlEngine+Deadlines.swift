internal import CCurl

extension CurlEngine {
    /// Sees to it that the loop wakes up in time for a transfer.
    func noteDeadline(of entry: CurlTransfer) {
        guard let deadline = entry.deadline else { return }
        transferDeadline = transferDeadline.map { min($0, deadline) } ?? deadline
    }

    /// Ends the transfers whose time is over.
    ///
    /// The deadlines of transfers mostly move away, so the earliest one seen is checked again when it has come, and
    /// not each time a byte arrives.
    func expireTransfers() {
        guard let due = transferDeadline else { return }
        let now = ContinuousClock.now
        guard due <= now else { return }
        transferDeadline = nil
        for entry in Array(active.values) {
            if let error = entry.expiry(at: now) {
                entry.fail(error)
                remove(entry)
            } else {
                noteDeadline(of: entry)
            }
        }
    }

    /// Calls libcurl if it asked to be called by now.
    func fireCurlTimer() {
        guard let due = curlDeadline, due <= .now else { return }
        curlDeadline = nil
        var running: Int32 = 0
        curl_multi_socket_action(multi, CURL_SOCKET_BAD, 0, &running)
        if curlDeadline == nil { askForDeadline() }
    }

    /// Asks libcurl when it wants to be called.
    ///
    /// It rounds its times down and reports each only once: called a part of a millisecond early, it does nothing, and says
    /// nothing either.
    private func askForDeadline() {
        var milliseconds = -1
        curl_multi_timeout(multi, &milliseconds)
        if milliseconds >= 0 { curlDeadline = .now + .milliseconds(milliseconds) }
    }

    /// How long to wait for sockets, in milliseconds, rounded up; -1 is for ever.
    var waitTime: Int32 {
        guard let due = [curlDeadline, transferDeadline].compactMap(\.self).min() else { return -1 }
        let (seconds, attoseconds) = (due - .now).components
        if seconds < 0 || attoseconds < 0 { return 0 }
        return Int32(min(60_000, min(seconds, 60) * 1000 + (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000))
    }

    static let timerChanged: curl_multi_timer_callback = { _, milliseconds, context in
        guard let context else { return -1 }
        let engine = Unmanaged<CurlEngine>.fromOpaque(context).takeUnretainedValue()
        engine.curlDeadline = milliseconds < 0 ? nil : .now + .milliseconds(milliseconds)
        return 0
    }
}
