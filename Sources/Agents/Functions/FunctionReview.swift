/// What was found out about a function's document that is to be stored.
public struct FunctionReview: Sendable, Hashable {
    /// Why it cannot be stored.
    public var problems: [FunctionProblem] = []
    /// What could not be looked at, or will not work yet.
    public var warnings: [String] = []
}
