/// Why documents do not make guardrails: everything that is wrong with them.
public struct GuardrailError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The mistakes of one document.
    public struct Mistake: Sendable, Hashable {
        /// The guardrail's name.
        public let guardrail: String
        /// What is wrong, and where.
        public let problem: DocumentProblem
    }

    /// The mistakes, in the order of the documents.
    public let mistakes: [Mistake]

    /// All mistakes on one line.
    public var description: String {
        mistakes.map { "guardrail \"\($0.guardrail)\": \($0.problem)" }.joined(separator: "; ")
    }
}
