/// What a guardrail asks an operator to decide about a text.
struct GuardrailQuestion: Sendable, Hashable {
    /// The guardrail's name.
    let guardrail: String
    /// What it has found, without the text.
    let detail: String
    /// How long the operator may take.
    let timeout: Duration
    /// What stands in the place of the text unless it is approved.
    let refusal: String
}
