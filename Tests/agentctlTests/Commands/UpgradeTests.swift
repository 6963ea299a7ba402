import FoundationEssentials
import Glibc
import JSON
import TestSupport
import Testing

/// Databases that the first layout of the schema made, 15 numbered files.
@Suite struct UpgradeTests {
    /// What the first layout left, with roles and decisions still to be made.
    static let firstLayout = DatabaseTemplate("first layout") { url in
        for role in ["owner", "worker", "client", "reader", "query"] {
            _ = try? await psql(url, "CREATE ROLE agentctl_\(role) NOLOGIN")
        }
        try await restore("\(root)/Tests/Fixtures/first_layout.sql", to: url)
        // What was to be decided within a year is to be decided from today on.
        _ = try await psql(
            url,
            "UPDATE agentctl.approval SET expires_at = now() + interval '1 day'",
            "UPDATE agentctl.conversation_control SET wake_at = now() + interval '1 day' WHERE state = 'waiting'"
        )
    }

    static let root = #filePath.split(separator: "/").dropLast(4).reduce("") { $0 + "/" + $1 }

    @Test func anUpgradedSchemaIsThatOfANewDatabase() async throws {
        try await withDatabase(template: .seeded) { fresh in
            try await withDatabase(template: Self.firstLayout) { old in
                let upgraded = try await agentctl("init-db", "--seed", "--json", url: old)
                #expect(upgraded.status == 0, "\(upgraded.errors)")
                #expect(try upgraded.json["applied"]?.arrayValue?.first == "upgrades/from_0015.sql")
                #expect(Self.comparable(try await schemaDump(old)) == Self.comparable(try await schemaDump(fresh)))
                for table in [
                    "definition_kind", "document_field", "exchange_part", "exchange_field", "role_grant", "setting",
                ] {
                    let rows = "SELECT to_jsonb(t)::text FROM agentctl.\(table) AS t ORDER BY 1"
                    #expect(try await psql(old, rows) == (try await psql(fresh, rows)), "\(table)")
                }
                #expect(try await agentctl("init-db", "--dry-run", url: old).errors == "nothing to apply\n")
            }
        }
    }

    /// A check that was dumped and restored has fewer parentheses than the same check as it was written.
    private static func comparable(_ dump: String) -> [String] {
        dump.split(separator: "\n").map { $0.contains(" CHECK ") ? $0.filter { $0 != "(" && $0 != ")" } : String($0) }
    }

