/// A submission whose reply the caller waits for.
struct AcceptedSubmission: Sendable, Hashable {
    /// Its number within the conversation.
    let seq: Int64
    /// Whether it was queued just now; false for the same idempotency key as before.
    let isNew: Bool
    /// The number of the conversation's last event before it.
    let lastEvent: Int64
    /// Whether a worker lives that processes what others submitted.
    let hasService: Bool
}
