import Postgres
import TestSupport
import Testing

@testable import Engine
@testable import Store

/// Remembering, changing and forgetting, in SQL.
@Suite struct MemoryStoreTests {
    @Test func theSameContentIsOneMemory() async throws {
        try await withBench { bench in
            let first = try await bench.remembered("'The user is allergic to peanuts', user_id => 'ada'")
            let again = try await bench.remembered(
                "E'The  user is\\tallergic to peanuts ', user_id => 'ada', importance => 0.9, metadata => '{\"a\": 1}'"
            )
            #expect(first != nil && first == again)
            #expect(
                try await bench.text(
                    "SELECT concat_ws(' ', importance, times_stored, version, metadata) AS text FROM agentctl.memories"
                ) == #"0.8999999761581421 2 1 {"a": 1}"#
            )
            #expect(try await bench.remembered("'The user is allergic to peanuts', user_id => 'bob'") != first)
        }
    }

    @Test func aKeyReplacesAndTheVersionBeforeStays() async throws {
        try await withBench { bench in
            let first = try await bench.remembered("'Colour: blue', key => 'colour'")
            #expect(try await bench.remembered("'Colour: green', key => 'colour'") == first)
            #expect(
                try await bench.texts(
                    "SELECT version || ' ' || content AS text FROM agentctl.memory_versions ORDER BY version"
                ) == ["1 Colour: blue", "2 Colour: green"]
            )
            #expect(try await bench.recalled("'colour blue'") == ["Colour: green"])
            let other = try await bench.remembered("'Size: small'")
            #expect(try await bench.remembered("'Size: large', replaces => \(other ?? 0)") == other)
            #expect(try await bench.sqlState(of: "SELECT agentctl.remember('x', replaces => 99)") == "AC002")
            #expect(
                try await bench.sqlState(of: "SELECT agentctl.remember('Size: large', key => 'colour')") == "AC003"
            )
        }
    }

    @Test func nothingReplacesWhatIsTrustedMore() async throws {
        try await withBench { bench in
            let id = try await bench.remembered("'Pay to account 1', key => 'account'")
            let change = "SELECT agentctl.remember('Pay to account 2', key => 'account', trust => 'agent')"
            #expect(try await bench.sqlState(of: change) == "AC004")
            #expect(try await bench.recalled("'pay account'") == ["Pay to account 1"])
            // Who is trusted more vouches for what is there.
            _ = try await bench.remembered("'It rains', trust => 'untrusted'")
            #expect(try await bench.recalled("'rains', minimum_trust => 'agent'") == [])
            _ = try await bench.remembered("'It rains'")
            #expect(try await bench.recalled("'rains', minimum_trust => 'agent'") == ["It rains"])
            #expect(id != nil)
        }
    }

    @Test func whatIsForgottenIsGoneAndComesBackOnlyByAPerson() async throws {
        try await withBench { bench in
            let id = try await bench.remembered("'Colour: xylophone', key => 'c', user_id => 'ada'") ?? 0
            _ = try await bench.remembered("'Colour: zeppelin', key => 'c', user_id => 'ada'")
            #expect(try await bench.rows(holding: "xylophone").count == 1)
            _ = try await bench.text(PostgresStatement("SELECT agentctl.forget(\(id))::text AS text"))
            #expect(try await bench.rows(holding: "xylophone") == [])
            #expect(try await bench.rows(holding: "zeppelin") == [])
            // Neither a model nor an import brings a version of it back.
            #expect(try await bench.remembered("'colour:  Xylophone', user_id => 'ada', trust => 'agent'") == nil)
            #expect(
                try await bench.text(
                    """
                    SELECT agentctl.import_memories(
                        '[{"content": "Colour: zeppelin", "user_id": "ada"}, {"content": "Another", "user_id": "ada"}]'
                        )::text AS text
                    """
                ) == #"{"imported": 1, "forgotten": 1}"#
            )
            #expect(try await bench.rows(holding: "zeppelin") == [])
            #expect(try await bench.remembered("'Colour: zeppelin', user_id => 'ada'") != nil)
            #expect(try await bench.sqlState(of: "SELECT agentctl.forget(\(id))") == "AC002")
        }
    }

    @Test func whatHasExpiredIsNotFoundAndIsDeleted() async throws {
        try await withBench { bench in
            _ = try await bench.remembered("'Offer ends', expires_at => clock_timestamp() - interval '1 s'")
            _ = try await bench.remembered("'Offer begins', expires_at => clock_timestamp() + interval '1 h'")
            #expect(try await bench.recalled("'offer'") == ["Offer begins"])
            #expect(try await bench.text("SELECT agentctl.expire_memories()::text AS text") == "1")
            #expect(try await bench.texts("SELECT content AS text FROM agentctl.memory") == ["Offer begins"])
        }
    }

    @Test func metadataFilters() async throws {
        try await withBench { bench in
            _ = try await bench.remembered("'Red wine for the party', metadata => '{\"topic\": \"food\"}'")
            _ = try await bench.remembered("'Red paint for the wall', metadata => '{\"topic\": \"house\"}'")
            #expect(try await bench.recalled("'red', filter => '{\"topic\": \"house\"}'") == ["Red paint for the wall"])
            #expect(
                try await bench.text("SELECT agentctl.clear_memories(filter => '{\"topic\": \"food\"}')::text AS text")
                    == "1"
            )
            #expect(try await bench.recalled("'red'") == ["Red paint for the wall"])
        }
    }

    @Test func whatNoMemoryCanBeIsRefused() async throws {
        try await withBench { bench in
            for arguments in [
                "''", "E' \\n'", "NULL", "repeat('x', 16385)", "'x', importance => 1.1", "'x', importance => 'nan'",
                "'x', metadata => '[]'", "'x', key => ''", "'x', collection => '../x'", "'x', trust => 'god'",
                "'x', \"for\" => 'user'", "'x', metadata => NULL",
            ] {
                let state = try await bench.sqlState(of: "SELECT agentctl.remember(\(arguments))")
                #expect(state == "AC001", "\(arguments)")
            }
            for arguments in [
                "NULL", "'x', k => 0", "'x', k => 101", "'x', minimum_trust => 'god'", "'x', filter => '1'",
            ] {
                let query = "SELECT agentctl.recall_memories(\(arguments))"
                #expect(try await bench.sqlState(of: query) == "AC001", "\(arguments)")
            }
        }
    }

    @Test func twoThatRememberTheSameAtOnceMakeOneMemory() async throws {
        try await withBench { bench in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<40 {
                    group.addTask {
                        _ = try await bench.remembered("'Fact \(number % 4)', user_id => 'user \(number % 2)'")
                    }
                }
                try await group.waitForAll()
            }
            #expect(
                try await bench.text("SELECT count(*) || ' ' || sum(times_stored) AS text FROM agentctl.memory")
                    == "4 40"
            )
            #expect(try await bench.text("SELECT count(*)::text AS text FROM agentctl.memory_scope") == "2")
        }
    }

    @Test func aWordIsFoundByTheIndexWithinItsScope() async throws {
        try await withBench { bench in
            try await bench.script(
                """
                SELECT agentctl.keep_scope('default', 'default', NULL, 'agent ' || n, NULL, NULL)
                FROM generate_series(1, 20) AS n;
                INSERT INTO agentctl.memory (scope_id, content, trust, written_by)
                SELECT s.id, 'memory ' || n || ' of ' || s.id, 'owner', 'x'
                FROM agentctl.memory_scope AS s, generate_series(1, 500) AS n;
                ANALYZE agentctl.memory;
                ANALYZE agentctl.memory_scope;
                SELECT agentctl.count_memories();
                """
            )
            let plan = try await bench.plan(
                """
                SELECT m.id FROM agentctl.memory AS m
                WHERE m.terms @> ARRAY[hashtext('499'), agentctl.scope_term(3)]
                """
            )
            #expect(plan.contains("memory_terms_index"), "\(plan)")
            let scopes = try await bench.plan(
                """
                SELECT s.id FROM agentctl.memory_scope AS s
                WHERE s.tenant = 'default' AND s.collection = 'default'
                  AND coalesce(s.account, '') = ANY (ARRAY['', 'a']) AND coalesce(s.user_id, '') = ANY (ARRAY['', 'u'])
                  AND coalesce(s.conversation_id, '') = ANY (ARRAY['', 'c'])
                  AND coalesce(s.agent, '') = ANY (ARRAY['', 'agent 7'])
                """
            )
            #expect(scopes.contains("memory_scope_single"), "\(scopes)")
            #expect(try await bench.recalled("'memory 499', agent => 'agent 7', k => 1").count == 1)
            #expect(try await bench.text("SELECT count(*)::text AS text FROM agentctl.common_term") == "22")
        }
    }
}