    @Test func conversationsResumeAfterTheUpgrade() async throws {
        try await withDatabase(template: Self.firstLayout) { url in
            try await withTemporaryDirectory { workspace in
                #expect(try await agentctl("init-db", url: url).status == 0)
                // The history is there, and goes on.
                let history =
                    "SELECT string_agg(content, '|' ORDER BY number) FROM agentctl.conversation_history"
                    + " WHERE conversation_id = 'history' AND role = 'assistant' AND content <> ''"
                #expect(try await psql(url, history) == "It is 427.05.|It is 42.")
                let next = try await agentctl("send", "-c", "history", "What is 2 + 3?", url: url)
                #expect(next.output == "It is 5.\n", "\(next.errors)")
                // Events of before, a row each, and of now, a row a turn, are one stream.
                let told =
                    "SELECT bool_and(number = place)::text || ' ' || count(DISTINCT seq) || ' ' || max(type) FILTER"
                    + " (WHERE number = last) FROM (SELECT number, seq, type, row_number() OVER (ORDER BY number) AS place,"
                    + " max(number) OVER () AS last FROM agentctl.events('history')) AS e"
                #expect(try await psql(url, told) == "true 3 turn_complete")
                let kinds =
                    "SELECT count(DISTINCT type = 'several') FROM agentctl.event WHERE conversation_id = 'history'"
                #expect(try await psql(url, kinds) == "2")
                // Agents that were registered before there was routing are found.
                let routed = "SELECT agent FROM agentctl.route('What time is it?') WHERE place = 1"
                #expect(try await psql(url, routed) == "assistant")

                let approval = try await psql(url, "SELECT id FROM agentctl.pending_approvals")
                #expect(try await agentctl("approvals", "approve", approval, url: url).status == 0)
                let resolved = try await agentctl(
                    "conversations",
                    "resolve",
                    "doubt/1",
                    "happened",
                    "--result",
                    "201 Created",
                    url: url
                )
                #expect(resolved.status == 0, "\(resolved.errors)")
                let worker = try AgentctlProcess(
                    ["work", "--workspace", workspace],
                    environment: ["DATABASE_URL": url]
                )
                try await eventually("all is done") {
                    try await psql(url, "SELECT count(*) FROM agentctl.conversations WHERE pending > 0") == "0"
                }
                worker.send(SIGTERM)
                _ = try await worker.result()

                let turns =
                    "SELECT string_agg(format('%s/%s %s', conversation_id, seq, status), ', ' ORDER BY conversation_id, seq)"
                    + " FROM agentctl.turn"
                #expect(
                    try await psql(url, turns) == """
                        asks/1 succeeded, asks/2 succeeded, doubt/1 succeeded, doubt/2 succeeded, history/1 succeeded, \
                        history/2 succeeded, history/3 succeeded, queued/1 succeeded
                        """
                )
                #expect(try String(contentsOfFile: "\(workspace)/notes.txt", encoding: .utf8) == "buy milk")
                #expect(try await psql(url, "SELECT agentctl.reply('doubt', 1)") == "It said: 201 Created")
                #expect(try await psql(url, "SELECT agentctl.reply('queued', 1)") == "It is 4.")
            }
        }
    }

    @Test func aDatabaseThatIsOnlyHalfWayIsRefused() async throws {
        try await withDatabase(template: Self.firstLayout) { url in
            let before = "SELECT string_agg(name, ',' ORDER BY name) FROM agentctl.migration"
            _ = try await psql(url, "DELETE FROM agentctl.migration WHERE name > '0011'")
            let names = try await psql(url, before)
            let result = try await agentctl("init-db", url: url)
            #expect(result.status == 3)
            #expect(
                result.errors.contains(
                    "the database cannot be upgraded: it was left at an earlier state: it lacks 0011_safety.sql"
                ),
                "\(result.errors)"
            )
            #expect(try await psql(url, before) == names)
        }
    }

    @Test func aFirstLayoutThatWasChangedByHandIsRefused() async throws {
        try await withDatabase(template: Self.firstLayout) { url in
            _ = try await psql(url, "UPDATE agentctl.migration SET checksum = 'x' WHERE name = '0003_views.sql'")
            let result = try await agentctl("init-db", url: url)
            #expect(result.status == 3)
            #expect(result.errors.contains("it has another 0003_views.sql than the one that was released"))
        }
    }

    /// `UPDATE_CURRENT_SCHEMA=1 swift test --filter UpgradeTests` writes the file instead.
    @Test func theCommittedDumpIsTheSchema() async throws {
        let path = "\(Self.root)/migrations/current.sql"
        try await withDatabase(template: .seeded) { url in
            let version = try await psql(url, "SELECT current_setting('server_version_num')::integer / 10000")
            let head = """
                -- The schema of a new database, as pg_dump of PostgreSQL \(version) writes it: for reading, and for the diff of a change.
                -- Written by UPDATE_CURRENT_SCHEMA=1 swift test --filter UpgradeTests; not to be edited.

                """
            let dump = head + (try await schemaDump(url))
            if ProcessInfo.processInfo.environment["UPDATE_CURRENT_SCHEMA"] != nil {
                try dump.write(toFile: path, atomically: true, encoding: .utf8)
                return
            }
            let committed = try String(contentsOfFile: path, encoding: .utf8)
            // Another version of PostgreSQL writes another text.
            guard committed.hasPrefix(head) else { return }
            #expect(committed == dump)
        }
    }
}
