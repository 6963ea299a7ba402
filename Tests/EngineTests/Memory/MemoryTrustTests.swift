import Postgres
import TestSupport
import Testing

@testable import Engine

/// Who may change what is remembered, and what two sessions make of it at the same time.
@Suite struct MemoryTrustTests {
    private static let owners = """
        'Ada is a lawyer', user_id => 'ada', metadata => '{"by": "owner"}', importance => 0.4,
        expires_at => 'infinity'
        """

    private func withConversation(_ body: (Bench, _ account: String) async throws -> Void) async throws {
        try await withBench { bench in
            try await bench.register(
                """
                [{"kind": "model", "name": "rules", "provider": "rules", "rules": [{"otherwise": "Fine."}]},
                 {"kind": "agent", "name": "assistant", "model": "rules", "access": "everyone"}]
                """
            )
            _ = try await bench.text("SELECT agentctl.submit('c', 'hi', 'assistant', user_id => 'ada')::text AS text")
            let account = try await bench.text("SELECT created_by AS text FROM agentctl.conversation WHERE id = 'c'")
            try await body(bench, try #require(account))
        }
    }

    /// Remembers as an agent whose conversation has read from outside.
    private func rememberTainted(_ content: String, _ bench: Bench, replaces: String = "NULL") async throws -> String? {
        try await bench.text(
            PostgresStatement(
                """
                SELECT coalesce(agentctl.remember_in_turn('c', 1, 'assistant', '\(content)', 'user', 'default', 1,
                    '{"by": "attacker"}', 0.001, \(replaces), '{}', true) ->> 'id', 'none') AS text
                """
            )
        )
    }

    @Test func whoIsTrustedLessChangesNothingOfWhatIsThere() async throws {
        try await withConversation { bench, _ in
            let id = try await bench.remembered(Self.owners) ?? 0
            #expect(try await rememberTainted("Ada is a lawyer", bench) == "\(id)")
            #expect(try await rememberTainted("Ada is a lawyer", bench, replaces: "\(id)") == "\(id)")
            let kept = try await bench.text(
                """
                SELECT concat_ws(' ', trust, importance, metadata ->> 'by', expires_at, times_stored, version) AS text
                FROM agentctl.memory
                """
            )
            #expect(kept == "owner 0.4 owner infinity 3 1")
        }
    }

    @Test func aKeyThatIsGivenLaterIsKept() async throws {
        try await withBench { bench in
            let id = try await bench.remembered("'A'")
            #expect(try await bench.remembered("'A', key => 'k'") == id)
            #expect(try await bench.remembered("'B', key => 'k'") == id)
            #expect(try await bench.texts("SELECT content AS text FROM agentctl.memory") == ["B"])
        }
    }

    @Test func whatAForkComesFromIsNotForgotten() async throws {
        try await withConversation { bench, _ in
            try await bench.script(
                """
                UPDATE agentctl.conversation SET read_outside = true WHERE id = 'c';
                INSERT INTO agentctl.message (conversation_id, number, seq, role, content)
                VALUES ('c', 1, 1, 'user', 'hi'), ('c', 2, 1, 'assistant', 'ho');
                UPDATE agentctl.conversation_control SET head_seq = 1, state = 'idle', ready_at = NULL
                WHERE conversation_id = 'c';
                SELECT agentctl.fork('c', 'd');
                """
            )
            #expect(try await bench.text("SELECT agentctl.has_read_outside('d', '{}')::text AS text") == "true")
        }
    }

    /// Nothing of it would ever be deleted again.
    @Test(arguments: [
        "agentctl.remember('Left over', conversation => 'c')",
        "agentctl.remember('Left over', user_id => 'ada')",
    ])
    func nothingIsWrittenForWhoIsBeingErased(writing: String) async throws {
        try await withConversation { bench, account in
            let erased = try await bench.client.withTransaction { eraser in
                _ = try await eraser.query(
                    PostgresStatement("SELECT agentctl.erase_user('ada', '\(account)')::text AS text")
                )
                let writer = Task { try await bench.sqlState(of: "SELECT \(writing)") }
                try await bench.untilOneIsBlocked()
                return writer
            }
            let state = try await erased.value
            let left = try await bench.text(
                "SELECT count(*)::text AS text FROM agentctl.memory WHERE source_conversation IS NOT NULL"
            )
            // A conversation is gone; a user may begin again.
            #expect(writing.contains("user_id") ? state == nil : state == "AC002")
            #expect(left == "0")
        }
    }

    @Test func whatIsForgottenMeanwhileDoesNotComeBack() async throws {
        try await withConversation { bench, account in
            let id = try await bench.remembered("'Ada likes tea', conversation => 'c'") ?? 0
            let again = try await bench.client.withTransaction { forgetting in
                _ = try await forgetting.query(PostgresStatement("SELECT agentctl.forget(\(id))::text AS text"))
                let writer = Task { try await rememberTainted("Ada likes tea", bench) }
                try await bench.untilOneIsBlocked()
                return writer
            }
            #expect(try await again.value == "none")
            #expect(try await bench.texts("SELECT content AS text FROM agentctl.memory") == [])
        }
    }
}
