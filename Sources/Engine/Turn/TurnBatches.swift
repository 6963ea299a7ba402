import Conversation

/// Which turns are stored together: a pure decision.
///
/// One batch is stored at a time. What arrives meanwhile waits, and the first that waits leads the next batch.
struct TurnBatches<Waiter: Sendable>: Sendable {
    /// A turn that waits to be stored.
    struct Entry: Sendable {
        let turn: EndedTurn
        let waiter: Waiter
    }

    private var waiting: [Entry] = []
    private var isStoring = false

    /// How many turns wait.
    var count: Int { waiting.count }

    /// Turns of a batch at most.
    static var maximumTurns: Int { 32 }
    /// Bytes of the records of a batch at most; a longer record is stored alone.
    static var maximumBytes: Int { 1 << 20 }

    /// Whether a turn that arrives leads a batch; if not, it has to wait.
    mutating func leads() -> Bool {
        if isStoring { return false }
        isStoring = true
        return true
    }

    /// Has a turn wait for the batch that is being stored.
    mutating func wait(_ entry: Entry) {
        waiting.append(entry)
    }

    /// Takes those of the waiting turns that are stored with the one that leads.
    mutating func take(with turn: EndedTurn) -> [Entry] {
        var bytes = turn.bytes
        let fitting = waiting.prefix(Self.maximumTurns - 1).prefix { entry in
            bytes += entry.turn.bytes
            return bytes <= Self.maximumBytes
        }
        waiting.removeFirst(fitting.count)
        return Array(fitting)
    }

    /// Ends a batch.
    ///
    /// - Returns: The turn that leads the next; nil when none waits.
    mutating func end() -> Entry? {
        isStoring = !waiting.isEmpty
        return waiting.isEmpty ? nil : waiting.removeFirst()
    }
}
