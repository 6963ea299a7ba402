import Postgres

@testable import Engine

/// Agents that tests route messages to.
enum RoutingAgents {
    /// A default agent; one for files, one for weather, one that nothing is routed to, one that takes an input.
    static let documents = """
        [{"kind": "model", "name": "m", "provider": "rules", "rules": [{"otherwise": "x"}]},
         {"kind": "agent", "name": "assistant", "model": "m", "description": "Answers general questions"},
         {"kind": "agent", "name": "FileSearcher", "model": "m", "description": "Searches files of the workspace",
          "capabilities": ["search", "files"], "examples": ["Find TODOs in the code"]},
         {"kind": "agent", "name": "weather-bot", "model": "m", "description": "Tells the weather",
          "capabilities": ["forecast", "search"], "examples": ["Will it rain tomorrow?"]},
         {"kind": "agent", "name": "hidden", "model": "m", "description": "Rain, rain, rain", "routable": false},
         {"kind": "agent", "name": "city-guide", "model": "m", "description": "Weather of a place",
          "input_schema": {"type": "object", "required": ["city"], "properties": {"city": {"type": "string"}}}}]
        """
}

extension Bench {
    /// The agents that `agentctl.route()` returns, best first, each as `name score`.
    func routes(_ message: String?, capabilities: [String] = [], input: String? = nil) async throws -> [String] {
        try await texts(
            "SELECT agent || ' ' || score AS text FROM agentctl.route($1, $2::text[], $3::jsonb) ORDER BY place",
            [.optional(message), .textArray(capabilities), .optional(input)]
        )
    }

    /// The SQLSTATE, message, detail and hint of a statement that fails.
    func failure(_ sql: PostgresStatement) async -> (state: String?, text: String)? {
        do throws(PostgresError) {
            _ = try await client.query(sql)
            return nil
        } catch {
            return (
                error.sqlState, [error.message, error.detail, error.hint].compactMap(\.self).joined(separator: " | ")
            )
        }
    }
}

/// Runs a test over a database with ``RoutingAgents``.
func withRoutes(_ body: (Bench) async throws -> Void) async throws {
    try await withBench { bench in
        try await bench.register(RoutingAgents.documents)
        try await bench.openToEveryone()
        try await body(bench)
    }
}
