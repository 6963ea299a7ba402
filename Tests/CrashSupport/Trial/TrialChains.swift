import JSON
import Logging
import Postgres

/// Somebody who has chains run, hands in tasks and plans, and now and then stops one of them.
struct TrialChains: Sendable {
    let submissions: SubmissionLedger
    let errands: ErrandLedger
    let relay: PostgresRelay
    let effects: String
    var random: TrialRandom

    /// What tasks ask for; the last two are given less than they need.
    private static let tasks = [
        ("leaf", " unsafe", nil), ("hand", " unsafe sql", nil), ("low", " tree1", 1_000_000), ("middle", " tree2", nil),
        ("hand", " pure unsafe pure sql pure", 60), ("middle", " tree2", 400),
    ]

    /// Submits until the task is cancelled.
    mutating func run() async throws {
        var configuration = try PostgresConfiguration(url: relay.url(database: "agentctl", application: "chains"))
        configuration.acquireTimeout = .seconds(20)
        let client = PostgresClient(configuration, logger: Logger(label: "chains") { _ in SwiftLogNoOpLogHandler() })
        var count = 0
        // What was accepted last, for tasks that wait for others.
        var last: Int64?
        while !Task.isCancelled {
            count += 1
            switch Int.random(in: 0..<100, using: &random) {
            case 0..<60: await runChain(count, client)
            case 60..<80: last = await submitTask(count, after: last, client) ?? last
            case 80..<90: await runPlan(count, client)
            default: await stop(client)
            }
            try? await Task.sleep(for: random.milliseconds(200...900))
        }
        await client.shutdown()
    }

    private mutating func runChain(_ count: Int, _ client: PostgresClient) async {
        guard let chain = CrashDatabase.chains.randomElement(using: &random) else { return }
        let name = "k\(count)"
        let text = name + CrashDatabase.words(for: chain)
        let outcome = await outcome {
            try await client.query(
                "SELECT agentctl.submit($1, $2, $3) AS seq",
                [.text(name), .text(text), .text(chain)]
            )
        }
        submissions.add(text, to: name, outcome)
    }

    private mutating func submitTask(_ count: Int, after last: Int64?, _ client: PostgresClient) async -> Int64? {
        guard let (agent, words, tokens) = Self.tasks.randomElement(using: &random) else { return nil }
        let after = random.happens(50) ? last.map { "{\($0)}" } ?? "{}" : "{}"
        let name = "e\(count)"
        let outcome = await outcome {
            try await client.query(
                """
                SELECT agentctl.submit_task($1, agent => $2, depends_on => $3::bigint[],
                    budget => jsonb_build_object('tokens', $4::integer)) AS seq
                """,
                [.text(name + words), .text(agent), .text(after), .integer(Int64(tokens ?? 100_000_000))]
            )
        }
        errands.add(name, isPlan: false, outcome)
        return if case .accepted(let task) = outcome { task } else { nil }
    }

    /// Stores a plan, approves it and has it run, in one transaction.
    private mutating func runPlan(_ count: Int, _ client: PostgresClient) async {
        let name = "p\(count)"
        let steps: JSONValue = [
            ["tool": "unsafe", "arguments": ["url": .string("\(effects)/unsafe/\(name).1")], "description": "one"],
            ["agent": "leaf", "description": .string("\(name).2 unsafe")],
            ["function": "sql", "arguments": ["marker": .string("\(name).3")], "description": "three", "after": [1]],
            ["tool": "pure", "arguments": ["expression": "6 * 7"], "description": "four"],
        ]
        let mode = Bool.random(using: &random) ? "parallel" : "sequential"
        let outcome = await outcome {
            try await client.withTransaction { connection in
                let stored = try await connection.query(
                    "SELECT agentctl.store_plan($1, $2::jsonb, mode => $3) AS plan",
                    [.text(name), .text(steps.text), .text(mode)]
                )
                guard let plan = try stored.first?.decode("plan", as: Int64.self) else { throw TrialError("no plan") }
                _ = try await connection.query("SELECT agentctl.approve_plan($1)", [.integer(plan)])
                return try await connection.query(
                    "SELECT seq FROM agentctl.run_plan($1, 'runner')",
                    [.integer(plan)]
                )
            }
        }
        errands.add(name, isPlan: true, outcome)
    }

    /// Stops a chain that runs, or a task.
    private func stop(_ client: PostgresClient) async {
        let running = try? await client.query(
            """
            SELECT c.conversation_id, s.task_id FROM agentctl.conversation_control AS c
            JOIN agentctl.submission AS s ON s.conversation_id = c.conversation_id AND s.seq = c.head_seq + 1
            WHERE c.conversation_id LIKE 'k%' AND c.state <> 'idle' AND c.has_progress ORDER BY random() LIMIT 1
            """
        ).first
        if let running, let conversation = try? running.decode("conversation_id", as: String.self) {
            // The conversation of a task has the name of its chain's at its beginning.
            if let task = try? running.decode("task_id", as: Int64.self) { errands.willStop(task) }
            _ = try? await client.query("SELECT agentctl.interrupt($1)", [.text(conversation)])
        }
        let task: Int64? = try? await client.query(
            "SELECT id FROM agentctl.task WHERE finished_at IS NULL AND random() < 0.5 ORDER BY random() LIMIT 1"
        ).first?.decode("id")
        guard let task else { return }
        errands.willStop(task)
        _ = try? await client.query("SELECT agentctl.cancel_task($1)", [.integer(task)])
    }

    /// What a client knows of what it has submitted.
    private func outcome(_ submit: () async throws -> PostgresRows) async -> SubmissionLedger.Outcome {
        do {
            return try await submit().first.map { .accepted(seq: try $0.decode("seq")) } ?? .unknown
        } catch let error as PostgresError where error.sqlState?.hasPrefix("AC") == true {
            return .rolledBack
        } catch {
            return .unknown
        }
    }
}
