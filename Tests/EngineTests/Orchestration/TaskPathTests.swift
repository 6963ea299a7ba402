import Postgres
import TestSupport
import Testing

@testable import Conversation
@testable import Engine
@testable import Store

/// How far and to whom may be delegated: the same rules for the tool, for functions and for a plain INSERT.
@Suite struct TaskPathTests {
    /// A turn of A, whose task B waits in turn: `r` and `r~1.1` are in progress.
    private static let tree =
        TaskScript.functions + """
            SELECT agentctl.register('[{"kind": "model", "name": "m", "provider": "rules", "rules": [{"otherwise": "x"}]},
                {"kind": "agent", "name": "A", "model": "m", "max_chain_depth": 2, "delegates": ["B"]},
                {"kind": "agent", "name": "B", "model": "m", "max_chain_depth": 5, "delegates": ["C"]},
                {"kind": "agent", "name": "C", "model": "m"}, {"kind": "agent", "name": "D", "model": "m"}]');
            SELECT agentctl.submit('r', 'go', 'A');
            SELECT pg_temp.delegate('r', 'A', 1, '[{"number": 1, "group": "g", "agent": "B", "description": "d"}]');
            SELECT pg_temp.delegate('r~1.1', 'B', 1, '[{"number": 1, "group": "g", "agent": "C", "description": "d"}]');
            SELECT pg_temp.delegate('r~1.1~1.1', 'C', 1, '[
                {"number": 1, "group": "g", "agent": "D", "description": "d"},
                {"number": 2, "group": "g", "agent": "A", "description": "d"}]');

            """

    @Test func whatGoesTooDeepOrLeadsBackIsRefusedWithItsPath() async throws {
        try await withBench { bench in
            try await bench.script(Self.tree)
            let refused = try await bench.texts(
                """
                SELECT concat_ws(': ', number, error_code, error_message) AS text FROM agentctl.task
                WHERE parent_conversation_id = 'r~1.1~1.1' ORDER BY number
                """
            )
            #expect(
                refused == [
                    #"1: refused: delegation goes too deep: A → B → C → D; agent "A" allows 2 below it"#,
                    "2: refused: delegation leads back: A → B → C → A",
                ]
            )
            // A chain or an agent that inserts rows by itself is held to the same.
            for (agent, message) in [
                ("D", "delegation goes too deep: A → B → C → D"), ("B", "delegation leads back: A → B → C → B"),
            ] {
                let error = await #expect(throws: PostgresError.self) {
                    try await bench.client.query(
                        """
                        INSERT INTO agentctl.task (parent_conversation_id, parent_seq, number, group_key, description, agent, state)
                        VALUES ('r~1.1~1.1', 1, 9, 'g', 'd', $1, 'assigned')
                        """,
                        [.text(agent)]
                    )
                }
                #expect(error?.sqlState == "AC003" && error?.message == message, "\(String(describing: error))")
            }
        }
    }

    @Test(arguments: ["translate", "find"]) func aCapabilityThatItsRowsDoNotListIsNoTask(capability: String)
        async throws
    {
        let call = MockModelReply.ToolCall(
            id: "a",
            name: "delegate",
            arguments: #"{"tasks": [{"capability": "\#(capability)", "task": "x"}]}"#
        )
        try await withMockModel { request in
            request.messages.last?["role"] == "tool" ? .text("no") : .toolCalls([call])
        } perform: { model in
            try await Bench.withDelegates { bench in
                try await bench.register(Documents.model(at: model.baseURL))
                try await bench.register(
                    #"""
                    [{"kind": "agent", "name": "Translator", "model": "mock", "capabilities": ["translate"]},
                     {"kind": "agent", "name": "Chooser", "model": "mock", "delegate_capabilities": ["search"]}]
                    """#
                )
                let reply = try await bench.client().send(.message("go"), to: "c", agent: "Chooser") { _ in }.reply
                #expect(reply == "no")
                let results = try await bench.texts("SELECT content AS text FROM agentctl.message WHERE role = 'tool'")
                #expect(results.first?.hasPrefix("Error: The arguments do not fit the tool's schema") == true)
                #expect(try await bench.texts("SELECT 'x' AS text FROM agentctl.task") == [])
            }
        }
    }
}
