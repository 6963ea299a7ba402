import CLibpq
import DequeModule
import Reactor

extension PostgresConnection {
    /// The socket is ready.
    func handleReadiness(_ readiness: Readiness) {
        guard !isClosed else { return }
        if readiness.contains(.writable) {
            flush()
            guard !isClosed else { return }
        }
        guard PQconsumeInput(handle.pointer) == 1 else {
            close(PostgresError(.connectionLost, handle.errorMessage))
            return
        }
        takeResults()
        guard !isClosed else { return }
        deliverAnswers()
        guard !isClosed else { return }
        takeNotifications()
        // Anything that is neither an answer nor a notice ends the connection.
        if handle.isBroken { close(PostgresError(.connectionLost, handle.errorMessage)) }
    }

    private func takeResults() {
        // libpq reports the end of each answer as well; several ends in a row mean that it has lost its place.
        var ends = 0
        while let statement = sent.first, PQisBusy(handle.pointer) == 0 {
            if let pointer = PQgetResult(handle.pointer) {
                ends = 0
                take(PostgresResult(pointer), for: statement)
            } else if statement.isScript {
                complete(statement)
            } else {
                ends += 1
                if ends > 4 { close(PostgresError(.protocolViolation, "answers are out of step with statements")) }
            }
            guard !isClosed else { return }
        }
        // Lets libpq read what came unasked, such as the reason why the server ends the connection.
        if sent.isEmpty { _ = PQisBusy(handle.pointer) }
    }

    private func take(_ result: PostgresResult, for statement: PendingStatement) {
        switch result.status {
        case PGRES_PIPELINE_SYNC:
            complete(statement)
        case PGRES_COPY_IN, PGRES_COPY_OUT, PGRES_COPY_BOTH:
            close(PostgresError(.protocolViolation, "COPY from or to the client is not supported"))
        case PGRES_PIPELINE_ABORTED where statement.error != nil:
            break
        case _ where result.isSuccess:
            if statement.awaitsPreparation {
                confirmPreparation(of: statement)
            } else {
                statement.result = result
            }
        default:
            statement.error = statement.error ?? PostgresError(result, sql: statement.sql)
        }
    }

    private func confirmPreparation(of statement: PendingStatement) {
        statement.awaitsPreparation = false
        if case .statement(let sql, _) = statement.kind { statements.confirm(sql) }
    }

    /// The first statement sent is answered to its end.
    private func complete(_ statement: PendingStatement) {
        sent.removeFirst()
        if isSentAgain(statement) { return }
        forgetIfUnprepared(statement)
        let result: Result<PostgresRows, PostgresError> =
            if let error = statement.error {
                .failure(statement.interruptionError(error) ?? error)
            } else if let result = statement.result {
                .success(PostgresRows(result: result))
            } else {
                .failure(PostgresError(.protocolViolation, "the server gave no answer"))
            }
        answered.append((statement, result))
    }

    /// Notifies the callers of statements that are answered.
    ///
    /// All at once after reading, as each may wake another thread. While a request to cancel is under way they wait:
    /// the connection is not to be used before it has ended.
    func deliverAnswers() {
        guard !answered.isEmpty, cancellation != .requested else { return }
        let done = answered
        answered.removeAll(keepingCapacity: true)
        endCancellation()
        let isIdle = isIdle
        for (statement, result) in done {
            deliver(StatementOutcome(result: result, isIdle: isIdle), to: statement)
        }
        // On a shared connection it would take in the statements of others.
        if let last = done.last, last.0.isShared, sent.isEmpty, hasTransaction {
            close(PostgresError(.protocolViolation, "a statement on a shared connection left a transaction open"))
        }
        cancelIfNobodyWaits()
        sendWaiting()
    }

    private func deliver(_ outcome: StatementOutcome, to statement: PendingStatement) {
        if statement.isShared, statement.interruption != nil {
            onAbandonedStatementDone?()
        } else {
            statement.deliver(outcome)
        }
    }

    /// The server has not prepared the statement, has lost it (`DISCARD`, a pooler), or needs it prepared again, as a migration
    /// has changed what it returns.
    private func forgetIfUnprepared(_ statement: PendingStatement) {
        guard case .statement(let sql, _) = statement.kind, let error = statement.error else { return }
        if statement.awaitsPreparation || error.sqlState == "26000" || error.sqlState == "0A000" {
            statements.forget(sql)
        }
    }

    /// Sends a statement once more, without a name, that the server did not begin as it does not know the name (any more).
    ///
    /// It was forgotten (`DISCARD`), or a pooler has passed the statement on to another process. The connection then goes
    /// without names. In a transaction that is too late: the server has given it up.
    private func isSentAgain(_ statement: PendingStatement) -> Bool {
        guard let name = statement.name, let error = statement.error, error.sqlState == "26000",
            error.message.contains(name)
        else { return false }
        statements.stop()
        guard statement.interruption == nil, !hasTransaction else { return false }
        statement.name = nil
        statement.error = nil
        waiting.append(statement)
        sendWaiting()
        return true
    }

    private func takeNotifications() {
        while let notification = PQnotifies(handle.pointer) {
            onNotification?(String(cString: notification.pointee.relname), String(cString: notification.pointee.extra))
            PQfreemem(notification)
        }
    }

    // MARK: The end

    /// Closes the connection and notifies all callers; nothing happens if it is closed.
    ///
    /// - Parameter error: What the statements under way end with, unless the server said more.
    func close(_ error: PostgresError) {
        guard !isClosed else { return }
        isClosed = true
        if let watch { loop.remove(watch) }
        if let timer { loop.cancel(timer) }
        watch = nil
        timer = nil
        handle.finish()
        let unanswered = sent
        let unsent = waiting
        sent.removeAll()
        waiting.removeAll()
        for (statement, result) in answered {
            deliver(StatementOutcome(result: result), to: statement)
        }
        answered.removeAll()
        for statement in unanswered {
            let reason = statement.error ?? error
            deliver(StatementOutcome(result: .failure(statement.interruptionError(nil) ?? reason)), to: statement)
        }
        for statement in unsent {
            statement.deliver(StatementOutcome(result: .failure(error), isUnsent: true))
        }
        let onClose = onClose
        self.onClose = nil
        onAbandonedStatementDone = nil
        onNotification = nil
        onClose?(error)
    }
}
