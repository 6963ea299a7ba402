/// Why a schema does not compile.
public struct JSONSchemaError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kind of failure.
    public struct Code: Sendable, Hashable, CustomStringConvertible {
        /// The kind's name.
        public let description: String

        /// The schema breaks the rules of its draft, or refers to what is not there.
        public static let invalid = Code(description: "invalid")

        /// The schema is beyond the limits.
        public static let tooLarge = Code(description: "tooLarge")
    }

    /// The kind of failure.
    public let code: Code

    /// What is wrong, at least one problem.
    public let problems: [JSONSchemaProblem]

    /// The problems, the first few of them, on one line.
    public var description: String {
        let shown = problems.prefix(5).map(\.description).joined(separator: "; ")
        return problems.count > 5 ? "\(shown); and \(problems.count - 5) more" : shown
    }
}
