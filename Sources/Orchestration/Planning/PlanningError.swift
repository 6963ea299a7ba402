/// Why there is no plan.
package struct PlanningError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kind of failure.
    package enum Code: String, Sendable, Hashable {
        /// A clause of the task fits no template.
        case noPlan = "no_plan"
        /// A template needs a value that neither the clause nor the context says.
        case missingContext = "missing_context"
        /// A value was given that no template takes.
        case unknownContext = "unknown_context"
        /// The task, its context or its plan is too large.
        case tooLarge = "too_large"
        /// A pattern of a template gave up on a clause.
        case limitExceeded = "limit_exceeded"
        /// A template, or what an agent answered, is none.
        case invalid
    }

    /// The kind of failure.
    package let code: Code
    /// What happened, in a sentence.
    package let message: String
    /// The clause that fits no template; nil for another failure.
    package let clause: String?
    /// The templates whose words are nearest to the clause.
    package let nearest: [String]

    package init(_ code: Code, _ message: String, clause: String? = nil, nearest: [String] = []) {
        (self.code, self.message, self.clause, self.nearest) = (code, message, clause, nearest)
    }

    package var description: String { message }
}
