import CrashSupport
import Glibc
import JSON
import Postgres
import Store
import TestSupport
import Testing

/// Runs of chains whose workers are killed at every commit, before it and after it.
struct ChainCrashTests {
    /// In the order in which they refer to each other.
    private static let documents = [
        ChainDocuments.agents, ChainDocuments.sequence, ChainDocuments.parallel(), ChainDocuments.each,
        ChainDocuments.vote, ChainDocuments.graph, ChainDocuments.nested, ChainDocuments.hierarchy,
        ChainDocuments.handoff, ChainDocuments.fan(100),
    ]

    @Test(arguments: ["each", "graph", "handoff", "hierarchy", "nested", "parallel", "sequence", "vote"])
    func kill9AtEveryCommitOfARunChangesNothing(chain: String) async throws {
        let kills = try await comparing(chain) { try await killing(chain, $0) }
        // Two commits of a handoff, each before and after it; more of all others.
        #expect(kills >= 4)
    }

    /// A hundred tasks at once: each worker is killed after a few of them, before a commit or after it.
    @Test func kill9InTheMiddleOfAFanOutChangesNothing() async throws {
        let kills = try await comparing("fan") { try await killing("fan", $0, slots: 4, every: 12) }
        #expect(kills >= 8)
    }

    /// What must be the same in a run that nothing disturbed.
    private static let comparisons = [
        "SELECT seq, role, content FROM agentctl.message WHERE conversation_id = 'ID' AND role <> 'tool' ORDER BY number",
        """
        SELECT node, visit, level, after, status, input, output, writes FROM agentctl.node_runs
        WHERE conversation_id = 'ID' ORDER BY node, visit, number
        """,
        """
        SELECT replace(t.parent_conversation_id, 'ID', '') AS turn, t.group_key, t.description, t.state, t.attempt, count(*)
        FROM agentctl.tasks AS t WHERE t.parent_conversation_id = 'ID' OR t.parent_conversation_id LIKE 'ID~%'
        GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 3
        """,
        """
        SELECT replace(u.conversation_id, 'ID', '') AS turn, u.seq, u.status, count(*) FROM agentctl.turn AS u
        WHERE u.conversation_id = 'ID' OR u.conversation_id LIKE 'ID~%' GROUP BY 1, 2, 3 ORDER BY 1, 2
        """,
    ]

    private struct Scene {
        let database: CrashDatabase
        let relay: PostgresRelay
        /// The name of the database.
        let name: String

        func url(_ application: String) -> String { relay.url(database: name, application: application) }
    }

    /// Compares a run that nothing disturbs with one that `wildly` disturbs, both of a chain of ``documents``.
    ///
    /// - Returns: What `wildly` returns.
    private func comparing(_ chain: String, with wildly: (Scene) async throws -> Int) async throws -> Int {
        try await withDatabase(template: .seeded) { url in
            let database = try CrashDatabase(url: url)
            for text in Self.documents {
                let value = try JSONValue(parsing: text)
                _ = try await Stores(client: database.client).definitions.register(value.arrayValue ?? [value])
            }
            // Each worker takes the next task with the commit that it does not hear of.
            _ = try await database.client.query(
                "UPDATE agentctl.setting SET value = '1000' WHERE name = 'max_attempts'"
            )
            let name = url.split(separator: "?")[0].split(separator: "/").last.map(String.init) ?? ""
            let kills = try await withPostgresRelay(to: TemporaryCluster.shared.socketPath) { relay in
                let scene = Scene(database: database, relay: relay, name: name)
                try await calmly(chain, scene)
                return try await wildly(scene)
            }
            for table in Self.comparisons {
                let calm = try await database.rows(table.replacing("ID", with: "calm"))
                let wild = try await database.rows(table.replacing("ID", with: "wild"))
                // A handoff has neither nodes nor tasks.
                #expect(!calm.isEmpty || chain == "handoff")
                #expect(calm == wild, "\(chain): \(calm.map(\.text)), \(wild.map(\.text))")
            }
            await database.client.shutdown()
            return kills
        }
    }

    private func submit(_ chain: String, to conversation: String, _ database: CrashDatabase) async throws {
        let input = chain == "each" ? #"{"files": ["x", "y", "z"]}"# : nil
        _ = try await database.client.query(
            "SELECT agentctl.submit($1, $2, $3, input => $4::jsonb)",
            [
                .text(conversation), input == nil ? .text("cats") : .null, .text(chain),
                input.map { .text($0) } ?? .null,
            ]
        )
    }

    /// How many turns have ended in conversations like that.
    private func ended(_ conversations: String, _ scene: Scene) async throws -> Int {
        let rows = try await scene.database.rows(
            "SELECT count(*) FROM agentctl.turn WHERE conversation_id LIKE '\(conversations)'"
        )
        return Int(rows.first?["count"]?.integerValue ?? 0)
    }

    private func calmly(_ chain: String, _ scene: Scene) async throws {
        try await submit(chain, to: "calm", scene.database)
        let worker = try AgentctlProcess(["work", "--slots", "1"], environment: ["DATABASE_URL": scene.url("calm")])
        try await eventually("a run that nothing disturbs") { try await ended("calm", scene) > 0 }
        worker.send(SIGTERM)
        #expect(try await worker.result().status == 0)
    }

    /// Gives the run one worker after the other, and kills each at its first commit.
    ///
    /// - Parameter tasks: How many tasks each may end before that.
    /// - Returns: How many were killed.
    private func killing(
        _ chain: String,
        _ scene: Scene,
        slots: Int = 1,
        every tasks: Int = 0
    ) async throws -> Int {
        try await submit(chain, to: "wild", scene.database)
        var kills = 0
        while try await ended("wild", scene) == 0 {
            let application = "worker\(kills)"
            let isBefore = kills.isMultiple(of: 2)
            var holds = tasks == 0 ? holds(of: application, before: isBefore, scene.relay) : []
            let worker = try AgentctlProcess(
                ["work", "--slots", "\(slots)"],
                environment: ["DATABASE_URL": scene.url(application)]
            )
            if tasks > 0 {
                let goal = min(tasks * kills, 100)
                try await eventually("some more tasks") { try await ended("wild~%", scene) >= goal }
                holds = self.holds(of: application, before: isBefore, scene.relay)
            }
            try await eventually("a commit, or the end of the run") {
                if holds.contains(where: \.isReached) { return true }
                return try await ended("wild", scene) > 0
            }
            worker.send(SIGKILL)
            #expect(try await worker.result().status == -SIGKILL)
            scene.relay.forgetRules()
            _ = try await scene.database.client.query(
                "UPDATE agentctl.worker SET heartbeat_at = heartbeat_at - interval '1 hour' WHERE state = 'active'"
            )
            kills += 1
            try #require(kills < 200)
        }
        return kills
    }

    /// Holds the next commit before it, or after it: what was not committed is done by the next worker, which is killed
    /// after it.
    private func holds(of application: String, before: Bool, _ relay: PostgresRelay) -> [RelayHold] {
        ["save_progress(", "park_and_claim(", "finish_turns(", "finish_and_step("].map { name in
            let statement = "agentctl.\(name)"
            return before ? relay.holdRequest(statement, of: application) : relay.holdAnswer(statement, of: application)
        }
    }
}
