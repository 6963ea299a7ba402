internal import JSON

/// A message that was sent into a turn in progress.
struct SteeringMessage: Sendable {
    /// Its number within the conversation.
    let seq: Int64
    /// What the user said: the message, or the structured input as JSON.
    let content: String

    init(seq: Int64, body: JSONValue) {
        self.seq = seq
        content = body.submittedText
    }
}
