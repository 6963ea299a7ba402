import Postgres
import TestSupport
import Testing

@testable import Engine
@testable import Store

/// Who owns what, when roles are dropped, renamed and restored elsewhere.
@Suite struct AccountTests {
    private func withClient(_ body: (Bench, String) async throws -> Void) async throws {
        try await withBench { bench in
            try await bench.register(Documents.offline)
            let name = Bench.newName()
            try await bench.script("CREATE ROLE \(name) LOGIN IN ROLE agentctl_client")
            try await bench.asUser(name) { user in
                let submitted = try await user.state(of: "SELECT agentctl.submit('diary', 'secret')")
                let queued = try await user.state(of: "SELECT agentctl.submit_task('secret', agent => 'assistant')")
                #expect(submitted == nil && queued == nil)
            }
            try await body(bench, name)
            try await bench.script("DROP ROLE IF EXISTS \(name)")
        }
    }

    private func state(of sql: String, as name: String, _ bench: Bench) async throws -> String? {
        try await bench.asUser(name) { try await $0.state(of: sql) }
    }

    @Test(.needsSession) func aRoleThatWasMadeAgainInheritsNothing() async throws {
        try await withClient { bench, name in
            try await bench.script("DROP ROLE \(name); CREATE ROLE \(name) LOGIN IN ROLE agentctl_client")
            for call in ["reply('diary', 1)", "reply('\(name)/diary', 1)", "task_result(1)", "events('task:1')"] {
                #expect(try await state(of: "SELECT agentctl.\(call)", as: name, bench) == "AC002", "\(call)")
            }
            #expect(try await state(of: "SELECT agentctl.submit('diary', 'mine')", as: name, bench) == nil)
            #expect(try await state(of: "SELECT agentctl.reply('diary', 1)", as: name, bench) == nil)
            let owners = try await bench.texts(
                "SELECT created_by AS text FROM agentctl.conversation WHERE id LIKE '%/diary' ORDER BY created_at"
            )
            #expect(owners.count == 2 && owners[0] == name && owners[1].hasPrefix("\(name)#"))
        }
    }

    @Test(.needsSession) func aRoleThatIsRenamedKeepsWhatItHas() async throws {
        try await withClient { bench, name in
            let other = "\(name)_renamed"
            try await bench.script(
                "ALTER ROLE \(name) RENAME TO \(other); CREATE ROLE \(name) LOGIN IN ROLE agentctl_client"
            )
            #expect(try await state(of: "SELECT agentctl.reply('diary', 1)", as: name, bench) == "AC002")
            #expect(try await state(of: "SELECT agentctl.submit('diary', 'x')", as: name, bench) == nil)
            #expect(try await state(of: "SELECT agentctl.reply('diary', 1)", as: other, bench) == nil)
            #expect(try await state(of: "SELECT agentctl.submit('diary', 'x')", as: other, bench) == nil)
            #expect(
                try await bench.text(
                    PostgresStatement("SELECT role_name AS text FROM agentctl.account WHERE name = '\(name)'")
                ) == other
            )
            try await bench.script("DROP ROLE \(other)")
        }
    }

    /// In another cluster the roles of a dump have other oids, and one of them may be another role's.
    @Test(.needsSession, arguments: [false, true])
    func aDatabaseThatIsRestoredElsewhereKeepsItsOwners(isBound: Bool) async throws {
        try await withClient { bench, name in
            try await bench.withUser(in: "agentctl_client") { eve in
                try await bench.script(
                    """
                    UPDATE agentctl.account
                    SET cluster = 'elsewhere', role = (SELECT oid FROM pg_roles WHERE rolname = '\(eve.name)')
                    WHERE name = '\(name)'
                    """
                )
                if isBound { try await bench.script("SELECT agentctl.grant_roles()") }
                #expect(try await eve.state(of: "SELECT agentctl.reply('\(name)/diary', 1)") == "AC002")
                #expect(try await eve.state(of: "SELECT agentctl.submit('diary', 'x')") == nil)
                #expect(try await state(of: "SELECT agentctl.submit('diary', 'x')", as: name, bench) == nil)
                #expect(
                    try await bench.texts("SELECT conversation_id AS text FROM agentctl.submission WHERE seq = 2")
                        == ["\(name)/diary"]
                )
                // From then on it is this role's, by its oid.
                try await bench.script("DROP ROLE \(name); CREATE ROLE \(name) LOGIN IN ROLE agentctl_client")
                #expect(try await state(of: "SELECT agentctl.reply('diary', 1)", as: name, bench) == "AC002")
            }
        }
    }

    @Test func namesWithSlashesDoNotMeet() async throws {
        try await withBench { bench in
            try await bench.register(Documents.offline)
            let name = Bench.newName()
            try await bench.script(
                """
                CREATE ROLE \(name) IN ROLE agentctl_client;
                CREATE ROLE "\(name)/x" IN ROLE agentctl_client;
                SET ROLE \(name);
                SELECT agentctl.submit('x/y', 'one');
                SET ROLE "\(name)/x";
                SELECT agentctl.submit('y', 'two');
                RESET ROLE;
                DROP ROLE \(name), "\(name)/x";
                """
            )
            #expect(
                try await bench.texts("SELECT id AS text FROM agentctl.conversation ORDER BY id")
                    == ["\(name)%2Fx/y", "\(name)/x/y"]
            )
        }
    }

    @Test func aConversationFromBeforeThereWerePrefixesKeepsItsId() async throws {
        try await withClient { bench, name in
            try await bench.script(
                """
                INSERT INTO agentctl.conversation (id, agent, created_by) VALUES ('legacy', 'assistant', '\(name)');
                INSERT INTO agentctl.conversation_control (conversation_id) VALUES ('legacy');
                """
            )
            #expect(try await state(of: "SELECT agentctl.submit('legacy', 'x')", as: name, bench) == nil)
            #expect(
                try await bench.texts("SELECT id AS text FROM agentctl.conversation WHERE id LIKE '%legacy'")
                    == ["legacy"]
            )
        }
    }
}
