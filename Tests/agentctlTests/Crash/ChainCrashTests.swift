import CrashSupport
import Glibc
import JSON
import Postgres
import Store
import TestSupport
import Testing

/// Runs of chains whose workers are killed at every commit, before it and after it.
struct ChainCrashTests {
    private static let documents: [String: String] = [
        "sequence": ChainDocuments.sequence, "parallel": ChainDocuments.parallel(), "each": ChainDocuments.each,
        "vote": ChainDocuments.vote, "nested": ChainDocuments.nested, "graph": ChainDocuments.graph,
    ]

    @Test(arguments: ["each", "graph", "nested", "parallel", "vote"])
    func kill9AtEveryCommitOfARunChangesNothing(chain: String) async throws {
        try await withDatabase(template: .seeded) { url in
            let database = try CrashDatabase(url: url)
            let definitions = Stores(client: database.client).definitions
            for text in [ChainDocuments.agents] + Self.documents.values.sorted() where !text.isEmpty {
                let value = try JSONValue(parsing: text)
                // What another one refers to comes with it or before it.
                guard text != ChainDocuments.nested else { continue }
                _ = try await definitions.register(value.arrayValue ?? [value])
            }
            _ = try await definitions.register([try JSONValue(parsing: ChainDocuments.nested)])
            // Each worker takes the next task with the commit that it does not hear of.
            _ = try await database.client.query(
                "UPDATE agentctl.setting SET value = '1000' WHERE name = 'max_attempts'"
            )
            let name = url.split(separator: "?")[0].split(separator: "/").last.map(String.init) ?? ""
            try await withPostgresRelay(to: TemporaryCluster.shared.socketPath) { relay in
                try await calmly(chain, database, relay.url(database: name, application: "calm"))
                let kills = try await killing(chain, database, relay, name)
                #expect(kills > 4)
            }
            for table in Self.comparisons {
                let calm = try await database.rows(table.replacing("ID", with: "calm"))
                let wild = try await database.rows(table.replacing("ID", with: "wild"))
                #expect(!calm.isEmpty && calm == wild, "\(chain): \(calm.map(\.text)), \(wild.map(\.text))")
            }
            await database.client.shutdown()
        }
    }

    /// What must be the same in a run that nothing disturbed.
    private static let comparisons = [
        "SELECT seq, role, content FROM agentctl.message WHERE conversation_id = 'ID' AND role <> 'tool' ORDER BY number",
        """
        SELECT node, visit, level, after, status, input, output, writes FROM agentctl.node_runs
        WHERE conversation_id = 'ID' ORDER BY node, visit, number
        """,
        """
        SELECT t.group_key, t.description, t.state, t.attempt, count(*) FROM agentctl.tasks AS t
        WHERE t.parent_conversation_id = 'ID' GROUP BY 1, 2, 3, 4 ORDER BY 1, 2
        """,
        """
        SELECT replace(u.conversation_id, 'ID', '') AS turn, u.seq, u.status, count(*) FROM agentctl.turn AS u
        WHERE u.conversation_id = 'ID' OR u.conversation_id LIKE 'ID~%' GROUP BY 1, 2, 3 ORDER BY 1, 2
        """,
    ]

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

    private func hasEnded(_ conversation: String, _ database: CrashDatabase) async throws -> Bool {
        try await database.isTrue("SELECT count(*) > 0 FROM agentctl.turn WHERE conversation_id = '\(conversation)'")
    }

    private func calmly(_ chain: String, _ database: CrashDatabase, _ url: String) async throws {
        try await submit(chain, to: "calm", database)
        let worker = try AgentctlProcess(["work", "--slots", "1"], environment: ["DATABASE_URL": url])
        try await eventually("a run that nothing disturbs") { try await hasEnded("calm", database) }
        worker.send(SIGTERM)
        #expect(try await worker.result().status == 0)
    }

    /// Gives the run one worker after the other, and kills each at its first commit.
    ///
    /// - Returns: How many were killed.
    private func killing(
        _ chain: String,
        _ database: CrashDatabase,
        _ relay: PostgresRelay,
        _ name: String
    ) async throws -> Int {
        try await submit(chain, to: "wild", database)
        var kills = 0
        while try await !hasEnded("wild", database) {
            let application = "worker\(kills)"
            let holds = ["agentctl.save_progress(", "agentctl.park_and_claim(", "agentctl.finish_and_claim("].map {
                statement in
                // What was not committed is done by the next one, which is killed after it.
                kills.isMultiple(of: 2)
                    ? relay.holdRequest(statement, of: application) : relay.holdAnswer(statement, of: application)
            }
            let worker = try AgentctlProcess(
                ["work", "--slots", "1"],
                environment: ["DATABASE_URL": relay.url(database: name, application: application)]
            )
            try await eventually("a commit, or the end of the run") {
                if holds.contains(where: \.isReached) { return true }
                return try await hasEnded("wild", database)
            }
            worker.send(SIGKILL)
            #expect(try await worker.result().status == -SIGKILL)
            relay.forgetRules()
            _ = try await database.client.query(
                "UPDATE agentctl.worker SET heartbeat_at = heartbeat_at - interval '1 hour' WHERE state = 'active'"
            )
            kills += 1
            try #require(kills < 200)
        }
        return kills
    }
}
