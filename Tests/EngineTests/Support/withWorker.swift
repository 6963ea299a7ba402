import Engine
import ServiceLifecycle
import TestSupport

/// Runs a worker as a service while `body` runs, and tells it to stop when the body is done.
func withWorker(
    _ bench: Bench,
    _ configuration: WorkerConfiguration = .init(slots: 8),
    _ body: (ServiceGroup) async throws -> Void
) async throws {
    let group = ServiceGroup(
        configuration: .init(services: [.init(service: bench.worker(configuration))], logger: .silent)
    )
    try await withThrowingTaskGroup(of: Void.self) { tasks in
        tasks.addTask { try await group.run() }
        try await body(group)
        await group.triggerGracefulShutdown()
        try await tasks.waitForAll()
    }
}
