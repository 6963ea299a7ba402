import FoundationEssentials
import Glibc
import JSON
import TestSupport
import Testing

struct EmbeddedDefaultTests {
    /// PostgreSQL does not run as root, and its user cannot get to what is root's alone, such as /root.
    @Test(.enabled(if: geteuid() == 0)) func aServerOfRootSaysWhereItsFilesAre() async throws {
        try await withTemporaryDirectory(permissions: 0o700) { directory in
            let made = try await agentctl("db", "start", in: directory)
            let status = try await agentctl("db", "status", "--json", in: directory)
            _ = try await agentctl("db", "stop", in: directory)
            let files = try status.json["files"]?.stringValue ?? ""
            #expect(files.hasPrefix("/var/lib/agentctl/"), "\(status.output)")
            #expect(made.status == 0 && made.errors.contains("its files are in \(files)"), "\(made.errors)")
            if files.hasPrefix("/var/lib/agentctl/") { try FileManager.default.removeItem(atPath: files) }
        }
    }

    @Test func fromAnEmptyDirectoryToAReplyWithNothingConfigured() async throws {
        try await withTemporaryDirectory { directory in
            let before = try await agentctl("send", "-c", "1", "hi", in: directory)
            #expect(before.status == 1 && before.errors.contains("agentctl init-db --seed"))
            #expect(try await agentctl("db", "status", in: directory).status == 1)
            do {
                let made = try await agentctl("init-db", "--seed", in: directory)
                #expect(made.status == 0, "\(made.errors)")
                #expect(try await agentctl("db", "status", "--json", in: directory).json["state"] == "running")
                let first = try await agentctl("send", "-c", "1", "What is 6 * 7?", in: directory)
                #expect(first.output == "It is 42.\n", "\(first.errors)")
                // What runs for others must not run as a superuser, and the engine itself does not either.
                let owner = try await agentctl("doctor", in: directory).output
                #expect(owner.contains("the schema belongs to agentctl_schema, which is no superuser"), "\(owner)")
                #expect(owner.contains("user agentctl_operator\n") && !owner.contains("warn  s"), "\(owner)")

                let shell = try await agentctl(
                    "db",
                    "psql",
                    "--",
                    "-XAt",
                    "-c",
                    "SELECT agentctl.reply('1', 1)",
                    in: directory
                )
                #expect([shell.output, shell.errors] == ["It is 42.\n", ""])
                #expect(try await agentctl("db", "psql", "--", "-c", "nonsense", in: directory).status == 1)

                // What a person makes is the person's, and found where functions look for it.
                let table = try await agentctl(
                    "db",
                    "psql",
                    "--",
                    "-qXAt",
                    "-c",
                    "CREATE TABLE orders (id bigint); SELECT schemaname FROM pg_tables WHERE tablename = 'orders'",
                    in: directory
                )
                #expect([table.output, table.errors] == ["public\n", ""])

                try await anEarlierReleasesServerIsUpgraded(in: directory)

                // A command starts the server when it needs it.
                #expect(try await agentctl("db", "stop", in: directory).output == "stopped\n")
                let second = try await agentctl("send", "-c", "1", "-q", "What is 1 + 1?", in: directory)
                #expect(second.output == "It is 2.\n", "\(second.errors)")
                // It is somebody else's business once a database is named.
                let named = try await agentctl("db", "stop", url: "postgresql://x@127.0.0.1:1/x", in: directory)
                #expect(named.status == 3)
            } catch {
                _ = try await agentctl("db", "stop", in: directory)
                throw error
            }
            #expect(try await agentctl("db", "stop", in: directory).status == 0)
        }
    }

    /// As a server was before it had two logins.
    private func anEarlierReleasesServerIsUpgraded(in directory: String) async throws {
        let query = { (sql: String) in
            try await AgentctlProcess(
                ["db", "psql", "--", "-qXAt", "-v", "ON_ERROR_STOP=1", "-c", sql],
                workingDirectory: directory
            ).result()
        }
        let who = try await query("SELECT current_user, usesuper FROM pg_user WHERE usename = current_user")
        #expect(who.output == "agentctl|t\n", "\(who.errors)")
        let undone = try await query(
            """
            ALTER DATABASE agentctl OWNER TO agentctl; DROP OWNED BY agentctl_operator; DROP ROLE agentctl_operator
            """
        )
        #expect(undone.status == 0, "\(undone.errors)")
        let refused = try await agentctl("agents", "list", in: directory)
        #expect(refused.status == 1 && refused.errors.contains("Run: agentctl init-db\n"), "\(refused.errors)")
        #expect(try await agentctl("init-db", in: directory).status == 0)
        let found = try await query(
            """
            SELECT rolname, rolsuper, has_function_privilege(r.oid, 'pg_logical_emit_message(boolean,text,text)', 'EXECUTE')
            FROM pg_roles AS r JOIN pg_database AS d ON d.datdba = r.oid WHERE d.datname = 'agentctl'
            """
        )
        #expect(found.output == "agentctl_operator|f|f\n", "\(found.errors)")
        #expect(try await agentctl("agents", "list", in: directory).status == 0)
    }
}
