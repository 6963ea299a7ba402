internal import Logging
import Store

/// What any worker does for all of them: it takes over from lost workers, wakes what waited, makes partitions, sweeps,
/// and counts what messages are routed by.
struct Maintenance: Sendable {
    let context: WorkerContext

    /// Rounds of three seconds after which partitions are checked: about an hour.
    private static let roundsPerPartitionCheck = 1_200
    /// Rounds after which old pieces of answers are deleted, and success rates counted: about a minute.
    private static let roundsPerSweep = 20

    /// Works until the task is cancelled.
    func run() async {
        let (store, logger) = (context.store, context.logger)
        let interval = Heartbeat.interval(for: context.timeToLive)
        var round = 0
        while !Task.isCancelled {
            await attempt("taking over from lost workers") { () throws(StoreError) in
                let released = try await store.reap()
                if released > 0 { logger.notice("took over from lost workers", metadata: ["count": "\(released)"]) }
            }
            round += 1
            if round % Self.roundsPerSweep == 0 {
                await attempt("sweeping") { () throws(StoreError) in try await store.sweepDeltas() }
                await attempt("sweeping deliveries") { () throws(StoreError) in try await store.sweepDeliveries() }
                await attempt("counting success rates") { () throws(StoreError) in try await store.refreshRoutes() }
            }
            if round % Self.roundsPerPartitionCheck == 0 {
                await attempt("making partitions") { () throws(StoreError) in try await store.createPartitions() }
            }
            try? await Task.sleep(for: interval)
        }
    }

    private func attempt(_ what: String, _ work: () async throws(StoreError) -> Void) async {
        do throws(StoreError) {
            try await work()
        } catch {
            context.outage.failed(what, error)
        }
    }
}
