import Postgres
import TestSupport
import Testing

@testable import Engine
@testable import Store

/// Who sees what: every scope against every reader.
@Suite struct MemoryIsolationTests {
    /// Conversations of two users, of nobody, and of two agents, all of one account.
    private static let conversations = [
        ("a1", "ada", "one"), ("a2", "ada", "two"), ("b1", "bob", "one"), ("n1", nil, "one"),
    ]

    @Test func everyScopeIsSeenByThoseItIsFor() async throws {
        try await withBench { bench in
            try await bench.register(Documents.offline)
            try await bench.register(
                #"[{"kind": "agent", "name": "one", "model": "offline"}, {"kind": "agent", "name": "two", "model": "offline"}]"#
            )
            for (id, user, agent) in Self.conversations {
                let named = user.map { ", user_id => '\($0)'" } ?? ""
                _ = try await bench.text(
                    PostgresStatement("SELECT agentctl.submit('\(id)', 'hello', '\(agent)'\(named))::text AS text")
                )
            }
            for (id, user, _) in Self.conversations {
                for whom in ["user", "conversation", "agent", "everyone"] where whom != "user" || user != nil {
                    _ = try await bench.remembered("'secret for \(whom) of \(id)', '\(id)', '\(whom)'")
                }
            }
            _ = try await bench.remembered("'secret of the owner'")
            _ = try await bench.remembered("'secret for carol', user_id => 'carol'")
            #expect(try await bench.sqlState(of: "SELECT agentctl.remember('x', 'n1')") == "AC003")
            let everyone = Set(Self.conversations.map { "secret for everyone of \($0.0)" } + ["secret of the owner"])
            for (reader, user, agent) in Self.conversations {
                let expected = everyone.union(
                    Self.conversations.flatMap { writer, itsUser, itsAgent -> [String] in
                        (writer == reader ? ["secret for conversation of \(writer)"] : [])
                            + (itsUser == user && user != nil ? ["secret for user of \(writer)"] : [])
                            + (itsAgent == agent ? ["secret for agent of \(writer)"] : [])
                    }
                )
                #expect(try await Set(bench.recalled("'secret', '\(reader)', k => 100")) == expected, "\(reader)")
            }
            // Nobody in particular sees no user's.
            #expect(try await Set(bench.recalled("'secret', k => 100")) == everyone)
        }
    }

    @Test func oneClientReachesNothingOfAnother() async throws {
        try await withBench { bench in
            try await bench.register(Documents.offline)
            try await bench.withUser(in: "agentctl_client") { ada in
                try await bench.withUser(in: "agentctl_client") { eve in
                    _ = try await ada.texts(
                        "SELECT agentctl.submit('c', 'hi', 'assistant', user_id => 'u')::text AS text"
                    )
                    _ = try await eve.texts(
                        "SELECT agentctl.submit('c', 'hi', 'assistant', user_id => 'u')::text AS text"
                    )
                    for whom in ["user", "conversation", "agent", "everyone"] {
                        _ = try await ada.texts(
                            "SELECT agentctl.remember('secret \(whom)', 'c', '\(whom)')::text AS text"
                        )
                    }
                    let recall = "SELECT content AS text FROM agentctl.recall_memories('secret', 'c')"
                    #expect(try await ada.texts(recall).count == 4)
                    // The same user's id, the same conversation's name, the same agent: another application's.
                    #expect(try await eve.texts(recall) == [])
                    #expect(try await eve.texts("SELECT content AS text FROM agentctl.own_memories") == [])
                    #expect(try await ada.texts("SELECT content AS text FROM agentctl.own_memories").count == 4)
                    #expect(try await ada.texts("SELECT content AS text FROM agentctl.own_memory_versions").count == 4)
                    let whole = "\(ada.name)/c"
                    for (statement, code) in [
                        ("SELECT agentctl.recall_memories('secret', '\(whole)')", "AC002"),
                        ("SELECT agentctl.remember('x', '\(whole)')", "AC002"),
                        (
                            "SELECT agentctl.recall_memories('secret', user_id => 'u', account => '\(ada.name)')",
                            "AC004"
                        ),
                        ("SELECT agentctl.recall_memories('secret', 'c', account => '\(ada.name)')", "AC001"),
                        ("SELECT agentctl.remember('x', user_id => 'u', account => '\(ada.name)')", "AC004"),
                        ("SELECT agentctl.remember('x', 'c', trust => 'owner')", "AC004"),
                        ("SELECT agentctl.forget(1)", "AC002"),
                        ("SELECT agentctl.clear_memories()", "42501"),
                        ("SELECT agentctl.import_memories('[]')", "42501"),
                        ("SELECT agentctl.evaluate_memories('{}')", "42501"),
                        ("SELECT * FROM agentctl.memory", "42501"), ("SELECT * FROM agentctl.memories", "42501"),
                        ("SELECT * FROM agentctl.memory_key", "42501"), ("SELECT * FROM agentctl.shown", "42501"),
                        ("SELECT agentctl.find_memories('secret', '{1,2,3,4}')", "42501"),
                        ("SELECT agentctl.write_memory(1, 'x', 'owner')", "42501"),
                    ] {
                        #expect(try await eve.state(of: statement) == code, "\(statement)")
                    }
                    #expect(try await ada.texts(recall).count == 4)
                    #expect(try await ada.state(of: "SELECT agentctl.forget(1)") == nil)
                }
            }
        }
    }

    @Test func aConversationIsOfOneUser() async throws {
        try await withBench { bench in
            try await bench.register(Documents.offline)
            let submit = { (id: String, user: String) in "SELECT agentctl.submit('\(id)', 'hello'\(user))" }
            #expect(try await bench.sqlState(of: submit("c", ", user_id => 'ada'")) == nil)
            #expect(try await bench.sqlState(of: submit("c", "")) == nil)
            #expect(try await bench.sqlState(of: submit("c", ", user_id => 'ada'")) == nil)
            #expect(try await bench.sqlState(of: submit("c", ", user_id => 'bob'")) == "AC004")
            #expect(try await bench.sqlState(of: submit("n", "")) == nil)
            #expect(try await bench.sqlState(of: submit("n", ", user_id => 'bob'")) == "AC004")
            #expect(try await bench.sqlState(of: submit("e", ", user_id => ''")) == "AC001")
            #expect(try await bench.sqlState(of: submit("e", ", user_id => E'a\\nb'")) == "AC001")
            _ = try await bench.process()
            #expect(try await bench.sqlState(of: "SELECT agentctl.fork('c', 'f')") == nil)
            #expect(
                try await bench.texts(
                    "SELECT concat_ws(' ', conversation_id, user_id) AS text FROM agentctl.conversations ORDER BY 1"
                ) == ["c ada", "f ada", "n"]
            )
        }
    }
}
