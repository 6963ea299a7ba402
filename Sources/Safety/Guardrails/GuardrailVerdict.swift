/// What becomes of a text that guardrails have inspected.
package enum GuardrailVerdict: Sendable, Hashable {
    /// It goes on as this text: the whole of it, or what is left.
    case passed(String)
    /// A guardrail lets it go no further; the reply stands in its place.
    case blocked(guardrail: String, reply: String)
    /// An operator decides whether this text goes on.
    case asks(String, [GuardrailQuestion])

    /// The text as it goes on, if it does; nil when it is blocked.
    package var text: String? {
        switch self {
        case .passed(let text), .asks(let text, _): text
        case .blocked: nil
        }
    }
}
