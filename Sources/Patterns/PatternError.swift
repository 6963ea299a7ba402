/// Why a pattern could not be compiled or matched.
///
/// Neither the description nor the message holds the text that was searched.
public struct PatternError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kind of failure.
    public struct Code: Sendable, Hashable, CustomStringConvertible {
        /// The kind's name.
        public let description: String

        /// The pattern is not a regular expression of its dialect.
        public static let syntax = Code(description: "syntax")

        /// The pattern is longer than ``PatternLimits/maximumPatternBytes``.
        public static let tooLong = Code(description: "tooLong")

        /// Matching would take more time or memory than allowed, or the text is too long; nothing is known about
        /// whether it matches.
        public static let limitExceeded = Code(description: "limitExceeded")

        /// The library failed in a way that should not occur, such as running out of memory.
        public static let failed = Code(description: "failed")
    }

    /// The kind of failure.
    public let code: Code

    /// What is wrong, for people.
    public let message: String

    /// Where in the pattern the fault is, in UTF-8 bytes; only for syntax errors.
    public let offset: Int?

    init(_ code: Code, _ message: String, at offset: Int? = nil) {
        self.code = code
        self.message = message
        self.offset = offset
    }

    /// The message, and the place when there is one.
    public var description: String {
        guard let offset else { return message }
        return "\(message) (at offset \(offset))"
    }
}
