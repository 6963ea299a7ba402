import FoundationEssentials

/// PostgreSQL's own load generator, in C over libpq: what everything is compared with.
struct Pgbench: Sendable {
    /// How long it runs.
    enum Extent: Sendable {
        /// Seconds.
        case seconds(Int)
        /// Transactions of each client.
        case transactions(Int)
    }

    let url: String
    /// Connections, served by two threads.
    let clients: Int
    /// Values of variables of the script.
    var variables: [String: String] = [:]

    /// Runs a script with prepared statements.
    ///
    /// - Parameters:
    ///   - script: In pgbench's language.
    ///   - extent: How long.
    /// - Returns: Transactions per second, without the time to connect, and CPU seconds of pgbench's process.
    /// - Throws: ``BenchmarkError``.
    @discardableResult
    func run(_ script: String, for extent: Extent) async throws -> (rate: Double, processorTime: Double) {
        let file = FileManager.default.temporaryDirectory.path + "/agentctl-benchmark-\(UUID()).sql"
        try Data(script.utf8).write(to: URL(filePath: file))
        defer { try? FileManager.default.removeItem(atPath: file) }
        var arguments = ["-n", "-M", "prepared", "-c", "\(clients)", "-j", "2", "-f", file]
        switch extent {
        case .seconds(let seconds): arguments += ["-T", "\(seconds)"]
        case .transactions(let count): arguments += ["-t", "\(count)"]
        }
        for (name, value) in variables { arguments += ["-D", "\(name)=\(value)"] }
        let run = try await ProgramRun.of(try Programs.postgres("pgbench"), arguments + [url])
        let line = run.output.split(separator: "\n").last { $0.hasPrefix("tps = ") }
        guard let rate = line?.split(separator: " ").dropFirst(2).first.flatMap({ Double($0) }) else {
            throw BenchmarkError("pgbench said: \(run.output)")
        }
        return (rate, run.processorTime)
    }
}
