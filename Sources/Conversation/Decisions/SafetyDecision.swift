/// What a policy says of a call.
package struct SafetyDecision: Sendable, Hashable {
    /// What becomes of the call.
    package enum Action: String, Sendable, Hashable, CaseIterable {
        /// It runs.
        case allow
        /// A person decides.
        case ask
        /// It does not run.
        case deny
    }

    /// What becomes of the call.
    package let action: Action
    /// Which rule decided: `policy default, rule 3`.
    package let rule: String
    /// Why, in a sentence for the model and for a person.
    package let reason: String?
    /// What is asked about, normalized: a command line, a method and host, a path, or the arguments; at most 1,000
    /// bytes.
    package let subject: String
    /// How long an operator may take to decide; nil for as long as the policy says.
    package var timeout: Duration?
    /// Who may decide, when it is asked about.
    package var terms = ApprovalTerms()

    /// A decision.
    package init(_ action: Action, rule: String, reason: String? = nil, subject: String = "") {
        self.action = action
        self.rule = rule
        self.reason = reason
        self.subject = subject
    }
}
