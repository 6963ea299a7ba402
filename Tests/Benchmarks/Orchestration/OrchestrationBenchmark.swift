import JSON
import Postgres
import Store

/// Chains and tasks, by a worker as it is deployed: a hop, a fan-out, and a long queue.
struct OrchestrationBenchmark {
    let plan: Plan
    let database: BenchmarkDatabase

    private static let stages = 10
    private static let branches = 100
    /// Milliseconds that the slow model takes.
    private static let delay = Double(MockModelProcess.delay.components.attoseconds) / 1e15

    private var tasks: Int { plan.isQuick ? 500 : 10_000 }

    func section() async throws -> Section {
        let model = try await MockModelProcess.start()
        let measured: Result<Section, any Error>
        do { measured = .success(try await measure(with: model)) } catch { measured = .failure(error) }
        try await model.stop()
        return try measured.get()
    }

    private func measure(with model: MockModelProcess) async throws -> Section {
        try await database.withClient { client in
            let documents = Documents.offline + Documents.networked(model.url) + Self.chains(model.url)
            _ = try await Stores(client: client).definitions.register(documents)
            // A slot for each branch: with fewer they would come in waves.
            let worker = try await WorkerProcess.start(on: database, client: client, slots: 2 * Self.branches)
            _ = try await time("assistant", client, in: "single")
            var (hops, plain, fans, single) = (Samples(), Samples(), Samples(), Samples())
            for _ in 0..<plan.shortRounds {
                hops.add(try await time("hops", client) / Double(Self.stages))
                plain.add(try await time("assistant", client))
            }
            for _ in 0..<plan.rounds {
                fans.add(try await time("fan", client))
                single.add(try await time("slow", client))
            }
            try await worker.stop()
            let claims = try await drained(client)
            return section(hops, plain, fans, single, claims)
        }
    }

    private static func chains(_ url: String) -> [JSONValue] {
        let stage: JSONValue = ["agent": "assistant"]
        let branch: JSONValue = ["agent": "slow"]
        return [
            ["kind": "model", "name": "slow", "provider": "openai", "base_url": .string(url), "model": "slow"],
            ["kind": "agent", "name": "slow", "model": "slow"],
            [
                "kind": "chain", "name": "hops", "strategy": "sequential",
                "stages": .array(Array(repeating: stage, count: stages)),
            ],
            [
                "kind": "chain", "name": "fan", "strategy": "parallel", "max_parallel": .integer(Int64(branches)),
                "branches": .array(Array(repeating: branch, count: branches)),
            ],
        ]
    }

    /// Milliseconds from a message's commit to the end of its turn, by the database's clock.
    private func time(
        _ responder: String,
        _ client: PostgresClient,
        in conversation: String? = nil
    ) async throws -> Double {
        let conversation = "\(conversation ?? responder) 1"
        let rows = try await client.query(
            """
            SELECT agentctl.submit($1, $2, $3) AS seq, pg_notify('agentctl_ready', '')
            """,
            [.text(conversation), .text(Documents.question), .text(responder)]
        )
        guard let seq = try rows.first?.decode("seq", as: Int64.self) else { throw BenchmarkError("nothing submitted") }
        let deadline = ContinuousClock.now + .seconds(60)
        while ContinuousClock.now < deadline {
            let ended = try await client.read(
                """
                SELECT t.status::text AS status,
                       extract(epoch FROM t.finished_at - t.submitted_at)::double precision * 1000 AS ms
                FROM agentctl.turn AS t WHERE t.conversation_id = $1 AND t.seq = $2
                """,
                [.text(conversation), .integer(seq)]
            )
            if let row = ended.first {
                guard try row.decode("status", as: String.self) == "succeeded" else {
                    throw BenchmarkError("a turn of \(responder) failed")
                }
                return try row.decode("ms")
            }
            try await Task.sleep(for: .milliseconds(10))
        }
        throw BenchmarkError("a turn of \(responder) did not end")
    }

    /// Milliseconds of a claim and a finish, in each fifth of a long queue of tasks.
    private func drained(_ client: PostgresClient) async throws -> Samples {
        try await client.withConnection { connection in
            try await connection.executeScript(DurableStatements.functions)
            try await connection.executeScript(Self.drain)
        }
        let record = try await DurableStatements(like: "single 1", client).record
        _ = try await client.query(
            "SELECT count(agentctl.submit_task('x', agent => 'assistant')) FROM generate_series(1, $1::integer)",
            [.integer(Int64(tasks))]
        )
        try await client.withConnection { try await $0.executeScript("VACUUM ANALYZE") }
        return try await client.withConnection { connection in
            var fifths = Samples()
            for _ in 0..<5 {
                let rows = try await connection.query(
                    "SELECT benchmark.drain($1::integer, $2::jsonb) AS ms",
                    [.integer(Int64(tasks / 5)), .text(record)]
                )
                guard let row = rows.first else { throw BenchmarkError("nothing drained") }
                fifths.add(try row.decode("ms", as: Double.self))
            }
            return fifths
        }
    }

    private static let drain = """
        CREATE FUNCTION benchmark.drain(count integer, record jsonb) RETURNS double precision LANGUAGE plpgsql AS $$
        DECLARE
            worker bigint := (SELECT w.id FROM agentctl.start_worker('inline', 'drain', 1, '', 1) AS w);
            began timestamptz := clock_timestamp();
        BEGIN
            FOR i IN 1 .. count LOOP
                ASSERT (SELECT p.finished FROM benchmark.process(worker, record) AS p);
            END LOOP;
            RETURN extract(epoch FROM clock_timestamp() - began) * 1000 / count;
        END $$;
        """

    private func section(
        _ hops: Samples,
        _ plain: Samples,
        _ fans: Samples,
        _ single: Samples,
        _ claims: Samples
    ) -> Section {
        let first = claims.values.first ?? .nan
        let last = claims.values.last ?? .nan
        let bound = 1.3 * single.median + 50
        return Section(
            title: "Orchestration",
            explanation: """
                From a message's commit to the end of its turn, by the database's clock, with one `agentctl work` process of \
                \(2 * Self.branches) slots. A \
                hop is a tenth of a chain of \(Self.stages) agents with rules, in \(plan.shortRounds) rounds; against one \
                message to such an agent. A fan-out has \(Self.branches) branches with a model that answers after \
                \(Format.number(Self.delay)) ms, in \(plan.rounds) rounds; against one message to such an agent; its target \
                is 1.3 times that and 50 ms. A queue of \(Format.number(Double(tasks))) tasks is claimed and finished in SQL, \
                one at a time: the last fifth against the first.
                """,
            comparison: "one message",
            measurements: [
                Measurement(
                    subject: "A hop of a chain",
                    measured: Format.milliseconds(hops.median),
                    comparison: Format.milliseconds(plain.median),
                    ratio: hops.over(plain),
                    target: .atMost(3, hops.median, unit: " ms")
                ),
                Measurement(
                    subject: "\(Self.branches) branches",
                    measured: Format.milliseconds(fans.median),
                    comparison: Format.milliseconds(single.median),
                    ratio: fans.over(single),
                    target: .atMost(bound, fans.median, unit: " ms")
                ),
                Measurement(
                    subject: "A task of the last fifth of a queue",
                    measured: Format.milliseconds(last),
                    comparison: Format.milliseconds(first),
                    ratio: Samples([last / first]),
                    target: .atMost(1.2, last / first, unit: "")
                ),
            ]
        )
    }
}
