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

    /// Calls between two looks for tasks that begin without an event: the next attempt at one that failed.
    private static let callsBetweenLooks = 5

    init(_ conversation: String, in store: ConversationStore) {
        self.store = store
        root = conversation
        positions = [conversation: 0]
        known = [conversation]
    }

    /// What is new since the last call, in order of time; of each conversation in order of number and without gaps.
    ///
    /// - Throws: ``StoreError/Code/notFound`` when the user has no such conversation.
    mutating func next() async throws(StoreError) -> [Followed] {
        var result: [Followed] = []
        var next = [root] + positions.keys.filter { $0 != root }
        callsUntilLook -= 1
        while !next.isEmpty {
            var news: [Followed] = []
            for conversation in next { news += try await read(conversation) }
            result += news
            // What was begun meanwhile, and what that began.
            let mayHaveBegun = note(news) || callsUntilLook <= 0
            next = mayHaveBegun ? try await look() : []
        }
        return result.sorted {
            ($0.event.time, $0.conversation, $0.event.number) < ($1.event.time, $1.conversation, $1.event.number)
        }
    }

    private mutating func read(_ conversation: String) async throws(StoreError) -> [Followed] {
        var result: [Followed] = []
        while let last = positions[conversation] {
            let events = try await store.events(of: conversation, after: last)
            guard let newest = events.last else { break }
            positions[conversation] = newest.number
            result += events.map { Followed(conversation: conversation, event: $0) }
            // The turns that follow in the conversation of a task are no part of the tree.
            if conversation != root, let end = events.firstIndex(where: { $0.type == Event.Kind.turnComplete.rawValue })
            {
                result.removeLast(events.count - 1 - end)
                positions[conversation] = nil
            }
        }
        return result
    }

    /// Notes turns that delegate; returns whether tasks may have begun.
    private mutating func note(_ news: [Followed]) -> Bool {
        var mayHaveBegun = false
        for followed in news {
            switch Event.Kind(rawValue: followed.event.type) {
            case .taskAssigned, .taskFinished:
                if followed.conversation == root { turns.insert(followed.event.seq) }
                mayHaveBegun = true
            case .turnComplete where followed.conversation == root: endedTurns.insert(followed.event.seq)
            default: break
            }
        }
        return mayHaveBegun
    }

    /// Finds conversations that were not followed before.
    private mutating func look() async throws(StoreError) -> [String] {
        callsUntilLook = Self.callsBetweenLooks
        var found: [String] = []
        for turn in turns.sorted() {
            for conversation in try await store.descendants(of: root, seq: turn)
            where known.insert(conversation).inserted {
                positions[conversation] = 0
                found.append(conversation)
            }
        }
        // Once all of a turn's conversations are known, nothing can come any more.
        if found.isEmpty { turns.subtract(endedTurns) }
        return found
    }
}
