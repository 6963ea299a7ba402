import Engine
import Postgres
import Store
import TestSupport

/// One worker with 64 conversations in flight, against pgbench with the same durable statements.
struct WorkerBenchmark {
    let plan: Plan
    let database: BenchmarkDatabase

    func section() async throws -> Section {
        let model = try await MockModelProcess.start()
        let measured: Result<WorkResults, any Error>
        do { measured = .success(try await measure(with: model)) } catch { measured = .failure(error) }
        try await model.stop()
        return try measured.get().section(plan)
    }

    private func measure(with model: MockModelProcess) async throws -> WorkResults {
        try await database.withClient { client in
            _ = try await Stores(client: client).definitions.register(
                Documents.offline + Documents.networked(model.url)
            )
            try await psql(database.url, DurableStatements.functions)
            let statements = try await statements(client)
            var results = WorkResults()
            for round in 1...plan.workerRounds {
                Progress.say("  round \(round)")
                try await pgbench(queue("pgbench \(round)", "assistant"), statements, client, &results.pgbench)
                try await worker(queue("networked \(round)", "networked"), client, model, &results.networked)
                try await worker(queue("offline \(round)", "assistant"), client, nil, &results.offline)
            }
            return results
        }
    }

    private func queue(_ name: String, _ agent: String) -> WorkQueue {
        WorkQueue(name: name, agent: agent, messagesPerConversation: plan.messagesPerConversation)
    }

    /// A first turn by a real worker, for pgbench to imitate; it makes the files warm, too.
    private func statements(_ client: PostgresClient) async throws -> DurableStatements {
        let queue = WorkQueue(name: "first", agent: "networked", messagesPerConversation: 1)
        let worker = try await WorkerProcess.start(on: database, client: client)
        try await queue.fill(client)
        _ = try await queue.wait(client)
        try await worker.stop()
        _ = try await queue.rate(client)
        return try await DurableStatements(like: "first 1", client)
    }

    private func settle() async throws {
        try await psql(database.url, "VACUUM ANALYZE")
        try await psql(database.url, "CHECKPOINT")
    }

    private func worker(
        _ queue: WorkQueue,
        _ client: PostgresClient,
        _ model: MockModelProcess?,
        _ series: inout WorkSeries
    ) async throws {
        try await settle()
        let before = try await DatabaseCounters(client)
        let worker = try await WorkerProcess.start(on: database, client: client)
        let used = try ProcessorTime.of(worker.process.id)
        let usedByModel = try model.map { try ProcessorTime.of($0.process.id) }
        try await queue.fill(client)
        let looks = try await queue.wait(client)
        let perMessage = 1_000 / Double(queue.messages)
        series.processorTime.add((try ProcessorTime.of(worker.process.id) - used) * perMessage)
        if let model, let usedByModel {
            series.modelProcessorTime.add((try ProcessorTime.of(model.process.id) - usedByModel) * perMessage)
        }
        try await worker.stop()
        series.add(before, try await DatabaseCounters(client), looks: looks, messages: queue.messages)
        series.rate.add(try await queue.rate(client))
    }

    private func pgbench(
        _ queue: WorkQueue,
        _ statements: DurableStatements,
        _ client: PostgresClient,
        _ series: inout WorkSeries
    ) async throws {
        try await settle()
        let before = try await DatabaseCounters(client)
        try await queue.fill(client)
        let variables = try await statements.variables(client)
        let pgbench = Pgbench(url: database.url, clients: WorkerProcess.slots, variables: variables)
        let (_, used) = try await pgbench.run(
            DurableStatements.script,
            for: .transactions(queue.messages / WorkerProcess.slots)
        )
        // Whoever met only conversations that others held went away with nothing.
        let left = try await queue.left(client)
        if left > 0 {
            let rest = Pgbench(url: database.url, clients: 1, variables: variables)
            try await rest.run(DurableStatements.script, for: .transactions(left))
        }
        let looks = try await queue.wait(client) + 1
        series.processorTime.add(used * 1_000 / Double(queue.messages))
        series.add(before, try await DatabaseCounters(client), looks: looks, messages: queue.messages)
        series.rate.add(try await queue.rate(client))
    }
}
