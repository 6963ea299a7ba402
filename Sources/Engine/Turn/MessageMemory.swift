import Conversation

/// The messages of conversations whose turns a worker has ended, so that they are not sent to it again with the next.
///
/// The database decides whether they are used: it leaves messages out of a claim only where nothing has happened since the
/// worker ended a turn that it said it keeps. What is kept here besides is never asked for. The owner has the clock.
struct MessageMemory {
    private struct Entry {
        let messages: [NumberedMessage]
        let summary: String?
        /// The number of the conversation's last message.
        let last: Int64
        let bytes: Int
        let keptAt: ContinuousClock.Instant
    }

    private struct Place: Hashable {
        let conversation: String
        let keptAt: ContinuousClock.Instant
    }

    /// The most that is kept of one conversation, in bytes.
    ///
    /// Of much more, a claim would not bring all messages.
    static let largest = 1 << 20
    /// For how long what is kept goes before what is new, where there is no room for both.
    static let leastTime: Duration = .seconds(600)
    /// What a message takes beside its text, in bytes.
    private static let overhead = 256

    private let maximumBytes: Int
    private(set) var bytes = 0
    private var entries: [String: Entry] = [:]
    /// Oldest first, with what has been taken or replaced meanwhile.
    private var order: ArraySlice<Place> = []

    /// A memory of a number of bytes.
    init(maximumBytes: Int = 64 << 20) {
        self.maximumBytes = maximumBytes
    }

    /// Keeps the messages of a conversation as they are when a turn is stored.
    ///
    /// - Parameters:
    ///   - record: The turn as it will be stored.
    ///   - claim: Its claim, with the messages before it.
    ///   - now: The present.
    /// - Returns: Whether they are kept. Not those of a turn that earlier attempts have stored parts of, that was shown
    ///   nothing of what was said before, or that has summarized it.
    mutating func keep(_ record: TurnRecord, after claim: ClaimedSubmission, at now: ContinuousClock.Instant) -> Bool {
        remove(claim.conversation)
        guard case .sent(let past, let summary) = claim.past, claim.progress == nil, claim.defect == nil,
            claim.lastMessage == 0 || !past.isEmpty || summary != nil,
            record.steps.allSatisfy({ $0.kind != .compaction })
        else { return false }
        let own = record.messages.enumerated().map { place, message in
            NumberedMessage(number: claim.lastMessage + Int64(place) + 1, message: message.afterStoring)
        }
        let entry = Entry(
            messages: past + own,
            summary: summary,
            last: claim.lastMessage + Int64(own.count),
            bytes: (past + own).reduce(summary?.utf8.count ?? 0) { $0 + $1.message.weight + Self.overhead },
            keptAt: now
        )
        guard entry.bytes <= Self.largest, makeRoom(for: entry.bytes, at: now) else { return false }
        entries[claim.conversation] = entry
        bytes += entry.bytes
        order.append(Place(conversation: claim.conversation, keptAt: now))
        return true
    }

    /// The messages before a turn, which are kept no longer: its end will keep them again.
    ///
    /// - Parameters:
    ///   - claim: The turn's claim.
    ///   - first: The number of the first message that is shown.
    /// - Returns: The messages; nil when they are not known.
    mutating func take(_ claim: ClaimedSubmission, from first: Int64) -> PastMessages? {
        guard let entry = remove(claim.conversation), entry.last == claim.lastMessage else { return nil }
        return .sent(entry.messages.filter { $0.number >= first }, summary: entry.summary)
    }

    @discardableResult
    private mutating func remove(_ conversation: String) -> Entry? {
        let entry = entries.removeValue(forKey: conversation)
        bytes -= entry?.bytes ?? 0
        if order.count > 2 * entries.count + 64 {
            order = ArraySlice(order.filter { entries[$0.conversation]?.keptAt == $0.keptAt })
        }
        return entry
    }

    private mutating func makeRoom(for more: Int, at now: ContinuousClock.Instant) -> Bool {
        while bytes + more > maximumBytes {
            guard let oldest = order.first else { return false }
            if entries[oldest.conversation]?.keptAt == oldest.keptAt {
                guard oldest.keptAt.duration(to: now) >= Self.leastTime else { return false }
                remove(oldest.conversation)
            }
            // It may have gone with others that were taken.
            if order.first == oldest { order.removeFirst() }
        }
        return true
    }
}

extension ChatMessage {
    /// Its length in bytes.
    fileprivate var weight: Int {
        toolCalls.reduce(content.utf8.count) {
            $0 + $1.id.utf8.count + $1.name.utf8.count + $1.arguments.utf8.count + ($1.native?.byteCount ?? 0)
        }
    }
}
