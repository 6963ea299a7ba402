/// Why an agent cannot be had.
package struct AgentError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kind of failure.
    package struct Code: Sendable, Hashable, CustomStringConvertible {
        private let name: String

        private init(_ name: String) {
            self.name = name
        }

        /// The code's name as it is stored with a turn.
        package var description: String { name }

        /// There is no agent with this name.
        package static let notFound = Code("agent_not_found")
        /// Its rows do not make an agent: a schema that does not compile, a model that lacks something.
        package static let invalid = Code("agent_invalid")
        /// A tool or a model needs an implementation of an embedding program, and this process does not have it.
        package static let missingImplementation = Code("missing_implementation")
        /// The submission was begun too often without an end.
        package static let attemptsExhausted = Code("attempts_exhausted")
        /// The submission or the conversation cannot be read: too deep, too long, a number beyond what is known.
        package static let unreadable = Code("submission_unreadable")
        /// The database could not be asked.
        package static let unavailable = Code("database_unavailable")
    }

    /// The kind of failure.
    package let code: Code
    /// What happened, in a sentence.
    package let message: String
    /// Whether the database was away, and the same may succeed later.
    package var isTransient = false

    /// A failure.
    ///
    /// - Parameters:
    ///   - code: The kind of failure.
    ///   - message: What happened.
    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    /// The message.
    package var description: String { message }
}
