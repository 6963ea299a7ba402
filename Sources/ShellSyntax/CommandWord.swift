/// One word of a command line, with its quotes removed.
package struct CommandWord: Sendable, Hashable {
    /// What the word says; expansions and globs stand in it as they were written.
    package var text: String

    /// Whether the word is exactly its text: nothing in it is expanded.
    var isLiteral: Bool

    /// What everything that the word may become begins with; the whole text of a literal word.
    package var prefix: String

    /// A word that is exactly its text.
    init(_ text: String) {
        self.text = text
        isLiteral = true
        prefix = text
    }

    /// A word that is expanded when the line runs.
    ///
    /// - Parameters:
    ///   - text: The word as it was written.
    ///   - prefix: What everything that it may become begins with; empty if that is not known.
    init(expanding text: String, prefix: String = "") {
        self.text = text
        isLiteral = false
        self.prefix = prefix
    }
}

extension CommandWord: ExpressibleByStringLiteral {
    /// A literal word.
    package init(stringLiteral value: String) {
        self.init(value)
    }
}
