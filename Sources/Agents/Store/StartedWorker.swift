/// A worker's row, as it was made.
public struct StartedWorker: Sendable, Hashable {
    /// The worker's id.
    public let id: Int64
    /// How long it may be without a heartbeat before it counts as lost.
    public let timeToLive: Duration
    /// Times a submission may be claimed without being finished.
    public let maximumAttempts: Int
}
