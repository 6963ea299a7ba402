/// What the process ends with; scripts rely on the numbers.
enum ExitStatus: Int32 {
    /// Done.
    case done = 0
    /// The thing asked for failed: a turn failed, a check did not hold.
    case failed = 1
    /// The arguments are not right.
    case usage = 2
    /// Refused: an invalid document, a rule, a missing permission.
    case refused = 3
    /// There is no such thing.
    case notFound = 4
    /// The database or the model cannot be reached.
    case unreachable = 5
    /// The turn has not ended: it waits for an operator, or longer than `--timeout`.
    case waiting = 6
    /// Interrupted by the user.
    case interrupted = 130
}
