import Synchronization

/// What was handed in besides messages: tasks and plans, each by the name that all it does begins with.
public final class ErrandLedger: Sendable {
    /// An errand.
    struct Entry: Sendable, Hashable {
        let name: String
        let isPlan: Bool
        let outcome: SubmissionLedger.Outcome
    }

    private let kept = Mutex<[Entry]>([])

    /// An empty ledger.
    public init() {}

    var entries: [Entry] { kept.withLock { $0 } }

    func add(_ name: String, isPlan: Bool, _ outcome: SubmissionLedger.Outcome) {
        kept.withLock { $0.append(Entry(name: name, isPlan: isPlan, outcome: outcome)) }
    }
}
