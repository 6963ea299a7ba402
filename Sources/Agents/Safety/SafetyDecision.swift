/// What a policy says of a call.
public struct SafetyDecision: Sendable, Hashable {
    /// What becomes of the call.
    public enum Action: String, Sendable, Hashable, CaseIterable {
        /// It runs.
        case allow
        /// A person decides.
        case ask
        /// It does not run.
        case deny
    }

    /// What becomes of the call.
    public let action: Action
    /// Which rule decided: `policy default, rule 3`.
    public let rule: String
    /// Why, in a sentence for the model and for a person.
    public let reason: String?
    /// What is asked about, normalized: a command line, a method and host, a path, or the arguments; at most 1,000
    /// bytes.
    public let subject: String

    /// A decision.
    public init(_ action: Action, rule: String, reason: String? = nil, subject: String = "") {
        self.action = action
        self.rule = rule
        self.reason = reason
        self.subject = subject
    }
}
