import Postgres
import TestSupport
import Testing

@testable import Engine
@testable import Store

/// The view of events.
@Suite struct EventViewTests {
    @Test func eachReadsWhatEventsReturnsOfWhatItMaySee() async throws {
        try await withBench { bench in
            try await bench.register(Documents.offline)
            try await bench.withUser(in: "agentctl_client") { alice in
                #expect(try await alice.state(of: "SELECT agentctl.submit('c', 'What is 1+1?')") == nil)
                _ = try await bench.conversations.submit(.message("What is 2+2?"), to: "other")
                while try await bench.process() != nil {}
                let whole = "\(alice.name)/c"
                let shown = try await alice.texts(
                    """
                    SELECT concat_ws(' ', conversation_id, number, seq, type, data, at) AS text
                    FROM agentctl.events ORDER BY number
                    """
                )
                let returned = try await alice.texts(
                    "SELECT concat_ws(' ', '\(whole)', number, seq, type, data, at) AS text FROM agentctl.events('c')"
                )
                #expect(shown == returned && shown.contains { $0.contains("It is 2.") })
                // What only the model's own server is sent back.
                _ = try await bench.client.query(
                    """
                    UPDATE agentctl.message SET tool_calls = '[{"id": "a", "name": "b", "arguments": "{}",
                        "origin": "unread", "native": {"call": {"x": "unread"}}}]' WHERE role = 'assistant'
                    """
                )
                let calls = try await alice.texts(
                    "SELECT data ->> 'tool_calls' AS text FROM agentctl.events WHERE data ? 'tool_calls'"
                )
                #expect(Set(calls) == [#"[{"id": "a", "name": "b", "arguments": "{}"}]"#])
                try await bench.withUser(in: "agentctl_reader") { rita in
                    let conversations = "SELECT DISTINCT conversation_id AS text FROM agentctl.events ORDER BY 1"
                    let all = try await rita.texts(conversations)
                    #expect(Set(all) == [whole, "other"])
                }
                try await bench.withUser(in: "agentctl_client") { bob in
                    let seen = try await bob.texts("SELECT type AS text FROM agentctl.events")
                    #expect(seen == [])
                }
                for role in ["agentctl_query", "agentctl_approver"] {
                    try await bench.withUser(in: role) { user in
                        let refused = try await user.state(of: "SELECT FROM agentctl.events")
                        #expect(refused == "42501", "\(role)")
                    }
                }
            }
        }
    }
}
