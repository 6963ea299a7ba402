/// One thing that is wrong with a document, as the program itself finds it.
struct DocumentFinding: Sendable, Hashable {
    /// Where in the document.
    let path: String
    /// What is wrong.
    let problem: String
    /// What was expected instead.
    var expected: String?
}
