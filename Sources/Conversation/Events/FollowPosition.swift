/// How far a follower of a turn has seen.
package struct FollowPosition: Sendable, Hashable {
    /// The number of the last durable event.
    package var event: Int64
    /// The attempt whose pieces were seen; 0 before any.
    package var attempt: Int
    /// The number of the last piece within that attempt.
    package var delta: Int

    /// A position.
    ///
    /// - Parameters:
    ///   - event: The number of the last durable event.
    ///   - attempt: The attempt whose pieces were seen.
    ///   - delta: The number of the last piece within that attempt.
    package init(event: Int64 = 0, attempt: Int = 0, delta: Int = 0) {
        self.event = event
        self.attempt = attempt
        self.delta = delta
    }
}
