public import JSON
public import Postgres

/// Why the database did not do what was asked.
///
/// The functions of the schema refuse with SQLSTATE codes of their own (`AC001` …); they become codes here, so that
/// callers need not know SQL.
///
/// ``message`` may quote data: it is for the person who asked. `description` is safe to log.
public struct StoreError: Error, Sendable, CustomStringConvertible {
    /// The kind of failure.
    public struct Code: Sendable, Hashable, CustomStringConvertible {
        private let name: String

        private init(_ name: String) {
            self.name = name
        }

        /// The code's name as it is shown.
        public var description: String { name }

        /// A document or an argument is not valid (`AC001`, or a constraint of a table).
        public static let invalid = Code("invalid")
        /// There is no such thing (`AC002`).
        public static let notFound = Code("not_found")
        /// A rule forbids it (`AC003`).
        public static let refused = Code("refused")
        /// The database user may not do it (`AC004`, or a missing privilege).
        public static let notPermitted = Code("not_permitted")
        /// The turn that was asked about did not succeed (`AC005`).
        public static let turnFailed = Code("turn_failed")
        /// The database cannot be reached, or the connection broke.
        public static let unreachable = Code("unreachable")
        /// The database cannot do it now, and trying again may work: a lock that was not granted, a deadlock, a partition
        /// that is missing, too little space or memory, a server that only reads as another has taken over, a statement's
        /// time limit.
        public static let unavailable = Code("unavailable")
        /// The schema is missing or not of this release.
        public static let notMigrated = Code("not_migrated")
        /// The calling task was cancelled.
        public static let cancelled = Code("cancelled")
        /// Anything else that the database reports.
        public static let database = Code("database")
    }

    /// The kind of failure.
    public let code: Code
    /// What happened, in a sentence; may quote data.
    public let message: String
    /// What to do about it, if anything is known.
    public let hint: String?
    /// For ``Code/invalid``: what is wrong, as `agentctl.document_problems` tells it; nil if it is one sentence.
    public let problems: JSONValue?
    /// What the PostgreSQL client reported; nil when the failure is none of the database's.
    public let underlying: PostgresError?

    /// The five characters by which the server classifies its errors, such as `23505`.
    package var sqlState: String? { underlying?.sqlState }
    /// The constraint that was violated.
    package var constraint: String? { underlying?.constraint }

    /// A failure.
    ///
    /// - Parameters:
    ///   - code: The kind of failure.
    ///   - message: What happened.
    ///   - hint: What to do about it.
    ///   - problems: What is wrong with a document.
    ///   - underlying: What the PostgreSQL client reported; `message` is taken for what may quote data then.
    package init(
        _ code: Code,
        _ message: String,
        hint: String? = nil,
        problems: JSONValue? = nil,
        underlying: PostgresError? = nil
    ) {
        self.code = code
        self.message = message
        self.hint = hint
        self.problems = problems
        self.underlying = underlying
    }

    /// Reads an error of the client or the server.
    ///
    /// - Parameter error: What the PostgreSQL client threw.
    package init(_ error: PostgresError) {
        let code = Self.code(of: error)
        let hint: String? =
            switch code {
            case .notMigrated: "Run agentctl init-db."
            case _ where error.isMissingPartition:
                "Run: SELECT agentctl.create_partitions(); agentctl doctor shows what is missing."
            case .notPermitted where error.sqlState == "42501":
                "docs/operations.md has the role that each command needs; an administrator grants it."
            case .unavailable where error.isFullDisk:
                "The server's disk is full: make room where it keeps its data (SHOW data_directory). What is stored stays, and "
                    + "nothing needs a restart."
            case .unavailable where error.sqlState == "25006":
                "This server or user only reads: name the primary server. See: agentctl doctor"
            case .unreachable: error.hint ?? error.connectionHint
            default: error.hint
            }
        let problems = code == .invalid ? error.detail.flatMap { try? JSONValue(parsing: $0) } : nil
        self.init(code, error.message, hint: hint, problems: problems, underlying: error)
    }

