import Engine
import Postgres
import TestSupport
import Testing

@testable import Conversation
@testable import Store

/// What the roles may do, as users who have nothing but the role.
@Suite struct PrivilegeTests {
    /// Runs a test with a client of a new user who is in a role.
    private func withUser(
        in role: String,
        _ body: (Bench, PostgresClient, String) async throws -> Void
    ) async throws {
        try await withBench { bench in
            try await bench.register(Documents.offline)
            let name = "user_\(UInt32.random(in: 0..<UInt32.max))"
            try await bench.client.withConnection {
                try await $0.executeScript("CREATE ROLE \(name) LOGIN IN ROLE \(role)")
            }
            var configuration = try PostgresConfiguration(url: bench.url.replacingUser(with: name))
            configuration.maximumConnections = 1
            let client = PostgresClient(configuration, logger: .silent)
            try await body(bench, client, name)
            await client.shutdown()
            try await bench.client.withConnection { try await $0.executeScript("DROP ROLE \(name)") }
        }
    }

    @Test func aReaderReadsEveryView() async throws {
        try await withUser(in: "agentctl_reader") { bench, reader, _ in
            let (worker, _) = try await bench.claim()
            let views = try await bench.texts(
                "SELECT viewname::text AS text FROM pg_views WHERE schemaname = 'agentctl' ORDER BY 1"
            )
            for view in views {
                _ = try await reader.query(PostgresStatement("SELECT * FROM agentctl.\(view)"))
            }
            let seen = try await reader.query("SELECT worker_id::text AS text FROM agentctl.worker_status")
            #expect(try seen.map { try $0.decode("text", as: String.self) } == ["\(worker)"])
        }
    }

    @Test func aWorkerWritesOnlyUnderItsLease() async throws {
        try await withUser(in: "agentctl_worker") { bench, worker, _ in
            _ = try await bench.conversations.submit(.message("hello"), to: "c")
            for statement: PostgresStatement in [
                "UPDATE agentctl.conversation_control SET head_seq = 1", "DELETE FROM agentctl.worker",
                "INSERT INTO agentctl.message VALUES ('c', 1, 1, 'user', 'forged')", "DELETE FROM agentctl.delta",
            ] {
                let error = await #expect(throws: PostgresError.self) { try await worker.query(statement) }
                #expect(error?.sqlState == "42501", "\(statement.sql)")
            }
        }
    }

    @Test func whoeverSetsALesserRoleActsWithIt() async throws {
        try await withUser(in: "agentctl_client") { bench, _, name in
            _ = try await bench.conversations.submit(.message("secret"), to: "admins")
            let states = try await bench.client.withConnection { connection in
                try await connection.executeScript("SET ROLE \(name)")
                var states: [String?] = []
                for statement: PostgresStatement in [
                    "SELECT agentctl.reply('admins', 1)", "SELECT * FROM agentctl.follow('admins', 1, 0, 0, 0)",
                    "SELECT agentctl.submit('own', 'hello')", "SELECT agentctl.submit('admins', 'intruder')",
                ] {
                    do throws(PostgresError) {
                        _ = try await connection.query(statement)
                        states.append(nil)
                    } catch {
                        states.append(error.sqlState)
                    }
                }
                try await connection.executeScript("RESET ROLE")
                return states
            }
            #expect(states == ["AC002", "AC002", nil, nil])
            let owned = try await bench.texts(
                PostgresStatement(
                    "SELECT id AS text FROM agentctl.conversation WHERE created_by = '\(name)' ORDER BY 1"
                )
            )
            #expect(owned == ["\(name)/admins", "\(name)/own"])
        }
    }
}
