import Postgres

/// Many tasks that run one kind of statement for a while.
struct ClientRun: Sendable {
    let client: PostgresClient
    let load: ClientLoad
    let tasks: Int
    /// Whether the tasks live on the client's reactor.
    let isOnLoop: Bool

    /// What a run came to.
    struct Result: Sendable {
        /// Statements per second.
        let rate: Double
        /// Microseconds of CPU time of this process for each statement.
        let processorTime: Double
    }

    /// Runs statements.
    ///
    /// - Parameter duration: How long new ones are begun.
    func result(over duration: Duration) async throws -> Result {
        let before = ProcessorTime.ofThisProcess
        let start = ContinuousClock.now
        let end = start + duration
        let count = try await withThrowingTaskGroup(of: Int.self) { group in
            for task in 0..<tasks {
                group.addTask(executorPreference: isOnLoop ? client.reactor : nil) {
                    try await repeatStatement(from: task, until: end)
                }
            }
            return try await group.reduce(0, +)
        }
        let elapsed = start.duration(to: .now) / .seconds(1)
        let used = ProcessorTime.ofThisProcess - before
        return Result(rate: Double(count) / elapsed, processorTime: used * 1e6 / Double(count))
    }

    private func repeatStatement(from first: Int, until end: ContinuousClock.Instant) async throws -> Int {
        var count = 0
        while ContinuousClock.now < end {
            let parameters = load.parameters(Int64(count * tasks + first))
            let rows =
                load.isRead
                ? try await client.read(load.statement, parameters)
                : try await client.query(load.statement, parameters)
            try load.decode(rows)
            count += 1
        }
        return count
    }
}
