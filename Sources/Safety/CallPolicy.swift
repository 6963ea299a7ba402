package import Conversation
package import Tools

/// Says of every call whether it may run.
package protocol CallPolicy: Sendable {
    /// How long a person may take to decide, after which a call is denied.
    var approvalTimeout: Duration { get }

    /// Says whether a call may run.
    func decide(_ call: ProposedCall) -> SafetyDecision

    /// What is said of the files that a call comes across without naming them.
    func pathRules(for call: ProposedCall) -> PathRules
}

extension CallPolicy {
    /// Nothing.
    package func pathRules(for call: ProposedCall) -> PathRules { PathRules() }
}
