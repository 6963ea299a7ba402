/// Why a server ended an answer before it was whole.
package struct ServerFailure: Sendable, Hashable {
    /// The kind of failure.
    package enum Kind: Sendable, Hashable, CaseIterable {
        /// A filter or a refusal stopped the answer.
        case filtered
        /// The server failed.
        case serverFailed
        /// The model wrote what the server could not read, such as a broken tool call.
        case malformed
        /// The answer ended in the middle, or for a reason that is not known.
        case brokeOff
    }

    /// The kind of failure.
    package let kind: Kind

    /// The server's own word, at most 100 characters, as it was sent.
    package let reason: String

    /// A failure.
    package init(kind: Kind, reason: String) {
        self.kind = kind
        self.reason = reason
    }
}
