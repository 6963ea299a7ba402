import Glibc
internal import Logging
import Orchestration
internal import Reactor
import Store
internal import Synchronization

/// Sends the deliveries of hooks, and stores the outcome of each attempt.
///
/// An attempt whose outcome is not stored is made again, by any worker and under the same id: the receiver may get a
/// delivery twice, and never gets none because a worker ended.
struct HookDispatcher: Sendable {
    let context: WorkerContext
    let sender: HookSender
    /// Woken when a hook may have been registered, and when an attempt has ended.
    let wakeUp: WakeUp

    /// Attempts at once.
    private static let slots = 16
    /// Attempts at once for one hook: a slow receiver keeps nobody else waiting.
    private static let slotsPerHook = 4
    /// How often the worker looks where there are hooks: longer than the end of a turn takes, short for a receiver.
    private static let interval: Duration = .milliseconds(500)
    /// How often it looks where there are none, should it have missed that there is one.
    private static let intervalWithoutHooks: Duration = .seconds(30)

    /// Works until the task is cancelled.
    func run() async {
        let attempts = Attempts()
        await withDiscardingTaskGroup { group in
            while !Task.isCancelled {
                let free = Self.slots - attempts.total
                let busy = attempts.hooks(withAtLeast: Self.slotsPerHook)
                let (deliveries, wait) = free > 0 ? await claim(free, busy) : ([], Self.interval)
                for delivery in deliveries {
                    attempts.begin(delivery.hook)
                    group.addTask {
                        await deliver(delivery)
                        attempts.end(delivery.hook)
                        wakeUp.wake()
                    }
                }
                if deliveries.isEmpty { await wakeUp.wait(upTo: wait) }
            }
            group.cancelAll()
        }
    }

    private func claim(_ maximum: Int, _ busy: [String]) async -> (deliveries: [ClaimedDelivery], wait: Duration) {
        do throws(StoreError) {
            let deliveries = try await context.store.claimDeliveries(maximum: maximum, busy: busy)
            guard deliveries.isEmpty else { return (deliveries, .zero) }
            return ([], try await context.store.hasHooks() ? Self.interval : Self.intervalWithoutHooks)
        } catch {
            context.outage.failed("claiming deliveries", error)
            return ([], .seconds(1))
        }
    }

    private func deliver(_ delivery: ClaimedDelivery) async {
        let outcome = await sender.send(delivery, now: Int64(time(nil)))
        // A worker that stops leaves an attempt without an answer to another one.
        guard outcome.status != nil || !Task.isCancelled else { return }
        await uncancelled { await store(outcome, of: delivery) }
    }

    private func store(_ outcome: HookOutcome, of delivery: ClaimedDelivery) async {
        let metadata: Logger.Metadata = [
            "hook": "\(delivery.hook)", "delivery": "\(delivery.id)", "attempt": "\(delivery.attempt)",
        ]
        do throws(StoreError) {
            let state = try await context.store.finish(
                delivery,
                status: outcome.status,
                problem: outcome.problem,
                isFinal: outcome.isFinal
            )
            if let problem = outcome.problem {
                context.logger.log(
                    level: state == "dead" ? .warning : .info,
                    "a delivery failed\(state == "dead" ? " and is given up" : "")",
                    metadata: metadata.merging(["problem": "\(problem)"]) { $1 }
                )
            }
        } catch {
            context.outage.failed("storing a delivery", error)
        }
    }
}

/// How many attempts are under way, by hook.
private final class Attempts: Sendable {
    private let counts = Mutex<[String: Int]>([:])

    var total: Int { counts.withLock { $0.values.reduce(0, +) } }

    func hooks(withAtLeast least: Int) -> [String] {
        counts.withLock { counts in counts.filter { $0.value >= least }.map(\.key) }
    }

    func begin(_ hook: String) {
        counts.withLock { $0[hook, default: 0] += 1 }
    }

    func end(_ hook: String) {
        counts.withLock { counts in
            let left = counts[hook, default: 1] - 1
            counts[hook] = left > 0 ? left : nil
        }
    }
}
