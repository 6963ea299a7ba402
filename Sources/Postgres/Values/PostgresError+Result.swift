import CLibpq

extension PostgresError {
    /// The error that a result reports.
    ///
    /// - Parameters:
    ///   - result: A result that is no success.
    ///   - sql: The statement it answers.
    init(_ result: PostgresResult, sql: String?) {
        let report = Report(
            sqlState: result.errorField("C"),
            severity: result.errorField("V"),
            detail: result.errorField("D"),
            hint: result.errorField("H"),
            context: result.errorField("W"),
            constraint: result.errorField("n"),
            table: result.errorField("t"),
            column: result.errorField("c"),
            position: result.errorField("P").flatMap { Int($0) },
            internalPosition: result.errorField("p").flatMap { Int($0) },
            internalQuery: result.errorField("q"),
            sql: sql
        )
        guard report.sqlState != nil else {
            // It comes from libpq, not from the server.
            let message = PQresultErrorMessage(result.pointer).map { String(cString: $0) } ?? ""
            self.init(.connectionLost, Self.firstLine(message), report: report)
            return
        }
        let isFatal = report.severity == "FATAL" || report.severity == "PANIC"
        let message = result.errorField("M") ?? "the server gives no reason"
        self.init(isFatal ? .connectionLost : .server, message, report: report)
    }

    /// libpq's messages run over several lines, of which the first says what happened.
    static func firstLine(_ message: String) -> String {
        message.split(separator: "\n").first.map(String.init) ?? "unknown reason"
    }
}
