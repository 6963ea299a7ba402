internal import Logging
import Store

/// Begins the runs of schedules as they come due.
///
/// Each worker has one. The database gives each run to one of those that ask, so that none has to lead.
struct ScheduleClock: Sendable {
    let context: WorkerContext
    /// Woken when a schedule may have been registered or changed.
    let wakeUp: WakeUp

    /// What the worker did not hear of begins at most so much late.
    private static let longest: Duration = .seconds(30)
    /// While another session holds what is due.
    private static let shortest: Duration = .milliseconds(100)

    /// Works until the task is cancelled.
    ///
    /// - Parameter begun: Called when runs were begun, which can be claimed.
    func run(_ begun: () async -> Void) async {
        while !Task.isCancelled {
            var wait = Self.longest
            do throws(StoreError) {
                let (count, next) = try await context.store.runSchedules()
                context.outage.succeeded()
                if let next { wait = min(max(next, Self.shortest), Self.longest) }
                if count > 0 {
                    context.logger.debug("began scheduled runs", metadata: ["count": "\(count)"])
                    await begun()
                }
            } catch {
                context.outage.failed("running schedules", error)
                wait = .seconds(1)
            }
            await wakeUp.wait(upTo: wait)
        }
    }
}
