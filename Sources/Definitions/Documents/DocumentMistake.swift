/// One thing that is wrong with a document, as the database tells it.
package struct DocumentMistake: Sendable, Hashable {
    /// Which document, counted from 0.
    package let document: Int
    /// Where in it: `rules[0].when`; empty for the document as a whole.
    package let path: String
    /// What is wrong, such as `is missing` or `is "x"`.
    package let problem: String
    /// What was expected instead.
    package let expected: String
    /// The valid name that was probably meant.
    package let nearest: String?

    /// A mistake.
    ///
    /// - Parameters:
    ///   - document: Which document, counted from 0.
    ///   - path: Where in it.
    ///   - problem: What is wrong.
    ///   - expected: What was expected instead.
    ///   - nearest: The valid name that was probably meant.
    package init(document: Int, path: String, problem: String, expected: String, nearest: String? = nil) {
        self.document = document
        self.path = path
        self.problem = problem
        self.expected = expected
        self.nearest = nearest
    }
}
