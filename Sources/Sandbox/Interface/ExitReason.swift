/// How a call ended.
public enum ExitReason: String, Sendable, Hashable, CaseIterable {
    /// With a result.
    case ok
    /// With an error of its own.
    case error
    /// It took too long and was killed.
    case timeout
    /// It needed more memory than it may have.
    case memory
    /// It printed, returned or wrote more than it may.
    case output
    /// It was refused something, and failed.
    case denied
    /// It ended without an answer: killed by a signal, or by its own doing.
    case killed
}
