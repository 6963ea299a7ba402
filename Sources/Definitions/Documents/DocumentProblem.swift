/// A mistake in a document: where it is, and what was expected there.
public struct DocumentProblem: Sendable, Hashable, CustomStringConvertible {
    /// The place inside the document, such as `rules[0].when`; empty for the document itself.
    public let path: String

    /// What was expected, and what was found.
    public let message: String

    /// A problem at a place.
    ///
    /// - Parameters:
    ///   - path: The place inside the document.
    ///   - message: What was expected, and what was found.
    package init(path: String, message: String) {
        self.path = path
        self.message = message
    }

    /// The place and the message on one line.
    public var description: String {
        path.isEmpty ? message : "\(path): \(message)"
    }
}
