extension PendingStatement.Interruption {
    func error(_ sql: String?, _ ending: String, sqlState: String? = nil) -> PostgresError {
        let report = PostgresError.Report(sqlState: sqlState, sql: sql)
        switch self {
        case .cancelled:
            return PostgresError(.cancelled, "the task was cancelled; the statement \(ending)", report: report)
        case .timedOut:
            return PostgresError(.statementTimeout, "the time is up; the statement \(ending)", report: report)
        }
    }
}

extension PendingStatement {
    /// What an interrupted statement ends with.
    ///
    /// - Parameter error: What the server said, or `nil` if the connection ended first.
    /// - Returns: `nil` if it was not interrupted, or failed for a reason of its own.
    func interruptionError(_ error: PostgresError?) -> PostgresError? {
        guard let interruption else { return nil }
        guard let error else { return interruption.error(sql, "was under way when the connection ended") }
        return error.sqlState == "57014" ? interruption.error(sql, "was stopped", sqlState: "57014") : nil
    }
}
