/// Something that a guardrail has found, as it is stored.
package struct GuardrailHit: Sendable, Hashable {
    /// The guardrail's name.
    package let guardrail: String
    /// Its version.
    package let version: Int
    /// Where it was found.
    package let place: GuardrailPlace
    /// What was done.
    package let action: GuardrailAction
    /// What it is, without the text that was found.
    package let detail: String

    package init(guardrail: String, version: Int, place: GuardrailPlace, action: GuardrailAction, detail: String) {
        self.guardrail = guardrail
        self.version = version
        self.place = place
        self.action = action
        self.detail = detail
    }
}
