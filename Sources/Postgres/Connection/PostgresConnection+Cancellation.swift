import CLibpq
import Logging
import Reactor
internal import Synchronization

/// A request to cancel names a connection, not a statement: it stops whatever the server is at when it arrives. So it
/// is made only when every statement under way was given up by its caller, and while it is under way nothing is sent.
/// A statement on a connection of its caller's own is alone there, and stops at once. One on a shared connection is
/// abandoned: its caller continues at once, and the server is stopped as soon as no other caller waits on that connection.
extension PostgresConnection {
    /// How far a request to cancel is.
    enum Cancellation {
        /// A helper thread is making it.
        case requested
        /// It was made, and the server has not answered the statement yet.
        case awaitingAnswer
    }

    /// Ends a statement early; nothing happens if it is done.
    func interrupt(_ number: UInt64, _ interruption: PendingStatement.Interruption) {
        if let index = waiting.firstIndex(where: { $0.number == number }) {
            let statement = waiting.remove(at: index)
            statement.interruption = interruption
            statement.deliver(
                StatementOutcome(result: .failure(interruption.error(statement.sql, "was not sent")), isIdle: isIdle)
            )
            sendWaiting()
            return
        }
        guard let statement = sent.first(where: { $0.number == number }), statement.interruption == nil else { return }
        statement.interruption = interruption
        if statement.isShared {
            let error = interruption.error(statement.sql, "was given up")
            statement.deliver(StatementOutcome(result: .failure(error), isAbandoned: true))
        }
        cancelIfNobodyWaits()
    }

    /// Asks the server to stop, if all statements under way were interrupted.
    func cancelIfNobodyWaits() {
        guard cancellation != .requested, !isClosed, sent.contains(where: { $0.interruption != nil }),
            sent.allSatisfy({ $0.interruption != nil || $0.isDeallocation }),
            let request = PQgetCancel(handle.pointer).map(CancelRequest.init)
        else { return }
        cancellation = .requested
        if cancelDeadline == nil {
            let deadline = ContinuousClock.now + configuration.cancelTimeout
            cancelDeadline = deadline
            armTimer(deadline)
        }
        // It opens a connection of its own, which blocks.
        let started = DetachedThread.start(name: "pg-cancel") {
            let failure = request.send()
            self.loop.execute { self.assumeIsolated { $0.finishRequest(failure) } }
        }
        if !started { finishRequest("the system gives no thread for it") }
    }

    /// The server has passed the signal on, or was not reached.
    private func finishRequest(_ failure: String?) {
        guard !isClosed else { return }
        if let failure { logger.warning("the server was not asked to cancel", metadata: ["reason": "\(failure)"]) }
        cancellation = .awaitingAnswer
        guard sent.isEmpty || !answered.isEmpty else {
            // The server passes over a signal that arrives between two statements, so it is asked again until the
            // answer is there or the time is up.
            _ = loop.schedule(at: .now + .milliseconds(50)) { [self] in
                assumeIsolated { connection in
                    if connection.cancellation == .awaitingAnswer { connection.cancelIfNobodyWaits() }
                }
            }
            return
        }
        if answered.isEmpty {
            endCancellation()
            sendWaiting()
        } else {
            deliverAnswers()
        }
    }

    func endCancellation() {
        cancellation = nil
        cancelDeadline = nil
    }

    // MARK: Deadlines

    /// Keeps one timer, for what is due first.
    func armTimer(_ deadline: ContinuousClock.Instant) {
        if let timer {
            guard deadline < timer.deadline else { return }
            loop.cancel(timer)
        }
        timer = loop.schedule(at: deadline) { [self] in assumeIsolated { $0.handleTimer() } }
    }

    private func handleTimer() {
        timer = nil
        let now = ContinuousClock.now
        if let cancelDeadline, cancelDeadline <= now {
            givenUp.store(true, ordering: .releasing)
            logger.warning(
                "the server does not stop a statement; it was given up, and its process works on",
                metadata: ["process": "\(serverProcessID.map(String.init) ?? "known to the pooler")"]
            )
            if let serverProcessID { configuration.stuckHandler?(serverProcessID) }
            close(PostgresError(.connectionLost, "the server did not answer a request to cancel"))
            return
        }
        let due = (Array(sent) + Array(waiting)).filter { $0.interruption == nil && $0.isDue(now) }
        for statement in due { interrupt(statement.number, .timedOut) }
        let deadlines = (Array(sent) + Array(waiting)).filter { $0.interruption == nil }.compactMap(\.deadline)
        if let next = (deadlines + [cancelDeadline].compactMap(\.self)).min(), !isClosed { armTimer(next) }
    }
}

extension PendingStatement {
    fileprivate func isDue(_ now: ContinuousClock.Instant) -> Bool {
        deadline.map { $0 <= now } ?? false
    }
}
