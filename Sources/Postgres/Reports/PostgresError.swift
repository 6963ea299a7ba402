/// Why something asked of PostgreSQL did not happen.
///
/// `description` is safe to log: it holds no SQL, no parameters and no stored data. `debugDescription` has all that
/// is known, but never the parameters.
public struct PostgresError: Error {
    /// What kind of failure it is; more kinds may be added.
    public struct Code: Sendable, Hashable, CustomStringConvertible {
        /// The name of the kind.
        public let description: String

        /// No connection could be opened; the server refused it, or cannot be reached.
        public static let connectionFailed = Code(description: "connectionFailed")
        /// The connection broke; whether a statement that was under way took effect is unknown.
        public static let connectionLost = Code(description: "connectionLost")
        /// The connection broke while a transaction was being committed: it may be committed or not.
        public static let commitUnknown = Code(description: "commitUnknown")
        /// The server refused the statement; ``PostgresError/sqlState`` says why.
        public static let server = Code(description: "server")
        /// The transaction was rolled back by COMMIT, as a statement in it had failed and the failure was ignored.
        public static let rolledBack = Code(description: "rolledBack")
        /// The task was cancelled.
        public static let cancelled = Code(description: "cancelled")
        /// The statement took longer than it was allowed to.
        public static let statementTimeout = Code(description: "statementTimeout")
        /// No connection became free in time.
        public static let acquireTimeout = Code(description: "acquireTimeout")
        /// A value is not there or is not of the type that was asked for.
        public static let decoding = Code(description: "decoding")
        /// A statement or a parameter cannot be sent at all.
        public static let invalidParameter = Code(description: "invalidParameter")
        /// The configuration is wrong.
        public static let invalidConfiguration = Code(description: "invalidConfiguration")
        /// The client was shut down.
        public static let shutdown = Code(description: "shutdown")
        /// The server did something that was not asked for, or that this client does not do (COPY).
        public static let protocolViolation = Code(description: "protocolViolation")
    }

    /// What the server says about an error, and the statement that caused it.
    struct Report: Sendable {
        var sqlState: String?
        var severity: String?
        var detail: String?
        var hint: String?
        var context: String?
        var constraint: String?
        var table: String?
        var column: String?
        var position: Int?
        var internalPosition: Int?
        var internalQuery: String?
        var sql: String?
    }

    /// One reference, so that an error is cheap to hand on.
    private final class Storage: Sendable {
        let code: Code
        let message: String
        let report: Report

        init(code: Code, message: String, report: Report) {
            self.code = code
            self.message = message
            self.report = report
        }
    }

    private let storage: Storage

    init(_ code: Code, _ message: String, report: Report = Report()) {
        storage = Storage(code: code, message: message, report: report)
    }

    /// What kind of failure it is.
    public var code: Code { storage.code }
    /// What happened, in one sentence; a message of the server's may quote data.
    public var message: String { storage.message }
    /// The five characters by which the server classifies its errors, such as `23505`.
    public var sqlState: String? { report.sqlState }
    /// What the server adds; may quote data.
    public var detail: String? { report.detail }
    /// What the server suggests.
    public var hint: String? { report.hint }
    /// Where in stored code it happened; may quote data.
    public var context: String? { report.context }
    /// The constraint that was violated.
    public var constraint: String? { report.constraint }
    /// The table concerned.
    public var table: String? { report.table }
    /// The column concerned.
    public var column: String? { report.column }
    /// Where in the statement it is, counted in characters from 1.
    public var position: Int? { report.position }
    /// The same for a statement that a function of the server ran: ``internalQuery``.
    public var internalPosition: Int? { report.internalPosition }
    /// The statement that a function of the server ran and that failed; may quote data.
    public var internalQuery: String? { report.internalQuery }

    var report: Report { storage.report }
}

extension PostgresError: CustomStringConvertible, CustomDebugStringConvertible {
    /// The kind, the SQLSTATE and what happened, without data, SQL or parameters.
    public var description: String {
        guard let sqlState else { return "\(code): \(message)" }
        let constraint = constraint.map { " (constraint \($0))" } ?? ""
        return "\(code) \(sqlState): \(safeMessage)\(constraint)"
    }

    /// The message, or a sentence in its place when it may quote data.
    public var safeMessage: String { messageQuotesData ? "message withheld, it may quote data" : message }

    /// Everything known, including the statement, but not its parameters.
    public var debugDescription: String {
        var lines = ["\(code)\(sqlState.map { " \($0)" } ?? ""): \(message)"]
        let more: [(String, String?)] = [
            ("detail", detail), ("hint", hint), ("context", context), ("table", table), ("column", column),
            ("constraint", constraint), ("position", position.map { "\($0)" }), ("statement", report.sql),
        ]
        for case (let name, let value?) in more { lines.append("  \(name): \(value)") }
        return lines.joined(separator: "\n")
    }

    /// Class 22 (data exception) quotes the offending value in the message itself, class 42 a piece of the statement.
    ///
    /// What a stored function raises (class P0) says whatever its author wrote.
    private var messageQuotesData: Bool {
        guard let sqlState else { return false }
        return sqlState.hasPrefix("22") || sqlState.hasPrefix("P0") || sqlState == "42601"
    }
}

extension PostgresError {
    /// The same failure as another kind.
    func with(code: Code, message: String? = nil) -> PostgresError {
        PostgresError(code, message ?? self.message, report: report)
    }
}
