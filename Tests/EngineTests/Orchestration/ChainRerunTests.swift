import JSON
import Postgres
import TestSupport
import Testing

@testable import Conversation
@testable import Engine
@testable import Store

/// Runs of chains that begin again at a node.
@Suite struct ChainRerunTests {
    /// The second session waits for the name that the first has not committed, and takes the next one.
    @Test func twoRunsAgainAtOnceGetNamesOfTheirOwn() async throws {
        try await Bench.withChains(ChainDocuments.sequence) { bench in
            _ = try await bench.client().send(.message("cats"), to: "c", agent: "sequence") { _ in }
            let again: PostgresStatement = "SELECT agentctl.rerun_chain('c', 1, 'second') ->> 'conversation' AS text"
            let (first, second) = try await bench.client.withTransaction { connection in
                let first = try await connection.query(again).first?.decode("text", as: String.self)
                let other = Task { try await bench.text(again) }
                try await bench.eventually(
                    """
                    SELECT (count(*) > 0)::text AS text FROM pg_stat_activity
                    WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%rerun_chain%'
                    """
                )
                return (first, other)
            }
            #expect(first == "c-rerun-1")
            #expect(try await second.value == "c-rerun-2")
        }
    }

    @Test(arguments: [
        (#"{"score": "high"}"#, "state.score is a string (expected number)"),
        (#"{"drafts": ["a", 1]}"#, "state.drafts[1] is the number 1 (expected string)"),
        (#"{"page": {"title": "x", "size": 0}}"#, "state.page.size is 0 (expected minimum 1)"),
        (#"{"page": {"size": 1}}"#, "state.page.title is missing (expected a value)"),
        (#"{"page": {"title": "x", "colour": 1}}"#, "state.page.colour is given (expected nothing)"),
        (#"{"sum": "x"}"#, "state.sum is a string (expected a number)"),
    ]) func aChangeThatTheStateDoesNotAllowIsRefused(changes: String, message: String) async throws {
        try await withRun { bench in
            let error = await #expect(throws: PostgresError.self) {
                try await bench.client.query(
                    "SELECT agentctl.rerun_chain('c', 1, 'publish', changes => $1::text::jsonb)",
                    [.text(changes)]
                )
            }
            #expect(
                error?.sqlState == "AC001" && error?.message.contains(message) == true,
                "\(String(describing: error))"
            )
            let made = try await bench.texts("SELECT id AS text FROM agentctl.conversation WHERE id LIKE 'c-%'")
            #expect(made == [])
        }
    }

    /// What SQL cannot say of a schema, the engine checks before anything runs.
    @Test func aChangeThatOnlyTheEngineCanCheckFailsTheRun() async throws {
        try await withRun { bench in
            _ = try await bench.client.query(
                #"SELECT agentctl.rerun_chain('c', 1, 'publish', changes => '{"tag": "No"}')"#
            )
            let summary = try await bench.client().wait(for: 1, of: "c-rerun-1", after: 0) { _ in }
            #expect(summary.status == .failed && summary.errorCode == "state")
            #expect(summary.errorMessage?.contains("state.tag") == true)
            let tasks = try await bench.texts(
                "SELECT agent AS text FROM agentctl.tasks WHERE parent_conversation_id = 'c-rerun-1'"
            )
            #expect(tasks == [])
        }
    }

    /// A run of a graph with state of several kinds.
    private func withRun(_ body: (Bench) async throws -> Void) async throws {
        let chain = """
            {"kind": "chain", "name": "typed", "strategy": "graph",
             "state": {"drafts": {"schema": {"type": "array", "items": {"type": "string"}}, "reduce": "append"},
                       "score": {"schema": {"type": "number"}}, "sum": {"reduce": "add"},
                       "tag": {"schema": {"type": "string", "pattern": "^[a-z]+$"}},
                       "page": {"schema": {"type": "object", "required": ["title"], "additionalProperties": false,
                                "properties": {"title": {"type": "string"}, "size": {"type": "integer", "minimum": 1}}}}},
             "nodes": [{"name": "write", "agent": "Worker", "write": {"drafts": "{{output}}"}},
                       {"name": "publish", "agent": "Other", "input": "{{state.drafts}}"}],
             "edges": [{"from": "write", "to": "publish"}]}
            """
        try await Bench.withChains(chain) { bench in
            _ = try await bench.client().send(.message("cats"), to: "c", agent: "typed") { _ in }
            try await body(bench)
        }
    }
}
