import Postgres
import TestSupport
import Testing

@testable import Engine

/// The index that messages are routed by is what is in force.
@Suite struct RouteIndexTests {
    @Test func itFollowsWhatIsInForce() async throws {
        try await withRoutes { bench in
            func best(_ message: String) async throws -> String? {
                try await bench.routes(message).first.map { String($0.prefix { $0 != " " }) }
            }
            #expect(try await best("find TODO") == "FileSearcher")
            try await bench.register(
                #"{"kind": "agent", "name": "FileSearcher", "model": "m", "description": "Bakes cakes", "capabilities": ["bake"]}"#
            )
            #expect(try await best("find TODO") == nil)
            #expect(try await best("cake") == "FileSearcher")
            #expect(try await bench.routes(nil, capabilities: ["files"]) == [])
            for statement: PostgresStatement in [
                "SELECT agentctl.rollback('FileSearcher')", "SELECT agentctl.publish('FileSearcher', 1)",
            ] { _ = try await bench.client.query(statement) }
            #expect(try await best("find TODO") == "FileSearcher")
            #expect(try await best("cake") == nil)
            // The view is another way to register.
            _ = try await bench.client.query(
                "UPDATE agentctl.agents SET examples = '{Bake a cake}', routable = true WHERE name = 'hidden'"
            )
            #expect(try await best("cake") == "hidden")
            _ = try await bench.client.query("UPDATE agentctl.agents SET routable = false WHERE name = 'hidden'")
            #expect(try await best("cake") == nil)
            // What is not committed is not there.
            struct Undo: Error {}
            await #expect(throws: Undo.self) {
                try await bench.client.withTransaction { connection in
                    _ = try await connection.query(
                        "UPDATE agentctl.agents SET examples = '{Bake a cake}' WHERE name = 'assistant'"
                    )
                    throw Undo()
                }
            }
            #expect(try await best("cake") == nil)
            #expect(try await Self.kept(bench) == Self.rebuilt(bench))
        }
    }

    @Test func whateverIsRegisteredItIsWhatItWouldBeIfItWereBuiltAgain() async throws {
        try await withRoutes { bench in
            var random = HistoryGenerator(seed: 7)
            let words = ["find", "bake", "rain", "read", "write", "count", "Cities", "of", "a-b", "x_y", "42"]
            func some(_ most: Int) -> [String] {
                (0..<Int.random(in: 0...most, using: &random)).compactMap { _ in words.randomElement(using: &random) }
            }
            func list(_ texts: [String]) -> String { "[\(texts.map { "\"\($0)\"" }.joined(separator: ","))]" }
            for _ in 0..<60 {
                let documents = Set((0..<4).map { _ in Int.random(in: 1...12, using: &random) }).map { agent in
                    """
                    {"kind": "agent", "name": "Agent\(agent)", "model": "m", "description": "\(some(6).joined(separator: " "))",
                     "capabilities": \(list(some(3))), "examples": \(list(some(3))), "routable": \(Int.random(in: 0..<4, using: &random) > 0)}
                    """
                }
                try await bench.register("[\(documents.joined(separator: ","))]")
            }
            let kept = try await Self.kept(bench)
            #expect(kept.count > 50)
            #expect(try await kept == Self.rebuilt(bench))
        }
    }

    @Test func settingsThatMeanNothingAreRefused() async throws {
        try await withRoutes { bench in
            for (name, value) in [
                ("route_threshold", "high"), ("route_threshold", "-1"), ("route_threshold", "1.1"),
                ("route_language", "klingon"), ("route_language", "a b c"), ("route_language", ""),
            ] {
                let error = await #expect(throws: PostgresError.self) {
                    try await bench.client.query(
                        "UPDATE agentctl.setting SET value = $2 WHERE name = $1",
                        [.text(name), .text(value)]
                    )
                }
                #expect(error?.sqlState == "AC001", "\(name) \(value)")
            }
        }
    }

    @Test func anotherLanguageBuildsItAgain() async throws {
        try await withRoutes { bench in
            #expect(try await bench.routes("cities").first?.hasPrefix("city-guide") == nil)
            #expect(try await bench.routes("finds").first?.hasPrefix("FileSearcher") == true)
            _ = try await bench.client.query(
                "UPDATE agentctl.setting SET value = 'simple' WHERE name = 'route_language'"
            )
            #expect(try await bench.routes("finds") == [])
            #expect(try await bench.routes("find").first?.hasPrefix("FileSearcher") == true)
            try await bench.register(
                #"{"kind": "agent", "name": "cook", "model": "m", "description": "Bakes cakes"}"#
            )
            #expect(try await bench.routes("cakes").first?.hasPrefix("cook") == true)
            #expect(try await bench.routes("cake") == [])
        }
    }

    @Test func noStatementOfADecisionScansATable() async throws {
        try await withRoutes { bench in
            try await bench.client.withConnection { try await $0.executeScript(Self.fill) }
            let small = ["route_index", "setting", "definition_epoch"]
            let (plans, scans) = try await sequentialScans(at: bench.url, besides: small) { client in
                for (message, capabilities) in [
                    ("w1 w2 w30 w400 w5000", "{}"), ("w7 w8 w9", "{common}"), ("w7", "{rare7}"),
                    ("w3", "{common,rare7}"),
                ] {
                    let rows = try await client.query(
                        "SELECT agent FROM agentctl.route($1, $2::text[])",
                        [.text(message), .text(capabilities)]
                    )
                    #expect(!rows.isEmpty)
                }
                _ = try await client.query("SELECT agentctl.submit('new', 'general questions')")
                _ = try await client.query("SELECT agentctl.routing_of('new', 1)")
            }
            #expect(plans > 20 && scans == [])
        }
    }

    /// Agents that all have one capability, and each a word and a capability of its own.
    ///
    /// Nothing is analyzed: the plans are right for tables that grew since.
    private static let fill = """
        INSERT INTO agentctl.route_agent (name, capabilities) SELECT 'Agent' || n, ARRAY['common', 'rare' || n % 3000]
        FROM generate_series(1, 6000) AS n;
        INSERT INTO agentctl.route_posting SELECT 'w' || w, a.id, 0.8
        FROM agentctl.route_agent AS a, LATERAL (VALUES (a.id), (a.id % 100), (a.id % 7)) AS v (w)
        WHERE a.name LIKE 'Agent%' ON CONFLICT DO NOTHING;
        INSERT INTO agentctl.route_term SELECT term, count(*) FROM agentctl.route_posting WHERE term LIKE 'w%' GROUP BY term
        ON CONFLICT DO NOTHING;
        INSERT INTO agentctl.route_capability SELECT c, a.success_rate, a.id
        FROM agentctl.route_agent AS a, unnest(a.capabilities) AS c WHERE a.name LIKE 'Agent%';
        UPDATE agentctl.route_index SET agents = (SELECT count(*) FROM agentctl.route_agent);
        INSERT INTO agentctl.conversation (id, agent) SELECT 'r' || n, 'assistant' FROM generate_series(1, 5000) AS n;
        INSERT INTO agentctl.conversation_control (conversation_id, tail_seq, head_seq) SELECT 'r' || n, 1, 1 FROM generate_series(1, 5000) AS n;
        INSERT INTO agentctl.submission (conversation_id, seq, body) SELECT 'r' || n, 1, '{"message": "x"}' FROM generate_series(1, 5000) AS n;
        INSERT INTO agentctl.routing (conversation_id, seq, agent, is_default, score, threshold, candidates, epoch)
        SELECT 'r' || n, 1, 'Agent' || n, false, 1, 0.25, '[]', 1 FROM generate_series(1, 5000) AS n;
        """

    /// The index, without its own numbers of agents.
    private static func kept(_ bench: Bench) async throws -> [String] {
        try await bench.texts(
            """
            SELECT concat_ws(' ', 'posting', p.term, a.name, p.weight) AS text
            FROM agentctl.route_posting AS p JOIN agentctl.route_agent AS a ON a.id = p.agent_id
            UNION ALL SELECT concat_ws(' ', 'term', term, agents) FROM agentctl.route_term
            UNION ALL SELECT concat_ws(' ', 'capability', c.capability, c.success_rate, a.name)
            FROM agentctl.route_capability AS c JOIN agentctl.route_agent AS a ON a.id = c.agent_id
            UNION ALL SELECT concat_ws(' ', 'agent', name, capabilities, required_members) FROM agentctl.route_agent
            UNION ALL SELECT concat_ws(' ', 'index', agents, language) FROM agentctl.route_index
            ORDER BY 1
            """
        )
    }

    private static func rebuilt(_ bench: Bench) async throws -> [String] {
        _ = try await bench.client.query("SELECT agentctl.rebuild_routes()")
        return try await kept(bench)
    }
}
