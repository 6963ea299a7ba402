import Engine
import JSON
import Postgres
import Store
import TestSupport

/// What the layer between a turn and its model costs: endpoints, attempts, fallbacks, limits of time.
struct ModelsBenchmark {
    let plan: Plan
    let database: BenchmarkDatabase

    func section() async throws -> Section {
        var measurements = try await layer()
        measurements.append(try await SharedPrefix(plan: plan, database: database).measurement())
        measurements += try await WaitingTurns(plan: plan, database: database).measurements()
        measurements += try await WireFaults(plan: plan).measurements()
        return Section(
            title: "Models",
            explanation: """
                The layer: an agent whose model names an endpoint with a breaker of its own, has retries, two models to fall \
                back to and a limit for the first piece of an answer, against one whose model has an address and is asked \
                once; \(plan.workerRounds) rounds in turns, one worker with \(WorkerProcess.slots) slots, nothing fails. \
                Statements are counted as commits: outside of transactions each is one. The prefix: the bytes of messages \
                that a request has in common with the one before it, from their beginning on. Faults: from the request to \
                the error, over loopback; the last column but one says which it is.
                """,
            comparison: "without",
            measurements: measurements
        )
    }

    private func documents(_ url: String) -> [JSONValue] {
        let fallbacks: JSONValue = [["model": "bare"], ["model": "spare"]]
        return [
            [
                "kind": "model", "name": "bare", "provider": "openai", "base_url": .string(url), "model": "m",
                "retry": ["attempts": 1, "postpone": 0],
            ],
            ["kind": "model", "name": "spare", "provider": "rules", "rules": [["otherwise": "Later."]]],
            [
                "kind": "endpoint", "name": "server", "base_url": .string(url), "breaker": ["failures": 10],
                "headers": ["X-Project": "benchmark"],
            ],
            [
                "kind": "model", "name": "whole", "provider": "openai", "endpoint": "server", "model": "m",
                "first_token_timeout": 30, "retry": ["attempts": 5], "fallback": fallbacks,
            ],
            ["kind": "agent", "name": "without", "model": "bare", "system_prompt": "Be concise."],
            ["kind": "agent", "name": "with", "model": "whole", "system_prompt": "Be concise."],
        ]
    }

    /// Messages that are answered at once, with and without all of it.
    private func layer() async throws -> [Measurement] {
        let model = try await MockModelProcess.start()
        let measured: Result<(with: WorkSeries, without: WorkSeries), any Error>
        do { measured = .success(try await measure(with: model)) } catch { measured = .failure(error) }
        try await model.stop()
        let (with, without) = try measured.get()
        let rate = with.rate.over(without.rate)
        func row(_ subject: String, _ value: KeyPath<WorkSeries, Samples>) -> Measurement {
            let (one, other) = (with[keyPath: value].median, without[keyPath: value].median)
            return Measurement(
                subject: subject,
                measured: Format.number(one),
                comparison: Format.number(other),
                target: .init(text: "no more (± 0.05)", isMet: one - other <= 0.05)
            )
        }
        return [
            Measurement(
                subject: "Messages a second, whole layer",
                measured: Format.rate(with.rate),
                comparison: Format.rate(without.rate),
                ratio: rate,
                target: .atLeast(0.97, rate)
            ),
            row("— statements a message", \.commits), row("— flushes of the log a message", \.flushes),
        ]
    }

    private func measure(with model: MockModelProcess) async throws -> (with: WorkSeries, without: WorkSeries) {
        try await database.withClient { client in
            _ = try await Stores(client: client).definitions.register(documents(model.url))
            var (with, without) = (WorkSeries(), WorkSeries())
            // A first round makes everything warm.
            for round in 0...plan.workerRounds {
                Progress.say("  round \(round)")
                var (one, other) = (WorkSeries(), WorkSeries())
                // Each is first every other time.
                if round.isMultiple(of: 2) { try await work("with", round, client, &one) }
                try await work("without", round, client, &other)
                if !round.isMultiple(of: 2) { try await work("with", round, client, &one) }
                if round > 0 {
                    with.add(one)
                    without.add(other)
                }
            }
            return (with, without)
        }
    }

    private func work(
        _ agent: String,
        _ round: Int,
        _ client: PostgresClient,
        _ series: inout WorkSeries
    ) async throws {
        try await psql(database.url, "VACUUM ANALYZE")
        try await psql(database.url, "CHECKPOINT")
        let queue = WorkQueue(
            name: "\(agent) \(round)",
            agent: agent,
            messagesPerConversation: plan.messagesPerConversation
        )
        let before = try await DatabaseCounters(client)
        let worker = try await WorkerProcess.start(on: database, client: client)
        try await queue.fill(client)
        let looks = try await queue.wait(client)
        try await worker.stop()
        series.add(before, try await DatabaseCounters(client), looks: looks, messages: queue.messages)
        series.rate.add(try await queue.rate(client))
    }
}

extension WorkSeries {
    /// Adds another one's first values.
    fileprivate mutating func add(_ other: WorkSeries) {
        rate.add(other.rate.median)
        commits.add(other.commits.median)
        flushes.add(other.flushes.median)
    }
}
