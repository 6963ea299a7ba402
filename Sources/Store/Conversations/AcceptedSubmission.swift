/// A submission whose reply the caller waits for.
package struct AcceptedSubmission: Sendable, Hashable {
    /// Its number within the conversation.
    package let seq: Int64
    /// Whether it was queued just now; false for the same idempotency key as before.
    package let isNew: Bool
    /// The number of the conversation's last event before it.
    package let lastEvent: Int64
    /// Whether a worker lives that processes what others submitted.
    package let hasService: Bool

    package init(seq: Int64, isNew: Bool, lastEvent: Int64, hasService: Bool) {
        self.seq = seq
        self.isNew = isNew
        self.lastEvent = lastEvent
        self.hasService = hasService
    }
}
