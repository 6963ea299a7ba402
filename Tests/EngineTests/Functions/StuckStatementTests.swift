import Glibc
import JSON
import Postgres
import TestSupport
import Testing

@testable import Conversation
@testable import Engine
@testable import Store

/// Statements that write, in server processes that nothing ends: their conversation goes on without them.
@Suite struct StuckStatementTests {
    /// A function of effect `sql` whose first statement nothing ends.
    private static let documents = """
        [{"kind": "model", "name": "offline", "provider": "rules", "rules": [
            {"when": "^f$", "call": {"tool": "f", "arguments": {}}, "then": "{{result}}"},
            {"otherwise": "Hello."}]},
         {"kind": "function", "name": "f", "language": "sql", "effect": "sql", "read_only": false, "timeout": 8,
          "source": "INSERT INTO notes SELECT strpos(repeat('a', 20000000), 'b' || repeat('a', 10000000)) RETURNING place"},
         {"kind": "agent", "name": "assistant", "model": "offline", "functions": ["f"]}]
        """

    /// Runs a test on a server of its own, whose processes it may leave behind and kill.
    private func withServer(_ body: (Bench) async throws -> Void) async throws {
        try await withCluster { cluster in
            let client = PostgresClient(try PostgresConfiguration(url: cluster.url()), logger: .silent)
            _ = try await Migrator(client: client).migrate()
            try await client.withConnection {
                try await $0.executeScript(
                    "CREATE TABLE public.notes (place integer); GRANT INSERT, SELECT ON public.notes TO agentctl_query"
                )
            }
            await client.shutdown()
            try await withBench(url: cluster.url()) { bench in
                try await bench.register(Self.documents)
                try await body(bench)
            }
        }
    }

    /// The processes that work on, as `doctor` counts them.
    private func stuck(_ bench: Bench) async throws -> [Int64] {
        try await bench.reports.serverReport()["stuck"]?.arrayValue?.compactMap(\.integerValue) ?? []
    }

    @Test(.timeLimit(.minutes(3)))
    func theCallFailsAndTheConversationGoesOn() async throws {
        try await withServer { bench in
            let client = bench.client()
            let first = try await client.send(.message("f"), to: "c") { _ in }
            #expect(first.status == .succeeded, "\(first)")
            #expect(first.reply?.contains("the server does not stop it") == true, "\(first.reply ?? "")")
            let call = try await bench.text("SELECT concat_ws(' ', effect, state) AS text FROM agentctl.tool_call")
            #expect(call == "sql failed")

            // The process works on, and the conversation takes the next message.
            #expect(try await client.send(.message("hi"), to: "c") { _ in }.reply == "Hello.")
            try await eventually("a process that doctor counts", within: .seconds(30)) {
                try await stuck(bench).count == 1
            }
            kill(try #require(Int32(exactly: try await stuck(bench).first ?? 0)), SIGKILL)
            try await eventually("the recovery") { (try? await stuck(bench)) == [] }
            #expect(try await bench.text("SELECT count(*)::text AS text FROM public.notes") == "0")
            #expect(try await client.send(.message("hi"), to: "c") { _ in }.reply == "Hello.")
        }
    }

    @Test(.timeLimit(.minutes(3)))
    func aQueuedCallEndsAsFailed() async throws {
        try await withServer { bench in
            let call = try await bench.text("SELECT agentctl.call_function('f')::text AS text")
            let worker = bench.worker(.init(slots: 2))
            let work = Task { try await worker.run() }
            try await bench.eventually(
                "SELECT (NOT EXISTS (SELECT FROM agentctl.function_queue))::text AS text"
            )
            let ends = try await bench.texts(
                "SELECT format('%s %s', request_id, exit_reason) AS text FROM agentctl.function_call"
            )
            #expect(ends == ["\(call ?? "") timeout"] || ends == ["\(call ?? "") error"], "\(ends)")
            let active = try await bench.text(
                """
                SELECT count(*)::text AS text FROM pg_stat_activity
                WHERE datname = current_database() AND application_name = 'agentctl statement 8000ms'
                """
            )
            #expect(active == "1")
            work.cancel()
            _ = await work.result
        }
    }
}
