import Postgres
import Store
import TestSupport

/// How soon a worker begins a message that was submitted in SQL, and what it costs that submit() notifies.
struct ReadinessBenchmark {
    let plan: Plan
    let database: BenchmarkDatabase

    /// Whether the transaction notifies workers, or leaves it to them to look.
    private enum Mode: String, CaseIterable {
        case notifying = "on"
        case silent = "off"
    }

    private struct Loaded {
        var submitted = Samples()
        var processed = Samples()
    }

    private static let clients = 8
    private static let conversations = 1_000

    func section() async throws -> Section {
        try await database.withClient { client in
            _ = try await Stores(client: client).definitions.register(Documents.offline)
            let worker = try await WorkerProcess.start(on: database, client: client)
            var idle = [Mode: Samples]()
            for round in 0...plan.shortRounds {
                for mode in Mode.allCases {
                    let latency = try await beginning(of: "idle \(mode) \(round)", mode, client)
                    // The first round prepares statements.
                    if round > 0 { idle[mode, default: Samples()].add(latency) }
                }
            }
            var loaded = [Mode: Loaded]()
            for round in 1...plan.rounds {
                // Whoever comes first finds the smaller tables.
                for mode in round.isMultiple(of: 2) ? Mode.allCases : Mode.allCases.reversed() {
                    try await load("load \(mode) \(round)", mode, client, &loaded[mode, default: Loaded()])
                }
            }
            try await worker.stop()
            return section(idle, loaded)
        }
    }

    /// Submits a message to an idle worker.
    ///
    /// - Returns: Milliseconds from the submission to the claim, by the database's clock.
    private func beginning(of conversation: String, _ mode: Mode, _ client: PostgresClient) async throws -> Double {
        try await client.withTransaction { connection in
            _ = try await connection.query("SELECT set_config('agentctl.wake', $1, true)", [.text(mode.rawValue)])
            _ = try await connection.query(
                "SELECT agentctl.submit($1, $2, 'assistant')",
                [.text(conversation), .text(Documents.question)]
            )
        }
        let deadline = ContinuousClock.now + .seconds(30)
        while ContinuousClock.now < deadline {
            let rows = try await client.read(
                """
                SELECT (extract(epoch FROM t.started_at - t.submitted_at) * 1000)::double precision AS wait
                FROM agentctl.turn AS t WHERE t.conversation_id = $1
                """,
                [.text(conversation)]
            )
            if let row = rows.first { return try row.decode("wait") }
            try await Task.sleep(for: .milliseconds(20))
        }
        throw BenchmarkError("\(conversation) was not processed")
    }

    /// Submits as fast as eight clients can, while the worker processes what comes.
    private func load(
        _ name: String,
        _ mode: Mode,
        _ client: PostgresClient,
        _ series: inout Loaded
    ) async throws {
        let script = """
            \\set c random(1, \(Self.conversations))
            BEGIN;
            SET LOCAL agentctl.wake = \(mode.rawValue);
            SELECT agentctl.submit('\(name) ' || :c, '\(Documents.question)', 'assistant');
            COMMIT;

            """
        let pgbench = Pgbench(url: database.url, clients: Self.clients)
        series.submitted.add(try await pgbench.run(script, for: .seconds(plan.seconds)).rate)
        let queue = WorkQueue(name: name, agent: "assistant", messagesPerConversation: 1)
        _ = try await queue.wait(client)
        let rows = try await client.read(
            """
            SELECT (count(*) / extract(epoch FROM max(t.finished_at) - min(t.submitted_at)))::double precision AS rate
            FROM agentctl.turn AS t WHERE t.conversation_id LIKE $1 || ' %'
            """,
            [.text(name)]
        )
        series.processed.add(try rows.first?.decode("rate") ?? .nan)
    }

    private func section(_ idle: [Mode: Samples], _ loaded: [Mode: Loaded]) -> Section {
        let (notified, polled) = (idle[.notifying] ?? Samples(), idle[.silent] ?? Samples())
        let (loud, silent) = (loaded[.notifying] ?? Loaded(), loaded[.silent] ?? Loaded())
        func rate(_ subject: String, _ loud: Samples, _ silent: Samples) -> Measurement {
            let ratio = loud.over(silent)
            return Measurement(
                subject: subject,
                measured: "\(Format.number(loud.median))/s",
                comparison: "\(Format.number(silent.median))/s",
                ratio: ratio,
                target: .atLeast(0.95, ratio)
            )
        }
        return Section(
            title: "Readiness",
            explanation: """
                A message that SQL submits, from the submission to the claim by an idle worker, \(plan.shortRounds) rounds; and \
                \(Self.clients) pgbench clients that submit to \(Self.conversations) conversations while the worker processes \
                them, \(plan.rounds) rounds of \(plan.seconds) s. Each with transactions in which `submit()` notifies workers \
                that have nothing else to do, against transactions that never notify (`SET LOCAL agentctl.wake = off`).
                """,
            comparison: "without notifying",
            measurements: [
                Measurement(
                    subject: "Until an idle worker begins",
                    measured: Format.milliseconds(notified.median),
                    comparison: Format.milliseconds(polled.median),
                    ratio: notified.over(polled),
                    target: .atMost(10, notified.median, unit: " ms")
                ),
                rate("Messages submitted under load", loud.submitted, silent.submitted),
                rate("Messages submitted and processed", loud.processed, silent.processed),
            ]
        )
    }
}
