import CLibpq
import DequeModule
import Reactor

extension PostgresConnection {
    /// - Throws: ``PostgresError/Code/invalidParameter`` if it cannot be sent; then nothing was.
    func send(_ statement: PendingStatement) throws(PostgresError) {
        let isSent: Bool
        switch statement.kind {
        case .statement(let sql, let values):
            guard !sql.holdsNUL else { throw .statementHoldsNUL }
            try parameters.fill(values)
            isSent = sendPipelined(statement, sql)
        case .script(let sql):
            guard !sql.utf8.contains(0) else { throw .statementHoldsNUL }
            isSent = PQexitPipelineMode(handle.pointer) == 1 && PQsendQuery(handle.pointer, sql) == 1
            sent.append(statement)
        case .deallocation:
            isSent = false
        }
        guard isSent else {
            if sent.last !== statement { sent.append(statement) }
            close(PostgresError(.connectionLost, handle.errorMessage))
            return
        }
        flush()
    }

    private func sendPipelined(_ statement: PendingStatement, _ sql: PostgresStatement) -> Bool {
        guard PQenterPipelineMode(handle.pointer) == 1 else { return false }
        let isQueued: Bool
        switch statements.use(sql) {
        case .prepared(let name):
            statement.name = name
            isQueued = sendExecution(of: name)
        case .prepare(let name, let evicted):
            if let evicted, !sendDeallocation(of: evicted) { return false }
            statement.awaitsPreparation = true
            isQueued = PQsendPrepare(handle.pointer, name, sql.sql, 0, nil) == 1 && sendExecution(of: name)
        case .unprepared:
            isQueued = parameters.withArrays { count, values, lengths, formats in
                PQsendQueryParams(handle.pointer, sql.sql, count, nil, values, lengths, formats, 0) == 1
            }
        }
        sent.append(statement)
        return isQueued && PQpipelineSync(handle.pointer) == 1
    }

    private func sendExecution(of name: String) -> Bool {
        parameters.withArrays { count, values, lengths, formats in
            PQsendQueryPrepared(handle.pointer, name, count, values, lengths, formats, 0) == 1
        }
    }

    /// With a Sync of its own, as some statements (`VACUUM`) refuse to be second between two of them.
    private func sendDeallocation(of name: String) -> Bool {
        sent.append(PendingStatement(number: nextNumber(), kind: .deallocation, receiver: .nobody))
        return PQsendQueryParams(handle.pointer, "DEALLOCATE \(name)", 0, nil, nil, nil, nil, 0) == 1
            && PQpipelineSync(handle.pointer) == 1
    }

    /// Writes what the socket takes; the rest when it is writable again.
    func flush() {
        guard let watch else { return }
        switch PQflush(handle.pointer) {
        case 0: loop.update(watch, for: .readable)
        case 1: loop.update(watch, for: [.readable, .writable])
        default: close(PostgresError(.connectionLost, handle.errorMessage))
        }
    }
}
