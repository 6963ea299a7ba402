import Conversation
import Store

/// Reads the events of a conversation and of the tasks that its turns delegate, at every level.
struct TreeFollower {
    /// An event, and the conversation that it happened in.
    struct Followed {
        let conversation: String
        let event: ConversationEvent
    }

    private let store: ConversationStore
    private let root: String
    /// The last event that was read of each conversation that is still read.
    private var positions: [String: Int64]
    /// All conversations that were ever read.
    private var known: Set<String>
    /// The turns of the conversation whose tasks are followed, and those of them that have ended.
    private var turns: Set<Int64> = []
    private var endedTurns: Set<Int64> = []
    private var callsUntilLook = 0
    /// What was read before a statement failed.
    private var unreported: [Followed] = []

    /// Calls between two looks for tasks that begin without an event: the next attempt at one that failed.
    private static let callsBetweenLooks = 5

    /// A follower that has read nothing after an event of the conversation.
    init(_ conversation: String, in store: ConversationStore, after event: Int64 = 0) {
        self.store = store
        root = conversation
        positions = [conversation: event]
        known = [conversation]
    }

    /// Follows the tasks of a turn that is under way, from what they do next.
    ///
    /// - Throws: ``StoreError/Code/notFound`` when the user has no such conversation.
    mutating func resume(_ turn: Int64) async throws(StoreError) {
        turns.insert(turn)
        for conversation in try await store.descendants(of: root, seq: turn) where known.insert(conversation).inserted {
            positions[conversation] = try await store.lastEvent(of: conversation)
        }
    }

    /// What is new since the last call, in order of time; of each conversation in order of number and without gaps.
    ///
    /// - Throws: ``StoreError/Code/notFound`` when the user has no such conversation.
    mutating func next() async throws(StoreError) -> [Followed] {
        var next = [root] + positions.keys.filter { $0 != root }
        callsUntilLook -= 1
        while !next.isEmpty {
            for conversation in next { try await read(conversation) }
            // What was begun meanwhile, and what that began.
            next = callsUntilLook <= 0 ? try await look() : []
        }
        defer { unreported = [] }
        return unreported.sorted {
            ($0.event.time, $0.conversation, $0.event.number) < ($1.event.time, $1.conversation, $1.event.number)
        }
    }

    private mutating func read(_ conversation: String) async throws(StoreError) {
        while let last = positions[conversation] {
            let events = try await store.events(of: conversation, after: last)
            guard let newest = events.last else { break }
            positions[conversation] = newest.number
            var news = events.map { Followed(conversation: conversation, event: $0) }
            // The turns that follow in the conversation of a task are no part of the tree.
            if conversation != root, let end = events.firstIndex(where: { $0.type == Event.Kind.turnComplete.rawValue })
            {
                news.removeLast(events.count - 1 - end)
                positions[conversation] = nil
            }
            note(news)
            unreported += news
        }
    }

    /// Notes turns that delegate, and whether tasks may have begun.
    private mutating func note(_ news: [Followed]) {
        for followed in news {
            switch Event.Kind(rawValue: followed.event.type) {
            case .taskAssigned, .taskFinished:
                if followed.conversation == root { turns.insert(followed.event.seq) }
                callsUntilLook = 0
            case .turnComplete where followed.conversation == root: endedTurns.insert(followed.event.seq)
            default: break
            }
        }
    }

    /// Finds conversations that were not followed before.
    private mutating func look() async throws(StoreError) -> [String] {
        var found: [String] = []
        for turn in turns.sorted() {
            for conversation in try await store.descendants(of: root, seq: turn)
            where known.insert(conversation).inserted {
                positions[conversation] = 0
                found.append(conversation)
            }
        }
        callsUntilLook = Self.callsBetweenLooks
        // Once all of a turn's conversations are known, nothing can come any more.
        if found.isEmpty { turns.subtract(endedTurns) }
        return found
    }
}
