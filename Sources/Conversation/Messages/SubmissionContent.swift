public import JSON

/// What is sent to an agent.
public enum SubmissionContent: Sendable, Hashable {
    /// Plain text.
    case message(String)
    /// A value that the agent's input schema describes.
    case input(JSONValue)
}
