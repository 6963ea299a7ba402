/// What is done when a guardrail finds something.
package enum GuardrailAction: String, Sendable, Hashable, CaseIterable {
    /// The text goes no further; a message stands in its place.
    case block
    /// What was found is taken out, and the rest goes on.
    case redact
    /// The text goes on; that something was found is recorded.
    case warn
    /// A person decides whether the text goes on.
    case ask
}
