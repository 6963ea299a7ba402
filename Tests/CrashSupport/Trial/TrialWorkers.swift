import Glibc
import TestSupport

/// The workers of a trial: some are running, some are stopped, and whoever is killed is replaced.
actor TrialWorkers {
    private let url: @Sendable (_ name: String) -> String
    private var running: [(name: String, process: AgentctlProcess)] = []
    private var started = 0
    /// What is wrong with workers that ended by themselves.
    private(set) var complaints: [String] = []

    init(url: @escaping @Sendable (_ name: String) -> String) {
        self.url = url
    }

    /// The names of workers that are running.
    var names: [String] { running.map(\.name) }

    func start() throws {
        started += 1
        let name = "worker\(started)"
        let process = try AgentctlProcess(
            ["work", "--slots", "3", "--unsafe-no-sandbox"],
            environment: ["DATABASE_URL": url(name), CrashDatabase.nameVariable: name]
        )
        running.append((name, process))
    }

    /// Kills one, and starts another.
    func kill(_ random: inout TrialRandom) async throws {
        guard let index = running.indices.randomElement(using: &random) else { return }
        let worker = running.remove(at: index)
        worker.process.send(SIGKILL)
        let result = try await worker.process.result()
        if result.status != -SIGKILL { complain(worker.name, result) }
        try start()
    }

    /// Stops one for a while.
    func stop(for time: Duration, _ random: inout TrialRandom) async throws {
        guard let index = running.indices.randomElement(using: &random) else { return }
        let process = running[index].process
        process.send(SIGSTOP)
        defer { process.send(SIGCONT) }
        try await Task.sleep(for: time)
    }

    /// Lets all come to their end.
    func drain() async throws {
        for worker in running { worker.process.send(SIGTERM) }
        for worker in running {
            let result = try await worker.process.result()
            if result.status != 0 { complain(worker.name, result) }
        }
        running = []
    }

    private func complain(_ name: String, _ result: AgentctlProcess.Result) {
        // One that finds no server when it starts gives up; one that works waits for it.
        if result.status == 5, !result.errors.contains("working") { return }
        complaints.append("\(name) ended with \(result.status): \(result.errors.suffix(1_000))")
    }
}
