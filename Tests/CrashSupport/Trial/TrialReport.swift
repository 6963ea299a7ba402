/// What came of a trial.
public struct TrialReport: Sendable, CustomStringConvertible {
    /// The seed that it was made from.
    public let seed: UInt64
    /// All that was broken.
    public let violations: [Violation]
    /// Messages that were submitted, or rolled back.
    public let submissions: Int
    /// Turns that ended, by status.
    public let turns: [String: Int]
    /// What went wrong on purpose, by kind.
    public let faults: [String: Int]
    /// Calls that nobody but a person could say of whether they had happened.
    public let doubts: Int
    /// What else was done with conversations, by kind.
    public let operations: [String: Int]

    /// One line.
    public var description: String {
        func list(_ counts: [String: Int]) -> String {
            counts.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
        }
        return
            "seed \(seed): \(submissions) messages; turns: \(list(turns)); \(list(operations)); faults: \(list(faults)); in doubt \(doubts); "
            + (violations.isEmpty ? "all promises kept" : "\(violations.count) BROKEN")
    }
}