    private static func code(of error: PostgresError) -> Code {
        switch error.code {
        case .connectionFailed, .connectionLost, .acquireTimeout, .shutdown, .commitUnknown: return .unreachable
        case .cancelled: return .cancelled
        case .statementTimeout, .rolledBack: return .unavailable
        default: break
        }
        guard let state = error.sqlState else { return .database }
        if error.isMissingPartition { return .unavailable }
        switch state {
        case "AC001", "23514", "22001", "22023", "22P02", "22P05": return .invalid
        case "AC002": return .notFound
        case "AC003": return .refused
        case "AC004", "42501": return .notPermitted
        case "AC005": return .turnFailed
        case "3F000", "42P01", "42883", "42703": return .notMigrated
        // Class 08 also from a pooler, whose server is away.
        case "57P01", "57P02", "57P03": return .unreachable
        case _ where state.hasPrefix("08"): return .unreachable
        case "25006", "55P03", "57014": return .unavailable
        // Serialization failures and deadlocks, too few resources, the system's own errors.
        case _ where ["40", "53", "58"].contains(state.prefix(2)): return .unavailable
        default: return .database
        }
    }

    /// Whether the same call may succeed later.
    public var isTransient: Bool {
        code == .unreachable || code == .unavailable
    }

    /// Whether the server's disk has no room for it.
    package var isFullDisk: Bool { underlying?.isFullDisk == true }

    /// Whether the database refuses the rows themselves: the same rows are refused again.
    package var isAboutRows: Bool {
        sqlState.map { ["22", "23"].contains($0.prefix(2)) } ?? false
    }

    /// Whether the schema is not there at all; else something of it is of another release.
    package var isMissingSchema: Bool {
        code == .notMigrated && (sqlState == "3F000" || message.contains("agentctl.migration"))
    }

    /// Whether what was asked may have been done nevertheless: the answer was lost, or was not waited for.
    package var mayHaveBeenCarriedOut: Bool {
        switch underlying?.code {
        case .connectionLost, .commitUnknown, .cancelled, .statementTimeout, .decoding, .protocolViolation: true
        case .some: false
        case nil: code == .database || code == .cancelled
        }
    }

    /// Whether a transaction that ended so has certainly changed nothing, and would end so again.
    package var isUndone: Bool {
        switch underlying?.code {
        case .server: !isTransient && code != .cancelled
        case .some: false
        case nil: code == .database
        }
    }

    /// The kind and what happened, without data.
    public var description: String { "\(code): \(underlying?.safeMessage ?? message)" }

    /// The same failure as another kind, in other words.
    package func with(_ code: Code, _ message: String) -> StoreError {
        StoreError(code, message, hint: hint, problems: problems, underlying: underlying)
    }
}

extension PostgresError {
    /// What to do where there is no connection, by what the server or libpq says of it.
    fileprivate var connectionHint: String {
        let says = { (texts: [String]) in texts.contains { message.contains($0) } }
        switch sqlState {
        case "28P01": return "The password is wrong: PGPASSWORD, ~/.pgpass or the URL has it."
        case "28000" where says(["does not exist"]):
            return "There is no such user on the server: name another in the URL, or CREATE ROLE … LOGIN."
        case "28000": return "The server does not let this user in from here: pg_hba.conf, or LOGIN of the role."
        case "3D000":
            return
                "There is no such database on the server: name another in the URL, or make it and run: agentctl init-db"
        case "42501": return "An administrator runs: GRANT CONNECT ON DATABASE … TO the user."
        case "53300": return "The server has no connection left: raise max_connections, or put a pooler before it."
        case "57P03": return "The server starts, stops or recovers: try again in a moment."
        default: break
        }
        if says(["no password supplied"]) { return "The server asks for a password: PGPASSWORD, or ~/.pgpass." }
        if says(["SSL", "TLS", "certificate"]) {
            return
                "It is about TLS: sslmode, sslrootcert and sslcert in the URL; docs/operations.md has what they mean."
        }
        if says(["could not translate host name"]) { return "Is the name of the host in the URL right?" }
        return "Is the server running? See: agentctl doctor"
    }

    /// Whether the server has no room for what it was to write: `disk_full`, and what the system says of files.
    var isFullDisk: Bool { sqlState == "53100" || sqlState == "58030" && message.contains("No space left") }

    /// Whether the table of the month that a row belongs to is missing: a check without a name.
    var isMissingPartition: Bool { sqlState == "23514" && constraint == nil }
}
