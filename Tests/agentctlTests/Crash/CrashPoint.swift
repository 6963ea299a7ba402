/// Where a worker is when it is killed or stopped.
enum CrashPoint: String, CaseIterable, Sendable {
    /// A message is committed, and the worker has not asked for it.
    case submitCommitted
    /// It is claimed, and the worker has not heard of it.
    case claimed
    /// The model has said a part of its answer.
    case midStream
    /// The model has said all of it, and nothing of it is stored.
    case modelAnswered
    /// The intent to run an unsafe tool is stored, and the worker has not heard of it.
    case intentCommitted
    /// The tool has had its effect, and has not answered.
    case toolSent
    /// The tool has answered, and its result is not stored.
    case toolReplied
    /// The result is stored, and the worker has not heard of it.
    case resultCommitted
    /// The server is in the middle of storing the turn.
    case insideFinish
    /// The turn is stored and the next claimed, and the worker has not heard of either.
    case finished
    /// The worker has sent a sign of life that the server has not seen.
    case heartbeat
    /// The server is in the middle of taking over from a lost worker on this one's behalf.
    case reaper

    /// How many calls a person has to say of whether they happened.
    var doubts: Int {
        switch self {
        case .intentCommitted, .toolSent, .toolReplied: 1
        default: 0
        }
    }
}
