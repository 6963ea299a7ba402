package import Definitions

/// Why documents do not make guardrails: everything that is wrong with them.
package struct GuardrailError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The mistakes of one document.
    package struct Mistake: Sendable, Hashable {
        /// The guardrail's name.
        package let guardrail: String
        /// What is wrong, and where.
        package let problem: DocumentProblem
    }

    /// The mistakes, in the order of the documents.
    package let mistakes: [Mistake]

    /// All mistakes on one line.
    package var description: String {
        mistakes.map { "guardrail \"\($0.guardrail)\": \($0.problem)" }.joined(separator: "; ")
    }
}
