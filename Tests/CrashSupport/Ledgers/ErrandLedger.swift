import Synchronization

/// What was handed in besides messages: tasks and plans, each by the name that all it does begins with; and the tasks that
/// somebody wanted to stop.
public final class ErrandLedger: Sendable {
    /// An errand.
    struct Entry: Sendable, Hashable {
        let name: String
        let isPlan: Bool
        let outcome: SubmissionLedger.Outcome
    }

    private let kept = Mutex<[Entry]>([])
    private let stopped = Mutex<Set<Int64>>([])

    /// An empty ledger.
    public init() {}

    var entries: [Entry] { kept.withLock { $0 } }

    /// The tasks that somebody wanted to stop, whether they were or not.
    var stoppedTasks: Set<Int64> { stopped.withLock { $0 } }

    func add(_ name: String, isPlan: Bool, _ outcome: SubmissionLedger.Outcome) {
        kept.withLock { $0.append(Entry(name: name, isPlan: isPlan, outcome: outcome)) }
    }

    /// To be called before the task is stopped: the answer may be lost.
    func willStop(_ task: Int64) {
        stopped.withLock { _ = $0.insert(task) }
    }
}
