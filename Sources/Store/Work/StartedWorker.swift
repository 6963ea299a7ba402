/// A worker's row, as it was made.
package struct StartedWorker: Sendable, Hashable {
    /// The worker's id.
    package let id: Int64
    /// How long it may be without a heartbeat before it counts as lost.
    package let timeToLive: Duration
    /// Times a submission may be claimed without being finished.
    package let maximumAttempts: Int
}
