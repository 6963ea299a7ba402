import Engine
import JSON
import Postgres
import Store
import TestSupport
import Testing

@testable import Conversation

@Suite struct SubmissionTests {
    @Test func theSameKeyAtOnceIsOneSubmission() async throws {
        try await withBench { bench in
            try await bench.register(Documents.offline)
            let seqs = try await withThrowingTaskGroup(of: Int64.self) { group in
                for _ in 0..<20 {
                    group.addTask { try await bench.conversations.submit(.message("hi"), to: "c", idempotencyKey: "k") }
                }
                return try await group.reduce(into: Set()) { $0.insert($1) }
            }
            #expect(seqs == [1])
            #expect(try await bench.text("SELECT count(*)::text AS text FROM agentctl.submission") == "1")
        }
    }

    /// A key stands for what was first sent with it, whoever sends, in whatever words it is sent again.
    @Test func theSameKeyWithSomethingElseIsRefused() async throws {
        try await withBench { bench in
            try await bench.register(Documents.offline)
            try await bench.register(#"{"kind": "agent", "name": "other", "model": "offline"}"#)
            let first = "SELECT agentctl.submit('c', 'What is 1+1?', idempotency_key => 'k')::text AS text"
            for _ in 0..<2 { #expect(try await bench.text(PostgresStatement(first)) == "1") }
            for other in [
                "submit('c', 'What is 7*7?', idempotency_key => 'k')",
                "submit('c', 'What is 1+1?', 'other', 'k')",
                "submit('c', 'What is 1+1?', idempotency_key => 'k', priority => 1)",
                "submit('c', input => '{\"message\": \"What is 1+1?\"}', idempotency_key => 'k')",
                "submit_and_follow('c', 'What is 7*7?', idempotency_key => 'k')", "steer('c', 'What is 7*7?', 'k')",
            ] {
                let error = await #expect(throws: PostgresError.self) {
                    try await bench.client.query(PostgresStatement("SELECT agentctl.\(other)"))
                }
                #expect(
                    error?.sqlState == "AC003" && error?.message.contains("stands for another submission: c/1") == true
                )
            }
            #expect(try await bench.text("SELECT count(*)::text AS text FROM agentctl.submission") == "1")
            // Members in another order are the same input.
            for input in [#"{"a": 1, "b": 2}"#, #"{"b": 2, "a": 1}"#] {
                let seq = try await bench.conversations.submit(
                    .input(try JSONValue(parsing: input)),
                    to: "c",
                    idempotencyKey: "i"
                )
                #expect(seq == 2)
            }
        }
    }

    @Test func itTakesPartInTheCallersTransaction() async throws {
        try await withBench { bench in
            try await bench.register(Documents.offline)
            struct Undo: Error {}
            await #expect(throws: Undo.self) {
                try await bench.client.withTransaction { connection in
                    _ = try await connection.query("SELECT agentctl.submit('c', 'never')")
                    throw Undo()
                }
            }
            #expect(try await bench.claim().claim == nil)
            try await bench.client.withTransaction { connection in
                _ = try await connection.query("SELECT agentctl.submit('c', 'once')")
            }
            #expect(try await bench.claim().claim?.body == ["message": "once"])
        }
    }

    @Test(arguments: [
        ("", 2, "AC001"), ("a\u{7}b", 2, "AC001"), (String(repeating: "x", count: 201), 2, "AC001"),
        ("big", 1_048_577, "AC003"),
    ])
    func badInputIsRefused(_ conversation: String, _ bytes: Int, _ state: String) async throws {
        try await withBench { bench in
            try await bench.register(Documents.offline)
            let error = await #expect(throws: PostgresError.self) {
                try await bench.client.query(
                    "SELECT agentctl.submit($1, $2)",
                    [.text(conversation), .text(String(repeating: "x", count: bytes))]
                )
            }
            #expect(error?.sqlState == state)
        }
    }

    @Test func anUnknownAgentIsRefusedWithTheNearestName() async throws {
        try await withBench { bench in
            try await bench.register(Documents.offline)
            let error = await #expect(throws: StoreError.self) {
                try await bench.conversations.submit(.message("hi"), to: "c", agent: "asistant")
            }
            #expect(error?.code == .notFound)
            #expect(error?.hint == "Did you mean assistant?")
            #expect(try await bench.text("SELECT count(*)::text AS text FROM agentctl.conversation") == "0")
        }
    }

    @Test func aClientSeesOnlyItsOwn() async throws {
        try await withBench { bench in
            try await bench.register(Documents.offline)
            let name = "client_\(UInt32.random(in: 0..<UInt32.max))"
            try await bench.client.withConnection {
                try await $0.executeScript("CREATE ROLE \(name) LOGIN IN ROLE agentctl_client")
            }
            _ = try await bench.conversations.submit(.message("hi"), to: "mine")
            var configuration = try PostgresConfiguration(url: bench.url.replacingUser(with: name))
            configuration.maximumConnections = 1
            let other = PostgresClient(configuration, logger: .silent)
            var states: [String?] = []
            for statement: PostgresStatement in [
                "SELECT agentctl.submit('theirs', 'hello')", "SELECT agentctl.submit('mine', 'intruder')",
                "SELECT agentctl.reply('mine', 1)", "SELECT * FROM agentctl.message", "SELECT agentctl.reap()",
                "SELECT agentctl.register('{}')", "SELECT agentctl.submit('theirs', 'me first', priority => -1)",
                "SELECT agentctl.submit('theirs', 'me last', priority => 1)",
            ] {
                do throws(PostgresError) {
                    _ = try await other.query(statement)
                    states.append(nil)
                } catch {
                    states.append(error.sqlState)
                }
            }
            await other.shutdown()
            // What it calls "mine" is one of its own.
            #expect(states == [nil, nil, nil, "42501", "42501", "42501", "AC004", nil])
            #expect(
                try await bench.texts(
                    PostgresStatement(
                        "SELECT id AS text FROM agentctl.conversation WHERE created_by = '\(name)' ORDER BY 1"
                    )
                ) == ["\(name)/mine", "\(name)/theirs"]
            )
            try await bench.client.withConnection { try await $0.executeScript("DROP ROLE \(name)") }
        }
    }
}
