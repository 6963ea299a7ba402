internal import JSON
internal import Patterns

/// One rule of the offline provider: when it applies, and what it does then.
struct Rule: Sendable {
    /// What a rule does.
    package enum Action: Sendable {
        /// Answers with a text.
        case say(RuleTemplate)
        /// Calls tools, and answers with a text when their results are there.
        case call([Call], then: RuleTemplate)
    }

    /// A call of a tool, its arguments still with placeholders.
    package struct Call: Sendable {
        package let tool: String
        package let arguments: RuleArguments
    }

    /// The pattern that the user's message has to contain; nil for `otherwise`.
    package let pattern: Pattern?

    /// What the rule does.
    package let action: Action

    /// The place of the rule in the model's document, such as `rules[0]`.
    package let path: String

    /// The captures of a message to which the rule applies; nil if it does not.
    ///
    /// - Throws: ``ModelError/Code/invalidRequest`` if the pattern's limits do not suffice for the message.
    package func captures(in message: String) throws(ModelError) -> [String?]? {
        guard let pattern else { return [message] }
        do {
            return try pattern.firstMatch(in: message)?.captures
        } catch {
            throw ModelError(.invalidRequest, "the pattern at \(path).when gave up: \(error.message)")
        }
    }
}
