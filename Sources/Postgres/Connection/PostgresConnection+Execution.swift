import CLibpq
import Reactor
import Synchronization

extension PostgresConnection {
    /// Runs a statement or a script.
    ///
    /// It is not isolated, and so saves the hops of the task to the actor and back: what is to be done is handed to the
    /// loop, and the task resumes when the answer is there.
    ///
    /// - Parameters:
    ///   - kind: What to run.
    ///   - isShared: Whether other tasks use the connection too: then a cancelled statement is abandoned.
    ///   - isCancellable: Whether the task's cancellation and the configured timeout stop it; `false` for what has to
    ///     be done in any case.
    ///   - timeout: How long it may run; what the configuration says if `nil`.
    nonisolated func execute(
        _ kind: PendingStatement.Kind,
        isShared: Bool = false,
        isCancellable: Bool = true,
        timeout: Duration? = nil
    ) async -> StatementOutcome {
        let number = nextNumber()
        guard isCancellable else {
            return await withCheckedContinuation { continuation in
                perform { $0.submit(kind, number: number, timeout: timeout, receiver: .task(continuation)) }
            }
        }
        let timeout = timeout ?? configuration.statementTimeout
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                guard !Task.isCancelled else {
                    perform { continuation.resume(returning: .cancelledBeforeStart(isIdle: $0.isIdle)) }
                    return
                }
                let receiver = PendingStatement.Receiver.task(continuation)
                perform { $0.submit(kind, number: number, isShared: isShared, timeout: timeout, receiver: receiver) }
                // A cancellation in between may have come to the loop before the statement.
                if Task.isCancelled { perform { $0.interrupt(number, .cancelled) } }
            }
        } onCancel: {
            perform { $0.interrupt(number, .cancelled) }
        }
    }

    /// Ends a lease.
    ///
    /// - Returns: Whether the connection is fit for the next one: in no transaction, and with nothing under way.
    nonisolated func settle() async -> Bool {
        setNoticeHandler(nil)
        return await withCheckedContinuation { continuation in
            perform { continuation.resume(returning: $0.isIdle) }
        }
    }

    /// Does something on the loop, at once if this is its thread.
    private nonisolated func perform(_ body: @escaping @Sendable (isolated PostgresConnection) -> Void) {
        if loop.isCurrent {
            assumeIsolated { body($0) }
        } else {
            loop.execute { self.assumeIsolated { body($0) } }
        }
    }

    nonisolated func nextNumber() -> UInt64 {
        numbers.wrappingAdd(1, ordering: .relaxed).newValue
    }

    // MARK: On the loop

    /// Sends a statement, or lets it wait until it can be sent.
    func submit(
        _ kind: PendingStatement.Kind,
        number: UInt64? = nil,
        isShared: Bool = false,
        timeout: Duration? = nil,
        receiver: PendingStatement.Receiver
    ) {
        let deadline = timeout.map { ContinuousClock.now + $0 }
        let statement = PendingStatement(
            number: number ?? nextNumber(),
            kind: kind,
            isShared: isShared,
            deadline: deadline,
            receiver: receiver
        )
        guard !isClosed else {
            statement.deliver(StatementOutcome(result: .failure(.alreadyClosed), isUnsent: true))
            return
        }
        waiting.append(statement)
        sendWaiting()
        if let deadline, !isClosed { armTimer(deadline) }
    }

    /// Sends what waits, as far as that is possible now.
    func sendWaiting() {
        while let next = waiting.first, !isClosed, cancellation == nil {
            let isScriptUnderWay = sent.last?.isScript ?? false
            guard !isScriptUnderWay, !next.isScript || sent.isEmpty else { return }
            waiting.removeFirst()
            do throws(PostgresError) {
                try send(next)
            } catch {
                next.deliver(StatementOutcome(result: .failure(error), isIdle: isIdle))
            }
        }
    }

    /// Whether the connection is in no transaction and has nothing to do.
    var isIdle: Bool {
        !isClosed && sent.isEmpty && waiting.isEmpty && PQtransactionStatus(handle.pointer) == PQTRANS_IDLE
    }

    /// Whether the connection is in a transaction, failed or not; meaningless while statements are under way.
    var hasTransaction: Bool {
        let status = PQtransactionStatus(handle.pointer)
        return status == PQTRANS_INTRANS || status == PQTRANS_INERROR
    }

    /// How many statements were sent and are not answered.
    var statementsUnderWay: Int { sent.count }
}

extension StatementOutcome {
    fileprivate static func cancelledBeforeStart(isIdle: Bool) -> StatementOutcome {
        let error = PostgresError(.cancelled, "the task was cancelled before the statement was sent")
        return StatementOutcome(result: .failure(error), isIdle: isIdle)
    }
}

extension PostgresError {
    static let alreadyClosed = PostgresError(.connectionLost, "the connection is closed")
    static let statementHoldsNUL = PostgresError(.invalidParameter, "the statement holds U+0000")
}
