/// An event or a piece of a turn, for a follower.
public struct FollowedEvent: Sendable, Hashable {
    /// Whether it is an event of the conversation's stream; else a piece of a running answer.
    public let isDurable: Bool
    /// The number of the event, or of the piece within its attempt.
    public let number: Int64
    /// The attempt that a piece belongs to.
    public let attempt: Int
    /// What it shows of the turn, in order: one thing for a piece; for an event also nothing, or several calls.
    public let shown: [TurnEvent]
}
