import Postgres
import TestSupport
import Testing

@testable import Engine
@testable import Store

/// What a conversation can be called.
@Suite struct ConversationIdTests {
    /// A zero-width space, a right-to-left override, a space that does not break, a soft hyphen, a filler, a line
    /// separator, a variation selector and a tag.
    @Test(arguments: [
        "order\u{200B}7", "order\u{202E}7", "order\u{A0}7", "order\u{AD}7", "order\u{3164}7", "order\u{2028}7",
        "order7\u{FE0F}", "order7\u{E0041}", "order\u{7}7", " order7", "",
    ])
    func whatCannotBeSeenIsRefused(_ id: String) async throws {
        try await withBench { bench in
            try await bench.register(Documents.offline)
            _ = try await bench.conversations.submit(.message("hi"), to: "plain")
            for call in ["submit($1, 'hi')", "fork('plain', $1)", "import_conversation('{}', $1)"] {
                let refusal = try await refusal(of: PostgresStatement("SELECT agentctl.\(call)"), id, bench)
                #expect(refusal?.sqlState == "AC001", "\(call)")
                #expect(refusal?.message.contains("this one h") == true, "\(String(describing: refusal))")
            }
        }
    }

    @Test(arguments: ["order 7", "заказ/7", "受注", "😀", "a/1", "é"])
    func whatCanBeSeenIsAnId(_ id: String) async throws {
        try await withBench { bench in
            try await bench.register(Documents.offline)
            #expect(try await refusal(of: "SELECT agentctl.submit($1, 'hi')", id, bench) == nil)
        }
    }

    /// A release before this one accepted such ids.
    @Test func aConversationThatHasSuchAnIdGoesOn() async throws {
        try await withBench { bench in
            try await bench.register(Documents.offline)
            try await bench.withUser(in: "agentctl_client") { alice in
                #expect(try await alice.state(of: "SELECT agentctl.submit('order7', 'hi')") == nil)
                try await bench.script(
                    #"""
                    SET session_replication_role = replica;
                    UPDATE agentctl.conversation SET id = id || U&'\200B';
                    UPDATE agentctl.conversation_control SET conversation_id = conversation_id || U&'\200B';
                    UPDATE agentctl.submission SET conversation_id = conversation_id || U&'\200B';
                    RESET session_replication_role;
                    """#
                )
                #expect(try await alice.state(of: "SELECT agentctl.submit(U&'order7\\200B', 'again')") == nil)
                #expect(try await alice.state(of: "SELECT agentctl.undo(U&'order7\\200B')") == nil)
                let status = #"SELECT status AS text FROM agentctl.submission_status(U&'order7\200B', 2)"#
                #expect(try await alice.texts(status) == ["queued"])
                // Another's is no reason to accept it.
                try await bench.withUser(in: "agentctl_client") { bob in
                    let whole = "'\(alice.name)/order7' || U&'\\200B'"
                    let refused = try await bob.state(of: "SELECT agentctl.submit(\(whole), 'x')")
                    #expect(refused == "AC001")
                }
            }
        }
    }

    private func refusal(of call: PostgresStatement, _ id: String, _ bench: Bench) async throws -> PostgresError? {
        do throws(PostgresError) { _ = try await bench.client.query(call, [.text(id)]) } catch { return error }
        return nil
    }
}
