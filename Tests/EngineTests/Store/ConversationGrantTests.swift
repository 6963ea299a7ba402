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
}
