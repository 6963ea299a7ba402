/// Where a command's input comes from, or its output goes to.
struct CommandRedirection: Sendable, Hashable {
    /// What a redirection does.
    package enum Kind: Sendable, Hashable {
        /// A file is read.
        case read
        /// A file is written, or opened so that it can be.
        case write
        /// One descriptor becomes another, or is closed.
        case descriptor
        /// The text that stands in the line itself: a here-document or a here-string.
        case text
    }

    /// What it does.
    package let kind: Kind

    /// The file, the descriptor or the text's delimiter.
    package let target: CommandWord
}
