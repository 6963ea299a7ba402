/// One check with what it looks at and what is done when it finds something; compiled once for each version of an agent.
public struct Guardrail: Sendable {
    /// The name.
    public let name: String
    /// The version, from 1.
    public let version: Int
    /// What it looks at.
    public let places: Set<GuardrailPlace>
    /// What is done on a hit.
    public let action: GuardrailAction
    /// What is said instead of a blocked text; nil for a sentence that names the guardrail.
    let message: String?
    /// How long a person may take to decide.
    let approvalTimeout: Duration
    /// What it looks for.
    let check: GuardrailCheck

    /// What is said in the place of a text that it blocks.
    func reply(at place: GuardrailPlace) -> String {
        if let message { return message }
        switch place {
        case .input: return "This message was blocked by the guardrail \(name)."
        case .output: return "The answer was blocked by the guardrail \(name)."
        case .toolOutput: return "The output of the tool was withheld by the guardrail \(name)."
        }
    }

    /// What stands in the transcript, and in requests to models, for a message of the user's that was blocked.
    ///
    /// - Parameter guardrail: The guardrail that blocked it; nil when that is not known.
    static func withheldMessage(by guardrail: String?) -> String {
        guardrail.map { "[The message was withheld by the guardrail \($0).]" } ?? "[The message was withheld.]"
    }
}
