internal import Logging
internal import ServiceLifecycle
import Store

internal import struct FoundationEssentials.UUID

/// Keeps a worker alive in the database, and finds out when the database may think otherwise.
///
/// A worker whose heartbeats are not answered within the time to live has lost its leases, whether it knows or not. It
/// is fenced off by its own monotonic clock when its ``LeaseTerm`` is over, so that it drops its turns before another
/// worker takes them. A worker that serves everybody and a `send` that works off its own conversation beat alike.
///
/// It lives on the loop of the database's connections and is woken by it, so that it beats as long as that thread runs,
/// whatever takes the others.
struct Heartbeat: Sendable {
    private let context: WorkerContext
    private let interval: Duration

    private static let longestInterval: Duration = .seconds(3)

    init(_ context: WorkerContext) {
        self.context = context
        interval = min(context.configuration.heartbeatInterval, Self.interval(for: context.timeToLive))
    }

    /// Time between heartbeats: three in a time to live, and no fewer than one in three seconds.
    static func interval(for timeToLive: Duration) -> Duration {
        min(longestInterval, timeToLive * 3 / 10)
    }

    /// Beats until the worker is fenced off or the task is cancelled.
    ///
    /// - Returns: Whether the worker is fenced off: everything that it holds is void, and its term is over for good.
    func run() async -> Bool {
        while !Task.isCancelled {
            // A worker that gets no answer is fenced off when its term is over, and not a beat later.
            do { try await context.store.sleep(for: min(interval, context.term.left)) } catch { return false }
            let isAlive: Bool
            do throws(StoreError) {
                isAlive = try await beat()
            } catch {
                if Task.isCancelled { return false }
                context.outage.failed("a heartbeat", error)
                isAlive = !context.term.isOver
            }
            if !isAlive {
                context.term.end()
                return true
            }
        }
        return false
    }

    /// One heartbeat, and what is to be done as often.
    ///
    /// - Returns: False when the database counts the worker as lost, or the answer came after the term was over.
    private func beat() async throws(StoreError) -> Bool {
        let (store, term) = (context.store, context.term)
        let began = ContinuousClock.now
        let isAlive = try await store.heartbeat(
            worker: context.worker,
            isDraining: Task.isShuttingDownGracefully,
            timeout: term.left
        )
        guard isAlive else { return false }
        term.renew(from: began)
        try await returnForgotten(within: term.left)
        try await context.signals.refresh()
        try await context.endpoints.refresh(timeout: term.left)
        context.outage.succeeded()
        return !term.isOver
    }

    /// Gives back what the worker holds without knowing it, because the answer to a claim was lost with its connection.
    ///
    /// That is what the database counts as held at two heartbeats in a row and the worker never heard of. It counts as
    /// an attempt: should the same submission be the reason, it is given up in the end.
    private func returnForgotten(within limit: Duration) async throws(StoreError) {
        let held = try await context.store.leases(of: context.worker, timeout: limit)
        for (lease, conversation) in context.leases.forgotten(among: held) {
            try await context.store.release(conversation: conversation, lease: lease, counts: true)
            context.logger.notice("a forgotten lease was given back", metadata: ["conversation": "\(conversation)"])
        }
    }
}
