/// Something that a guardrail has found, as it is stored.
public struct GuardrailHit: Sendable, Hashable {
    /// The guardrail's name.
    public let guardrail: String
    /// Its version.
    public let version: Int
    /// Where it was found.
    public let place: GuardrailPlace
    /// What was done.
    public let action: GuardrailAction
    /// What it is, without the text that was found.
    public let detail: String
}
