import Postgres
import TestSupport
import Testing

@testable import Conversation
@testable import Engine
@testable import Store
@testable import Tools

/// What a turn locks, and in which order, as those see it who lock the same rows.
@Suite struct LockOrderTests {
    /// A turn that changes its plan and, in the same round, a table of the user's.
    private static let documents = """
        [{"kind": "model", "name": "offline", "provider": "rules", "rules": [
            {"when": "^go$", "calls": [
                {"tool": "update_plan", "arguments": {"steps": [{"description": "Note it.", "status": "running"}]}},
                {"tool": "note", "arguments": {}}], "then": "{{result}}"},
            {"otherwise": "Hello."}]},
         {"kind": "tool", "name": "update_plan", "description": "Keeps a plan.", "implementation": "update_plan"},
         {"kind": "function", "name": "note", "language": "sql", "effect": "sql", "read_only": false, "timeout": 60,
          "source": "UPDATE notes SET place = place + 1 RETURNING place"},
         {"kind": "agent", "name": "assistant", "model": "offline", "tools": ["update_plan"], "functions": ["note"]}]
        """

    /// Somebody holds the row that a statement of the turn waits for, and wants the conversation's.
    @Test func aStatementWaitsForOthersBeforeItsConversationIsLocked() async throws {
        try await withBench { bench in
            try await bench.register(Self.documents)
            try await bench.client.withConnection { connection in
                try await connection.executeScript(
                    """
                    CREATE TABLE public.notes AS SELECT 1 AS place;
                    GRANT SELECT, UPDATE ON public.notes TO agentctl_query;
                    """
                )
            }
            _ = try await bench.conversations.submit(.message("go"), to: "c")
            try await bench.client.withConnection { connection in
                try await connection.executeScript("BEGIN; UPDATE public.notes SET place = 10")
                let worker = Worker(
                    store: bench.work,
                    registry: bench.registry,
                    services: ToolServices(queries: bench.queries),
                    configuration: WorkerConfiguration(slots: 2),
                    logger: .silent
                )
                try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask { _ = try await worker.run() }
                    try await bench.untilOneIsBlocked()
                    try await connection.query("SELECT agentctl.submit('c', 'hi')")
                    try await connection.executeScript("COMMIT")
                    try await bench.eventually(
                        "SELECT (head_seq = 2)::text AS text FROM agentctl.conversation_control"
                    )
                    group.cancelAll()
                    while await group.nextResult() != nil {}
                }
            }
            let calls = try await bench.texts(
                "SELECT concat_ws(' ', number, tool, state) AS text FROM agentctl.tool_call ORDER BY number"
            )
            #expect(calls == ["1 update_plan succeeded", "2 note succeeded"])
            #expect(try await bench.text("SELECT place::text AS text FROM public.notes") == "11")
            #expect(try await bench.text("SELECT count(*)::text AS text FROM agentctl.plan_step") == "1")
        }
    }
}
