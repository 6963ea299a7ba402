internal import Logging
internal import Synchronization

internal import struct FoundationEssentials.UUID

/// Keeps a worker alive in the database, and ends it when the database may think otherwise.
///
/// A worker that cannot show a sign of life within the time to live has lost its leases, whether it knows or not. It
/// stops by its own monotonic clock when its ``LeaseTerm`` is over, so that it drops its turns before another worker takes
/// them.
struct Heartbeat: Sendable {
    /// The worker counts as lost: everything that it holds is void.
    struct Fenced: Error {}

    let store: Store
    let worker: Int64
    let interval: Duration
    let term: LeaseTerm
    let leases: LeaseBook
    let signals: TurnSignals
    let isDraining: @Sendable () -> Bool
    let outage: OutageLog
    let logger: Logger

    private static let longestInterval: Duration = .seconds(3)

    /// Time between heartbeats: three in a time to live, and no fewer than one in three seconds.
    static func interval(for timeToLive: Duration) -> Duration {
        min(longestInterval, timeToLive * 3 / 10)
    }

    /// Beats until the task is cancelled.
    ///
    /// - Throws: ``Fenced``.
    func run() async throws {
        while !Task.isCancelled {
            try await Task.sleep(for: interval)
            let began = ContinuousClock.now
            var isAlive = true
            do throws(StoreError) {
                isAlive = try await store.heartbeat(
                    worker: worker,
                    isDraining: isDraining(),
                    timeout: term.left
                )
                if isAlive {
                    term.renew(from: began)
                    try await returnForgotten(within: term.left)
                    try await signals.look()
                    outage.succeeded()
                }
            } catch {
                if Task.isCancelled { return }
                outage.failed("a heartbeat", error)
            }
            if !isAlive || term.left == .zero { throw Fenced() }
        }
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
