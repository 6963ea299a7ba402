/// Why documents do not make a policy: everything that is wrong with them.
public struct SafetyPolicyError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The mistakes of one document.
    public struct Mistake: Sendable, Hashable {
        /// The policy's name.
        public let policy: String
        /// What is wrong, and where.
        public let problem: DocumentProblem
    }

    /// The mistakes, in the order of the documents.
    public let mistakes: [Mistake]

    /// All mistakes on one line.
    public var description: String {
        mistakes.map { "policy \"\($0.policy)\": \($0.problem)" }.joined(separator: "; ")
    }
}
