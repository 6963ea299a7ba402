import Postgres
import TestSupport

extension Bench {
    /// Runs a test over a new database with agents and a chain, or several.
    static func withChains(_ documents: String..., body: (Bench) async throws -> Void) async throws {
        try await withBench { bench in
            try await bench.register(ChainDocuments.agents)
            for document in documents { try await bench.register(document) }
            try await body(bench)
        }
    }

    /// The visits of a run, as `node#visit status`, in the order of the chain.
    func visits(_ conversation: String) async throws -> [String] {
        try await texts(
            """
            SELECT format('%s#%s %s', node, visit, status) AS text FROM agentctl.node_runs
            WHERE conversation_id = $1 ORDER BY level, position
            """,
            [.text(conversation)]
        )
    }

    func result(_ conversation: String) async throws -> String? {
        try await text(
            "SELECT agentctl.chain_result($1, 1)::text AS text",
            [.text(conversation)]
        )
    }
}
