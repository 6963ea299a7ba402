/// Why what a server sent is no answer that can be used.
///
/// The texts repeat nothing of what was sent, except in ``ended(_:)`` and ``reported(_:)``.
package enum ServerAnswerError: Error, Sendable, Hashable {
    /// It is not what the protocol says.
    case malformed(String)

    /// It ends before the answer is complete.
    case truncated(String)

    /// It asks for more tool calls than are allowed.
    case tooLarge(String)

    /// It is whole and says nothing: it has neither text nor tool calls.
    case empty

    /// The server says that the answer ended before it was whole.
    case ended(ServerFailure)

    /// The server reports an error in place of the answer, or in the middle of it.
    case reported(ServerErrorReport)
}

extension ServerAnswerError {
    static func malformedCall(_ what: String) -> ServerAnswerError {
        .malformed("a tool call in the answer: \(what)")
    }
}
