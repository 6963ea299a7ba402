public import JSON

/// One thing that a follower of a turn is told.
public struct FollowedEvent: Sendable, Hashable {
    /// Whether it is an event of the conversation's stream; else a piece of a running answer.
    public let isDurable: Bool
    /// The number of the event, or of the piece within its attempt.
    public let number: Int64
    /// The attempt that a piece belongs to.
    public let attempt: Int
    /// The type, in the words of `agentctl.event` and `agentctl.delta`.
    public let type: String
    /// What belongs to the type.
    public let data: JSONValue
}
