package import Definitions

/// Why the body of a request is not what a dialect says.
package struct RequestError: Error, Sendable, Hashable {
    /// All mistakes, each with its place in the body.
    package let problems: [DocumentProblem]

    /// All mistakes in one text.
    package var message: String { problems.map(\.description).joined(separator: "; ") }
}
