import Synchronization

/// What clients submitted, and what they were told became of it.
public final class SubmissionLedger: Sendable {
    /// What a client knows of a message that it submitted.
    public enum Outcome: Sendable, Hashable {
        /// The commit was acknowledged.
        case accepted(seq: Int64)
        /// It was answered, without its number being told.
        case answered
        /// The transaction was rolled back.
        case rolledBack
        /// The connection was lost at the commit.
        case unknown
    }

    /// A message that a client submitted.
    public struct Entry: Sendable, Hashable {
        /// The conversation.
        public let conversation: String
        /// The text, of which no other message has the same name.
        public let text: String
        /// What the client was told.
        public let outcome: Outcome
    }

    private let kept = Mutex<[Entry]>([])

    /// An empty ledger.
    public init() {}

    /// All messages, each client's in the order in which it submitted them.
    public var entries: [Entry] { kept.withLock { $0 } }

    /// Writes a message down.
    public func add(_ text: String, to conversation: String, _ outcome: Outcome) {
        kept.withLock { $0.append(Entry(conversation: conversation, text: text, outcome: outcome)) }
    }
}
