/// An event or a piece of a turn, for a follower.
package struct FollowedEvent: Sendable, Hashable {
    /// Whether it is an event of the conversation's stream; else a piece of a running answer.
    package let isDurable: Bool
    /// The number of the event, or of the piece within its attempt.
    package let number: Int64
    /// The attempt that a piece belongs to.
    package let attempt: Int
    /// What it shows of the turn, in order: one thing for a piece; for an event also nothing, or several calls.
    package let shown: [TurnEvent]

    package init(isDurable: Bool, number: Int64, attempt: Int, shown: [TurnEvent]) {
        self.isDurable = isDurable
        self.number = number
        self.attempt = attempt
        self.shown = shown
    }
}
