import Glibc

/// What went wrong with a private PostgreSQL server, and what to do about it.
public struct PostgresServerError: Error, Sendable, Hashable {
    /// The kind of failure, for programs.
    public let code: Code
    /// One or two sentences for people; names paths and programs, never what is stored.
    public let message: String
    /// What the server or its tool wrote about it, at most the last 4,096 bytes, if it wrote anything.
    public let logTail: String?

    init(_ code: Code, _ message: String, logTail: String? = nil) {
        self.code = code
        self.message = message
        self.logTail = logTail.flatMap { $0.isEmpty ? nil : $0 }
    }

    /// The kind of a ``PostgresServerError``; more may come with later versions.
    public struct Code: Sendable, Hashable, CustomStringConvertible {
        /// The code's name, as in the source.
        public let description: String

        private init(_ description: String) {
            self.description = description
        }

        /// PostgreSQL's programs are not on this machine, or not where they were said to be.
        public static let binariesNotFound = Code("binariesNotFound")
        /// A file or directory cannot be made, read or entered.
        public static let inaccessible = Code("inaccessible")
        /// There is no user other than root to run the server as.
        public static let noAccount = Code("noAccount")
        /// A setting's name or value cannot be written to the server's configuration.
        public static let invalidSetting = Code("invalidSetting")
        /// The cluster could not be created.
        public static let initializationFailed = Code("initializationFailed")
        /// The server did not come up.
        public static let startFailed = Code("startFailed")
        /// The server could not be asked to stop.
        public static let stopFailed = Code("stopFailed")
        /// A program could not be run at all.
        public static let commandFailed = Code("commandFailed")
        /// A step took longer than its limit in ``PostgresServer/TimeLimits``.
        public static let timedOut = Code("timedOut")
        /// The calling task was cancelled.
        public static let cancelled = Code("cancelled")
    }
}

extension PostgresServerError: CustomStringConvertible {
    /// The message, and below it what the server wrote while it failed.
    ///
    /// The tail is of this one start: server messages, no queries.
    public var description: String {
        guard let logTail else {
            return message
        }
        return "\(message)\nThe server's log ends with:\n\(logTail)"
    }
}

extension PostgresServerError {
    /// The error of a failed system call.
    ///
    /// - Parameters:
    ///   - action: What was tried, as in "cannot *create the directory /x*".
    ///   - number: The `errno` of the call.
    static func inaccessible(_ action: String, errno number: Int32) -> PostgresServerError {
        PostgresServerError(.inaccessible, "cannot \(action): \(errorText(number))")
    }

    static var cancelled: PostgresServerError {
        PostgresServerError(.cancelled, "cancelled")
    }
}

/// The C library's text for an error number.
func errorText(_ number: Int32) -> String {
    String(cString: strerror(number))
}
