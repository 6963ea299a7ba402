import Conversation
internal import Synchronization

/// The runs of chains that wait for a task which this worker does, by the conversation of the task.
final class ParkedRuns: Sendable {
    private let runs = Mutex<[String: ParkedRun]>([:])

    /// Runs that are remembered at most; beyond it none is: their tasks may have gone to other workers.
    private static let maximumRuns = 256

    /// Remembers a run that has parked, if what was claimed with it is the task that it waits for.
    func remember(_ record: TurnRecord, of claim: ClaimedSubmission, awaiting next: [ClaimedSubmission]) {
        guard let child = next.first, next.count == 1, let run = ParkedRun(record, of: claim, awaiting: child) else {
            return
        }
        runs.withLock { runs in
            if runs.count >= Self.maximumRuns { runs.removeAll() }
            runs[child.conversation] = run
        }
    }

    /// Forgets the run that waits for a task.
    ///
    /// - Returns: The run; nil when none waits for it.
    func take(waitingFor child: ClaimedSubmission) -> ParkedRun? {
        runs.withLock { $0.removeValue(forKey: child.conversation) }
    }
}
