internal import Logging
import Store

/// What any worker does for all of them: it takes over from lost workers, wakes what waited, makes partitions, sweeps,
/// counts what messages are routed by, and adds to the rollup.
///
/// Each of these goes by itself: one that waits for a lock, or fails, holds up no other.
struct Maintenance: Sendable {
    let context: WorkerContext

    private static let partitionInterval: Duration = .seconds(3_600)
    /// What makes the search of memories fast may be that old.
    private static let countInterval: Duration = .seconds(3_600)
    private static let sweepInterval: Duration = .seconds(60)
    /// What metrics read beside the rollup is what has ended in such a time.
    private static let rollupInterval: Duration = .seconds(5)
    /// The time between attempts at partitions that could not be made.
    private static let partitionRetryInterval: Duration = .seconds(60)

    /// Works until the task is cancelled.
    func run() async {
        let (store, logger) = (context.store, context.logger)
        let interval = Heartbeat.interval(for: context.timeToLive)
        await withDiscardingTaskGroup { group in
            group.addTask {
                await repeating("taking over from lost workers", every: interval) { () throws(StoreError) in
                    let released = try await store.reapWorkers()
                    if released > 0 { logger.notice("took over from lost workers", metadata: ["count": "\(released)"]) }
                }
            }
            group.addTask {
                await repeating("waking what waited", every: interval) { () throws(StoreError) in
                    try await store.wake()
                }
            }
            group.addTask {
                await repeating("taking over calls of functions", every: interval) { () throws(StoreError) in
                    try await store.reapFunctionCalls()
                }
            }
            group.addTask {
                await repeating(
                    "making partitions",
                    every: Self.partitionInterval,
                    after: Self.partitionRetryInterval
                ) { () throws(StoreError) in try await store.createPartitions() }
            }
            group.addTask {
                await repeating("sweeping", every: Self.sweepInterval) { () throws(StoreError) in
                    try await store.sweepDeltas()
                }
            }
            group.addTask {
                await repeating("sweeping deliveries", every: Self.sweepInterval) { () throws(StoreError) in
                    try await store.sweepDeliveries()
                }
            }
            group.addTask {
                await repeating("counting success rates", every: Self.sweepInterval) { () throws(StoreError) in
                    try await store.refreshRoutes()
                }
            }
            group.addTask {
                await repeating("deleting what is remembered no longer", every: Self.sweepInterval) {
                    () throws(StoreError) in
                    while try await store.expireMemories() == 1_000 {}
                }
            }
            group.addTask {
                await repeating("counting memories", every: Self.countInterval) { () throws(StoreError) in
                    try await store.countMemories()
                }
            }
            group.addTask {
                await repeating("adding to the rollup", every: Self.rollupInterval) { () throws(StoreError) in
                    while try await store.rollUp() {}
                }
            }
        }
    }

    /// Does something now and then.
    ///
    /// - Parameters:
    ///   - what: What it is, for the log.
    ///   - interval: The time between the end of one time and the next.
    ///   - retryInterval: The same after a failure; nil for no difference.
    ///   - work: What is done.
    private func repeating(
        _ what: String,
        every interval: Duration,
        after retryInterval: Duration? = nil,
        _ work: () async throws(StoreError) -> Void
    ) async {
        while !Task.isCancelled {
            var wait = interval
            do throws(StoreError) {
                try await work()
            } catch {
                context.outage.failed(what, error)
                wait = retryInterval ?? interval
            }
            try? await Task.sleep(for: wait)
        }
    }
}
