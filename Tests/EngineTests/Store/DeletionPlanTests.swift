import Postgres
import TestSupport
import Testing

@testable import Engine
@testable import Store

/// The statements that delete, as the server plans them beside thousands of other conversations and deliveries.
@Suite struct DeletionPlanTests {
    @Test func deletingAConversationScansNoTable() async throws {
        try await withBench { bench in
            try await bench.register(Documents.offline)
            try await bench.client.withConnection { connection in
                try await connection.executeScript(PlanTests.fill)
                try await connection.executeScript(Self.fill)
            }
            let (plans, scans) = try await sequentialScans(at: bench.url, besides: []) { client in
                let deleted = try await client.query(
                    "SELECT (agentctl.delete_conversation('c7') ->> 'hook_deliveries')::text AS text"
                )
                #expect(try deleted.first?.decode("text", as: String.self) == "1")
            }
            #expect(plans > 20, "the plans were not reported")
            #expect(Set(scans) == [])
            let ofUser = try await bench.client.query(
                "EXPLAIN (FORMAT TEXT) SELECT v.id FROM agentctl.conversation AS v WHERE v.created_by = 'ada'"
            ).map { try $0.decode("QUERY PLAN", as: String.self) }
            #expect(ofUser.contains { $0.contains("conversation_created_by") }, "\(ofUser)")
        }
    }

    private static let fill = """
        INSERT INTO agentctl.hook_delivery (hook, event, body, state, finished_at)
        SELECT 'h', 'turn_complete', jsonb_build_object('data', jsonb_build_object('conversation', 'c' || n)),
               'delivered', now()
        FROM generate_series(1, 20000) AS n;
        ANALYZE;
        """
}
