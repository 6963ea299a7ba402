package import Conversation

/// One check with what it looks at and what is done when it finds something; compiled once for each version of an agent.
package struct Guardrail: Sendable {
    /// The name.
    package let name: String
    /// The version, from 1.
    package let version: Int
    /// What it looks at.
    package let places: Set<GuardrailPlace>
    /// What is done on a hit.
    package let action: GuardrailAction
    /// What is said instead of a blocked text; nil for a sentence that names the guardrail.
    package let message: String?
    /// How long a person may take to decide.
    package let approvalTimeout: Duration
    /// What it looks for.
    package let check: GuardrailCheck

    /// What is said in the place of a text that it blocks.
    package func reply(at place: GuardrailPlace) -> String {
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
    package static func withheldMessage(by guardrail: String?) -> String {
        guardrail.map { "[The message was withheld by the guardrail \($0).]" } ?? "[The message was withheld.]"
    }
}
