import Postgres
import TestSupport
import Testing

@testable import Conversation
@testable import Engine
@testable import Store

/// Conversations that others may read.
@Suite struct ConversationGrantTests {
    @Test func aRoleReadsWhatIsGrantedToItAndDoesNothingElse() async throws {
        try await withBench { bench in
            try await bench.register(Documents.offline)
            try await bench.openToEveryone()
            let support = Bench.newName("support")
            try await bench.script("CREATE ROLE \(support)")
            try await bench.withUser(in: "agentctl_client") { ada in
                _ = try await ada.client.query("SELECT agentctl.submit('order', 'hello')")
                _ = try await ada.client.query("SELECT agentctl.submit('other', 'hello')")
                while try await bench.process() != nil {}
                let id = "\(ada.name)/order"
                try await bench.withUser(in: "agentctl_client, \(support)") { sam in
                    let reads = [
                        "reply('\(id)', 1)", "show_conversation('\(id)', 10)", "trace_turn('\(id)', 1)",
                        "events('\(id)', 0, 10)", "export_conversation('\(id)')",
                    ]
                    for call in reads { #expect(try await sam.state(of: "SELECT agentctl.\(call)") == "AC002") }
                    // Neither who reads nor a worker says who may.
                    let grant = "SELECT agentctl.grant_conversation('\(id)', '\(support)')"
                    #expect(try await sam.state(of: grant) == "AC002")
                    try await bench.withUser(in: "agentctl_worker") { worker in
                        let state = try await worker.state(of: grant)
                        #expect(state == "AC004")
                    }
                    #expect(try await ada.state(of: "SELECT agentctl.grant_conversation('order', '\(support)')") == nil)
                    for call in reads { #expect(try await sam.state(of: "SELECT agentctl.\(call)") == nil, "\(call)") }
                    for call in [
                        "undo('\(id)')", "fork('\(id)', 'mine')", "interrupt('\(id)')",
                        "delete_conversation('\(id)')", "reply('\(ada.name)/other', 1)",
                    ] {
                        #expect(try await sam.state(of: "SELECT agentctl.\(call)") == "AC002", "\(call)")
                    }
                    #expect(try await bench.conversations.revoke(id, from: support))
                    for call in reads {
                        #expect(try await sam.state(of: "SELECT agentctl.\(call)") == "AC002", "\(call)")
                    }
                    #expect(try await sam.state(of: "SELECT agentctl.submit('\(id)', 'me')") == nil)
                    // What was sent to the id of another is of one's own name.
                    #expect(
                        try await bench.text(
                            "SELECT count(*)::text AS text FROM agentctl.submission WHERE conversation_id = $1",
                            [.text(id)]
                        ) == "1"
                    )
                }
            }
            try await bench.script("DROP ROLE \(support)")
        }
    }

    /// Each of them is a conversation of its own.
    @Test func whatIsGrantedIsGrantedWithAllThatIsBelowIt() async throws {
        try await withBench { bench in
            try await bench.register(Documents.offline)
            try await bench.openToEveryone()
            let support = Bench.newName("support")
            try await bench.script("CREATE ROLE \(support)")
            try await bench.withUser(in: "agentctl_client") { ada in
                for name in ["a", "b1", "b2", "c", "x"] {
                    _ = try await ada.client.query(PostgresStatement("SELECT agentctl.submit('\(name)', 'hello')"))
                }
                while try await bench.process() != nil {}
                // Of a, the task b at its second attempt; of b, the task c; of neither, x.
                try await bench.script(
                    """
                    WITH made AS (
                        INSERT INTO agentctl.task (parent_conversation_id, parent_seq, number, root_conversation_id,
                            root_seq, description, conversation_id, seq, state, finished_at)
                        VALUES ('\(ada.name)/a', 1, 1, '\(ada.name)/a', 1, 'b', '\(ada.name)/b2', 1, 'done', now()),
                               ('\(ada.name)/b2', 1, 1, '\(ada.name)/a', 1, 'c', '\(ada.name)/c', 1, 'done', now())
                        RETURNING id, description)
                    UPDATE agentctl.submission AS s SET task_id = m.id FROM made AS m
                    WHERE starts_with(s.conversation_id, '\(ada.name)/' || m.description)
                    """
                )
                try await bench.withUser(in: "agentctl_client, \(support)") { sam in
                    func readable() async throws -> String {
                        var found = ""
                        for name in ["a", "b1", "b2", "c", "x"] {
                            let state = try await sam.state(of: "SELECT agentctl.reply('\(ada.name)/\(name)', 1)")
                            if state == nil { found += name }
                        }
                        return found
                    }
                    for (granted, all) in [("a", "ab1b2c"), ("b2", "b2c")] {
                        let id = "\(ada.name)/\(granted)"
                        _ = try await ada.client.query(
                            PostgresStatement("SELECT agentctl.grant_conversation('\(id)', '\(support)')")
                        )
                        #expect(try await readable() == all)
                        _ = try await bench.conversations.revoke(id, from: support)
                    }
                }
            }
            try await bench.script("DROP ROLE \(support)")
        }
    }
}
