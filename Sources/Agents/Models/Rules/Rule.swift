internal import JSON
internal import Patterns

/// One rule of the offline provider: when it applies, and what it does then.
struct Rule: Sendable {
    /// What a rule does.
    enum Action: Sendable {
        /// Answers with a text.
        case say(RuleTemplate)
        /// Calls tools, and answers with a text when their results are there.
        case call([Call], then: RuleTemplate)
    }

    /// A call of a tool, its arguments still with placeholders.
    struct Call: Sendable {
        let tool: String
        let arguments: RuleArguments
    }

    /// The pattern that the user's message has to contain; nil for `otherwise`.
    let pattern: Pattern?

    /// What the rule does.
    let action: Action

    /// The place of the rule in the model's document, such as `rules[0]`.
    let path: String

    /// The captures of a message to which the rule applies; nil if it does not.
    ///
    /// - Throws: ``ModelError/Code/invalidRequest`` if the pattern's limits do not suffice for the message.
    func captures(in message: String) throws(ModelError) -> [String?]? {
        guard let pattern else { return [message] }
        do {
            return try pattern.firstMatch(in: message)?.captures
        } catch {
            throw ModelError(.invalidRequest, "the pattern at \(path).when gave up on the message: \(error.code)")
        }
    }
}
