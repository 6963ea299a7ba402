package import Conversation

/// Says of every call whether it may run.
package protocol CallPolicy: Sendable {
    /// How long a person may take to decide, after which a call is denied.
    var approvalTimeout: Duration { get }

    /// Says whether a call may run.
    func decide(_ call: ProposedCall) -> SafetyDecision
}
