public import Conversation
public import Store

/// The events of a conversation in order and without gaps: those stored first, and then each soon after it is stored.
///
/// It has no end: leave the loop, or cancel its task. A caller that remembers the last number resumes after it.
/// ``StoreError/Code/notFound`` is thrown when the user has no such conversation.
public struct ConversationEvents: AsyncSequence, Sendable {
    /// One event, with its number.
    public typealias Element = ConversationEvent
    /// Why they cannot be read.
    public typealias Failure = StoreError

    let store: ConversationStore
    let conversation: String
    let lastNumber: Int64

    /// Begins after the number that the caller saw last.
    public func makeAsyncIterator() -> Iterator {
        Iterator(store: store, conversation: conversation, lastNumber: lastNumber)
    }

    /// Reads the events as they are asked for.
    public struct Iterator: AsyncIteratorProtocol {
        /// Why they cannot be read.
        public typealias Failure = StoreError

        private static let interval: Duration = .milliseconds(100)

        private let store: ConversationStore
        private let conversation: String
        private var lastNumber: Int64
        private var read: ArraySlice<ConversationEvent> = []

        init(store: ConversationStore, conversation: String, lastNumber: Int64) {
            self.store = store
            self.conversation = conversation
            self.lastNumber = lastNumber
        }

        /// The next event; nil when the task is cancelled.
        public mutating func next() async throws(StoreError) -> ConversationEvent? {
            while read.isEmpty {
                do throws(StoreError) {
                    read = try await store.events(of: conversation, after: lastNumber)[...]
                } catch {
                    if error.code == .cancelled { return nil }
                    throw error
                }
                guard read.isEmpty else { break }
                do { try await Task.sleep(for: Self.interval) } catch { return nil }
            }
            guard let event = read.popFirst() else { return nil }
            lastNumber = event.number
            return event
        }
    }
}
