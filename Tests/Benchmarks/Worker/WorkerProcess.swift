import Postgres
import Sandbox

/// A worker as it is deployed: the executable, in a process of its own.
struct WorkerProcess: Sendable {
    let process: ChildProcess

    /// Conversations that it processes at once, unless a benchmark says otherwise.
    static let slots = 64

    /// Starts a worker and waits until it works.
    ///
    /// - Parameters:
    ///   - client: Of the same database.
    ///   - slots: Conversations that it processes at once.
    static func start(
        on database: BenchmarkDatabase,
        client: PostgresClient,
        slots: Int = Self.slots
    ) async throws -> WorkerProcess {
        let process = try ChildProcess(
            try Programs.agentctl(),
            ["work", "--slots", "\(slots)"],
            environment: ["DATABASE_URL": database.url, "AGENTCTL_LOG_LEVEL": "error"]
        )
        let isActive: PostgresStatement =
            "SELECT FROM agentctl.worker WHERE process_id = $1::integer AND state = 'active' AND kind = 'service'"
        let deadline = ContinuousClock.now + .seconds(30)
        while try await client.read(isActive, [.integer(Int64(process.id))]).isEmpty {
            guard ContinuousClock.now < deadline else { throw BenchmarkError("the worker did not start") }
            try await Task.sleep(for: .milliseconds(10))
        }
        return WorkerProcess(process: process)
    }

    /// Drains the worker and waits for its end.
    func stop() async throws {
        process.terminate()
        let exit = try await offThePool { process.waitForExit() }
        guard exit.status == 0 else { throw BenchmarkError("the worker ended with \(exit.status)") }
    }
}
