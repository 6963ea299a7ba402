import Conversation
import Postgres
import Store
import TestSupport

/// What a claim costs a worker that works off one queue, and one that works off fifty.
struct QueuesBenchmark {
    let plan: Plan
    let database: BenchmarkDatabase

    private static let queues = 50
    private var claims: Int { plan.isQuick ? 100 : 2_000 }

    /// Where what is claimed waits.
    private enum Case: String, CaseIterable {
        case one = "one"
        case fifty = "fifty"
        case between = "between"

        var subject: String {
            switch self {
            case .one: "Claims from one queue"
            case .fifty: "Claims from fifty queues"
            case .between: "Claims from one queue, with fifty that others work off"
            }
        }
    }

    func section() async throws -> Section {
        try await database.withClient { client in
            let stores = Stores(client: client)
            _ = try await stores.definitions.register(Documents.offline)
            var rates = [Case: Samples]()
            for round in 0...plan.rounds {
                for one in round.isMultiple(of: 2) ? Case.allCases : Case.allCases.reversed() {
                    let rate = try await rate(one, client, stores.work)
                    // The first round prepares statements.
                    if round > 0 { rates[one, default: Samples()].add(rate) }
                }
            }
            return section(rates)
        }
    }

    /// Claims one by one all that is ready for a worker.
    ///
    /// - Returns: Claims a second.
    private func rate(_ one: Case, _ client: PostgresClient, _ work: WorkStore) async throws -> Double {
        try await client.withConnection { session in
            try await session.executeScript(
                """
                TRUNCATE agentctl.submission, agentctl.conversation_control, agentctl.conversation CASCADE;
                DELETE FROM agentctl.work_list WHERE conversation_id <> '';
                INSERT INTO agentctl.work_queue (name) SELECT 'q' || n FROM generate_series(1, \(Self.queues)) AS n
                ON CONFLICT DO NOTHING;
                INSERT INTO agentctl.conversation (id, agent)
                SELECT 'c' || n, 'assistant' FROM generate_series(1, \(2 * claims)) AS n;
                INSERT INTO agentctl.conversation_control (conversation_id, state, ready_at, tail_seq, queue_key)
                SELECT 'c' || n, 'ready', clock_timestamp(), 1, q.key
                FROM generate_series(1, \(2 * claims)) AS n
                JOIN agentctl.work_queue AS q ON q.name = CASE
                    WHEN '\(one.rawValue)' = 'fifty' OR '\(one.rawValue)' = 'between' AND n % 2 = 0
                    THEN 'q' || n % \(Self.queues) + 1 ELSE 'default' END;
                INSERT INTO agentctl.submission (conversation_id, seq, body)
                SELECT 'c' || n, 1, '{"message": "x"}' FROM generate_series(1, \(2 * claims)) AS n;
                ANALYZE agentctl.conversation_control, agentctl.submission, agentctl.conversation;
                """
            )
            let names = one == .fifty ? (1...Self.queues).map { "q\($0)" } : ["default"]
            let description = WorkerDescription(kind: .service, slots: 1, queues: names, offers: [])
            let worker = try await work.startWorker(description).id
            let began = ContinuousClock.now
            for _ in 1...claims {
                let claimed = try await session.query("SELECT FROM agentctl.claim($1, 1)", [.integer(worker)])
                guard claimed.count == 1 else { throw BenchmarkError("a claim found nothing") }
            }
            let rate = Double(claims) / (began.duration(to: .now) / .seconds(1))
            try await work.stopWorker(worker)
            return rate
        }
    }

    private func section(_ rates: [Case: Samples]) -> Section {
        let base = rates[.one] ?? Samples()
        return Section(
            title: "Queues",
            explanation: """
                \(claims) claims of one conversation each by a worker, one after the other, with as many again that stay; \
                \(plan.rounds) rounds.
                """,
            comparison: "one queue",
            measurements: [Case.fifty, .between].map { one in
                let rate = rates[one] ?? Samples()
                let ratio = rate.over(base)
                return Measurement(
                    subject: one.subject,
                    measured: "\(Format.number(rate.median))/s",
                    comparison: "\(Format.number(base.median))/s",
                    ratio: ratio,
                    target: .atLeast(0.9, ratio)
                )
            }
        )
    }
}
