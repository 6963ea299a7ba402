import JSON
import Postgres
import TestSupport
import Testing

@testable import Conversation
@testable import Engine
@testable import Store

/// Runs of chains whose budget, or that of the task that they are, is spent.
@Suite struct ChainBudgetTests {
    /// A run of two stages, each of which takes more than a token.
    private func withStages(_ budget: String = "", _ body: (Bench, MockModel) async throws -> Void) async throws {
        try await withMockModel { _ in
            .text("done")
        } perform: { model in
            try await withBench { bench in
                try await bench.register(Documents.model(at: model.baseURL))
                try await bench.register(
                    """
                    {"kind": "chain", "name": "frugal", "strategy": "sequential"\(budget), "stages": [
                        {"name": "a", "agent": "assistant"}, {"name": "b", "agent": "assistant"}]}
                    """
                )
                try await body(bench, model)
            }
        }
    }

    @Test func theBudgetOfARunIsSharedByItsTasksAndLimitsIt() async throws {
        try await withStages(#", "budget": {"tokens": 1}"#) { bench, model in
            let summary = try await bench.client().send(.message("x"), to: "c", agent: "frugal") { _ in }
            #expect(summary.status == .limited && summary.limitReached == "budget")
            #expect(try await model.requests(count: 1).count == 1)
            let result = try JSONValue(parsing: try await bench.result("c") ?? "null")
            #expect(result["success"] == false && result["error"] == "limited: budget")
            #expect(result["partial_outputs"] == ["a": "done"] && result["final_output"] == .null)
        }
    }

    @Test(arguments: [#"{"tokens": 1}"#, #"{"cost_usd": 1e-10}"#])
    func aRunIsLimitedWhoseTaskHasSpentItsBudget(budget: String) async throws {
        try await withStages { bench, model in
            try await bench.register(
                """
                [{"kind": "model", "name": "mock", "provider": "openai", "base_url": "\(model.baseURL)", "model": "m",
                  "prices": {"input": 1, "output": 1}}]
                """
            )
            let id = try await bench.text(
                "SELECT agentctl.submit_task('x', agent => 'frugal', budget => $1)::text AS text",
                [.text(budget)]
            )
            let conversation = "task:\(id ?? "")"
            let summary = try await bench.client().wait(for: 1, of: conversation, after: 0) { _ in }
            #expect(summary.status == .limited && summary.limitReached == "budget")
            #expect(try await bench.visits(conversation) == ["a#1 succeeded"])
            let task = try await bench.text(
                "SELECT concat_ws(' ', state, error_code) AS text FROM agentctl.task WHERE parent_seq IS NULL"
            )
            #expect(task == "dead budget")
            // No task was refused: those that nothing was left for were not begun.
            #expect(try await bench.texts("SELECT 'x' AS text FROM agentctl.task WHERE error_code = 'refused'") == [])
        }
    }
}
