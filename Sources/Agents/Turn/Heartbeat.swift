internal import Logging
internal import Synchronization

internal import struct FoundationEssentials.UUID

/// Keeps a worker alive in the database, and ends it when the database may think otherwise.
///
/// A worker that cannot show a sign of life within the time to live has lost its leases, whether it knows or not. It
/// stops by its own monotonic clock two seconds earlier, so that it drops its turns before another worker takes them.
struct Heartbeat: Sendable {
    /// The worker counts as lost: everything that it holds is void.
    struct Fenced: Error {}

    let store: Store
    let worker: Int64
    let interval: Duration
    let timeToLive: Duration
    let leases: LeaseBook
    let isDraining: @Sendable () -> Bool
    let logger: Logger

    private static let safetyMargin: Duration = .seconds(2)

    /// Beats until the task is cancelled.
    ///
    /// - Throws: ``Fenced``.
    func run() async throws {
        var lastBeat = ContinuousClock.now
        while !Task.isCancelled {
            try await Task.sleep(for: interval)
            let began = ContinuousClock.now
            do {
                guard try await beat(within: timeToLive - Self.safetyMargin - lastBeat.duration(to: .now)) else {
                    throw Fenced()
                }
                lastBeat = began
                try await returnForgotten()
            } catch is Fenced {
                throw Fenced()
            } catch {
                if Task.isCancelled { return }
                logger.warning("no heartbeat", metadata: ["error": "\(error)"])
            }
            if lastBeat.duration(to: .now) > timeToLive - Self.safetyMargin { throw Fenced() }
        }
    }

    private func beat(within limit: Duration) async throws -> Bool {
        let (store, worker, isDraining) = (store, worker, isDraining())
        return try await withThrowingTaskGroup(of: Bool.self) { group in
            group.addTask { try await store.heartbeat(worker: worker, isDraining: isDraining) }
            group.addTask {
                try await Task.sleep(for: max(limit, .zero))
                throw Fenced()
            }
            defer { group.cancelAll() }
            return try await group.next() ?? false
        }
    }

    /// A claim whose answer was lost with its connection is held by a worker that does not know it.
    ///
    /// What the database counts as held for two beats on end and the worker never heard of is given back.
    private func returnForgotten() async throws {
        for (lease, conversation) in leases.forgotten(among: try await store.leases(of: worker)) {
            try await store.release(conversation: conversation, lease: lease)
            logger.notice("a forgotten lease was given back", metadata: ["conversation": "\(conversation)"])
        }
    }
}
