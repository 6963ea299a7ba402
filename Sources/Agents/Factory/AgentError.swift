/// Why an agent cannot be had.
public struct AgentError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kind of failure.
    public struct Code: Sendable, Hashable, CustomStringConvertible {
        private let name: String

        private init(_ name: String) {
            self.name = name
        }

        /// The code's name as it is stored with a turn.
        public var description: String { name }

        /// There is no agent with this name.
        public static let notFound = Code("agent_not_found")
        /// Its rows do not make an agent: a schema that does not compile, a model that lacks something.
        public static let invalid = Code("agent_invalid")
        /// The submission was begun too often without an end.
        public static let attemptsExhausted = Code("attempts_exhausted")
        /// The submission or the conversation cannot be read: too deep, too long, a number beyond what is known.
        public static let unreadable = Code("submission_unreadable")
        /// The database could not be asked.
        public static let unavailable = Code("database_unavailable")
    }

    /// The kind of failure.
    public let code: Code
    /// What happened, in a sentence.
    public let message: String
    /// Whether the database was away, and the same may succeed later.
    var isTransient = false

    /// A failure.
    ///
    /// - Parameters:
    ///   - code: The kind of failure.
    ///   - message: What happened.
    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    /// The message.
    public var description: String { message }
}
