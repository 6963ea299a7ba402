/// What a guardrail asks an operator to decide about a text.
package struct GuardrailQuestion: Sendable, Hashable {
    /// The guardrail's name.
    package let guardrail: String
    /// What it has found, without the text.
    package let detail: String
    /// How long the operator may take.
    package let timeout: Duration
    /// What stands in the place of the text unless it is approved.
    package let refusal: String

    package init(guardrail: String, detail: String, timeout: Duration, refusal: String) {
        self.guardrail = guardrail
        self.detail = detail
        self.timeout = timeout
        self.refusal = refusal
    }
}
