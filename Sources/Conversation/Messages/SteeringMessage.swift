package import JSON

/// A message that was sent into a turn in progress.
package struct SteeringMessage: Sendable {
    /// Its number within the conversation.
    package let seq: Int64
    /// What the user said: the message, or the structured input as JSON.
    package let content: String

    package init(seq: Int64, body: JSONValue) {
        self.seq = seq
        content = body.submittedText
    }
}
