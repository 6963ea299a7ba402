import JSON
import Postgres
import TestSupport
import Testing

@testable import Conversation
@testable import Engine
@testable import Store

/// Who may write conversations out and read them in, and how much of them.
@Suite struct ExchangePrivilegeTests {
    /// What a statement ends with for a user who has nothing but a role: an SQLSTATE, or nil.
    private func state(
        of statement: PostgresStatement,
        as role: String,
        on bench: Bench,
        _ parameters: [PostgresValue] = []
    ) async throws -> String? {
        try await bench.client.withConnection { connection in
            try await connection.executeScript("SET ROLE \(role)")
            var state: String?
            do throws(PostgresError) { _ = try await connection.query(statement, parameters) } catch {
                state = error.sqlState
            }
            try await connection.executeScript("RESET ROLE")
            return state
        }
    }

    @Test func readersWriteOutAndOwnersReadIn() async throws {
        try await withBench { bench in
            try await bench.register(Documents.offline)
            _ = try await bench.conversations.submit(.message("hello"), to: "c")
            _ = try await bench.process()
            let text = try await bench.exported()
            let export: PostgresStatement = "SELECT agentctl.export_conversation('c')"
            let read: PostgresStatement =
                "SELECT agentctl.import_conversation($1::jsonb, as_id => 'd', dry_run => true)"
            let expected: [(String, String?, String?)] = [
                ("agentctl_owner", nil, nil), ("agentctl_worker", nil, "42501"), ("agentctl_reader", nil, "42501"),
                ("agentctl_client", "AC002", "42501"),
            ]
            for (role, exports, imports) in expected {
                #expect(try await state(of: export, as: role, on: bench) == exports, "\(role)")
                #expect(try await state(of: read, as: role, on: bench, [.text(text)]) == imports, "\(role)")
            }
            #expect(
                try await state(
                    of: "SELECT agentctl.store_conversation('{}', 'x', true, true)",
                    as: "agentctl_worker",
                    on: bench
                ) == "42501"
            )
            _ = try await state(of: "SELECT agentctl.submit('own', 'hello')", as: "agentctl_client", on: bench)
            let own: PostgresStatement = "SELECT * FROM agentctl.export_items('own')"
            #expect(try await state(of: own, as: "agentctl_client", on: bench) == nil)
        }
    }

    @Test func aClientWritesOutNoDefinitions() async throws {
        try await withBench { bench in
            try await bench.register(
                """
                [{"kind": "model", "name": "m", "provider": "rules", "rules": [{"otherwise": "classified"}]},
                 {"kind": "function", "name": "f", "source": "def f():\\n    return 'classified'"},
                 {"kind": "agent", "name": "assistant", "model": "m", "functions": ["f"], "access": "everyone",
                  "system_prompt": "classified"}]
                """
            )
            try await bench.withUser(in: "agentctl_client") { user in
                #expect(try await user.state(of: "SELECT agentctl.submit('c', 'hello')") == nil)
                let shown = try await user.texts(
                    "SELECT item::text AS text FROM agentctl.export_items('c') WHERE part = 'definitions'"
                )
                #expect(shown.count >= 3 && !shown.joined().contains("classified"))
                let keys =
                    "SELECT DISTINCT k AS text FROM agentctl.export_items('c'), jsonb_object_keys(item) AS k "
                    + "WHERE part = 'definitions' ORDER BY 1"
                #expect(try await user.texts(keys) == ["content_hash", "in_force", "kind", "name", "version"])
                let text = try #require(
                    try await user.texts("SELECT agentctl.export_conversation('c')::text AS text").first
                )
                try await bench.withUser(in: "agentctl_reader") { reader in
                    let whole = "SELECT agentctl.export_conversation('\(user.name)/c')::text AS text"
                    let text = try await reader.texts(whole).first
                    #expect(text?.contains("classified") == true)
                }
                // Where the versions are, such a file is as good as any; where they are not, it says what it lacks.
                #expect(try await bench.imported(text) { $0.id = "copy" }.messages == 0)
                try await withBench { other in
                    let error = await #expect(throws: StoreError.self) {
                        try await other.imported(text) { $0.registersDefinitions = true }
                    }
                    #expect(error?.message.contains("does not have the documents of agent assistant") == true)
                }
            }
        }
    }

    @Test func tenThousandMessagesComeThrough() async throws {
        try await withBench { first in
            try await first.register(Documents.offline)
            try await first.client.withConnection { try await $0.executeScript(Self.fill) }
            let text = try await first.exported()
            try await withBench { second in
                let imported = try await second.imported(text) { $0.registersDefinitions = true }
                #expect(imported.messages == 10_000 && imported.turns == 2_500)
                #expect(try await second.exported() == text)
                // Months that had no partition have one.
                let months = try await second.text(
                    "SELECT count(DISTINCT tableoid)::text AS text FROM agentctl.turn WHERE started_at < now() - interval '1 year'"
                )
                #expect(months == "3")
            }
        }
    }

    private static let fill = """
        SET search_path = agentctl;
        SELECT create_partitions_of(p, ARRAY['2024-01-15', '2024-02-15', '2024-03-15']::timestamptz[])
        FROM unnest('{turn,step,tool_call,event}'::text[]) AS p;
        SELECT submit('c', 'm' || n) FROM generate_series(1, 2500) AS n;
        UPDATE conversation SET created_at = '2024-01-01';
        UPDATE submission SET created_at = '2024-01-01'::timestamptz + seq * interval '50 minutes';
        INSERT INTO message (conversation_id, number, seq, role, content, tool_calls, tool_call_id)
        SELECT 'c', (s - 1) * 4 + k, s, ('{user,assistant,tool,assistant}'::text[])[k]::message_role, repeat('some text ', 60) || s || k,
            CASE k WHEN 2 THEN '[{"id": "a", "name": "calculator", "arguments": "{}"}]'::jsonb END, CASE k WHEN 3 THEN 'a' END
        FROM generate_series(1, 2500) AS s, generate_series(1, 4) AS k;
        INSERT INTO turn (conversation_id, seq, status, attempt, worker_id, agent, agent_version, agent_version_id, first_message, last_message,
            model_calls, tool_calls, input_tokens, cached_input_tokens, output_tokens, cost_usd, submitted_at, started_at, finished_at, duration_ms)
        SELECT 'c', seq, 'succeeded', 1, 7, 'assistant', 1, (SELECT id FROM definition_version WHERE kind = 'agent' AND name = 'assistant'),
            seq * 4 - 3, seq * 4, 2, 1, 10, 0, 5, 0.0000123, created_at, created_at, created_at, 1.5 FROM submission;
        INSERT INTO step (conversation_id, seq, number, kind, model, model_version_id, provider, duration_ms, started_at)
        SELECT 'c', seq, k, ('{model_call,tool_round,model_call}'::text[])[k]::step_kind, 'offline',
            (SELECT id FROM definition_version WHERE kind = 'model'), 'rules', 0.1, created_at
        FROM submission, generate_series(1, 3) AS k;
        INSERT INTO tool_call (conversation_id, seq, number, step_number, call_id, tool, arguments, effect, state, result, duration_ms, started_at)
        SELECT 'c', seq, 1, 2, 'a', 'calculator', '{}', 'pure', 'succeeded', '2', 0.1, created_at FROM submission;
        INSERT INTO event (conversation_id, number, seq, type, data, at)
        SELECT 'c', (seq - 1) * 6 + k, seq, 'message', jsonb_build_object('message', seq * 4), created_at FROM submission, generate_series(1, 6) AS k;
        UPDATE conversation_control SET state = 'idle', ready_at = NULL, head_seq = tail_seq, last_message = 10000, last_event = 15000;
        RESET search_path;
        """
}
