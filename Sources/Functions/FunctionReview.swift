package import Definitions

/// What was found out about a function's document that is to be stored.
package struct FunctionReview: Sendable, Hashable {
    /// Why it cannot be stored.
    package var problems: [FunctionProblem] = []
    /// What could not be looked at, or will not work yet.
    package var warnings: [String] = []

    package init(problems: [FunctionProblem] = [], warnings: [String] = []) {
        self.problems = problems
        self.warnings = warnings
    }
}
