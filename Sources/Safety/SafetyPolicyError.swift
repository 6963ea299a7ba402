package import Definitions

/// Why documents do not make a policy: everything that is wrong with them.
package struct SafetyPolicyError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The mistakes of one document.
    package struct Mistake: Sendable, Hashable {
        /// The policy's name.
        package let policy: String
        /// What is wrong, and where.
        package let problem: DocumentProblem
    }

    /// The mistakes, in the order of the documents.
    package let mistakes: [Mistake]

    /// All mistakes on one line.
    package var description: String {
        mistakes.map { "policy \"\($0.policy)\": \($0.problem)" }.joined(separator: "; ")
    }
}
