import Conversation

/// How an attempt at a turn ended, with what the turn has come to.
enum TurnEnd: Sendable {
    /// The turn is over: it is to be stored as its record says.
    case finished(TurnRecord)
    /// The turn waits for an operator, or for its tasks: it is to be stored and given up.
    case parked(TurnRecord)
    /// Another attempt has to resume from what is stored.
    case abandoned(TurnRecord, AbandonReason)
    /// The attempt was cancelled before the turn was over.
    case cancelled(TurnRecord)

    /// Why an attempt was abandoned.
    enum AbandonReason: String, Sendable {
        /// The agent's rows could not be read while the database was away.
        case agentUnavailable = "the agent's rows cannot be read"
        /// Another worker has the turn, or what was done could not be stored.
        case notStored = "what was done is not stored"
        /// A call was refused because the lease may be over.
        case leaseOver = "the lease may be over"
    }

    /// How an attempt ends that a ``Turn`` or ``ChainTurn`` has come to the end of.
    ///
    /// - Parameters:
    ///   - stop: Why it stopped before its end; nil when it did not.
    ///   - transcript: What the turn has come to.
    init(_ stop: Turn.Stop?, _ transcript: Transcript) {
        let record = transcript.snapshot()
        switch stop {
        case .parked?: self = .parked(record)
        case .abandoned(let reason)?: self = .abandoned(record, reason)
        case .over?, nil:
            self = Task.isCancelled && record.status != .succeeded ? .cancelled(record) : .finished(record)
        }
    }

    /// The turn as far as this attempt knows it.
    var record: TurnRecord {
        switch self {
        case .finished(let record), .parked(let record), .abandoned(let record, _), .cancelled(let record): record
        }
    }
}
