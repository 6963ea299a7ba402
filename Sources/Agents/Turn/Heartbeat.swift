internal import Logging
internal import Synchronization

internal import struct FoundationEssentials.UUID

/// Keeps a worker alive in the database, and ends it when the database may think otherwise.
///
/// A worker that cannot show a sign of life within the time to live has lost its leases, whether it knows or not. It
/// stops by its own monotonic clock two seconds earlier, so that it drops its turns before another worker takes them; where
/// the time to live is short, a fifth of it earlier.
struct Heartbeat: Sendable {
    /// The worker counts as lost: everything that it holds is void.
    struct Fenced: Error {}

    let store: Store
    let worker: Int64
    let interval: Duration
    let timeToLive: Duration
    let leases: LeaseBook
    let signals: TurnSignals
    let isDraining: @Sendable () -> Bool
    let outage: OutageLog
    let logger: Logger

    private static let longestInterval: Duration = .seconds(3)
    private static let longestSafetyMargin: Duration = .seconds(2)

    /// Time between heartbeats: three in a time to live, and no fewer than one in three seconds.
    static func interval(for timeToLive: Duration) -> Duration {
        min(longestInterval, timeToLive * 3 / 10)
    }

    /// Beats until the task is cancelled.
    ///
    /// - Throws: ``Fenced``.
    func run() async throws {
        var lastBeat = ContinuousClock.now
        while !Task.isCancelled {
            try await Task.sleep(for: interval)
            let began = ContinuousClock.now
            var isAlive = true
            do throws(StoreError) {
                isAlive = try await store.heartbeat(
                    worker: worker,
                    isDraining: isDraining(),
                    timeout: timeLeft(since: lastBeat)
                )
                if isAlive {
                    lastBeat = began
                    try await returnForgotten(within: timeLeft(since: lastBeat))
                    try await signals.look()
                    outage.succeeded()
                }
            } catch {
                if Task.isCancelled { return }
                outage.failed("a heartbeat", error)
            }
            if !isAlive || timeLeft(since: lastBeat) == .zero { throw Fenced() }
        }
    }

    /// How long the worker may go on without another sign of life.
    private func timeLeft(since lastBeat: ContinuousClock.Instant) -> Duration {
        let safetyMargin = min(Self.longestSafetyMargin, timeToLive / 5)
        return max(timeToLive - safetyMargin - lastBeat.duration(to: .now), .zero)
    }

    /// Gives back what the worker holds without knowing it, because the answer to a claim was lost with its connection.
    ///
    /// That is what the database counts as held for two beats on end and the worker never heard of. It counts as an
    /// attempt: should the same submission be the reason, it is given up in the end.
    private func returnForgotten(within limit: Duration) async throws(StoreError) {
        for (lease, conversation) in leases.forgotten(among: try await store.leases(of: worker, timeout: limit)) {
            try await store.release(conversation: conversation, lease: lease, counts: true)
            logger.notice("a forgotten lease was given back", metadata: ["conversation": "\(conversation)"])
        }
    }
}
