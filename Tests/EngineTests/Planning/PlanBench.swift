import Engine
import JSON
import Postgres
import TestSupport

@testable import Conversation
@testable import Store

/// What tests of plans begin with.
enum PlanDocuments {
    /// An agent that runs plans with a calculator and another agent, and an agent that keeps a plan of its own.
    static let all = #"""
        [{"kind": "model", "name": "plan", "provider": "plan"},
         {"kind": "model", "name": "echo", "provider": "rules", "rules": [{"when": "(.*)", "say": "echo $1"}]},
         {"kind": "model", "name": "keeper", "provider": "rules", "rules": [
            {"when": "^keep", "call": {"tool": "update_plan", "arguments": {"steps": [
                {"description": "look", "status": "completed"}, {"description": "think", "after": [1]}]}},
             "then": "{{result}}"},
            {"when": "^wrong", "call": {"tool": "update_plan", "arguments": {"steps": [{"number": 5, "status": "failed"}]}},
             "then": "{{result}}"}]},
         {"kind": "tool", "name": "calculator", "description": "Calculates.", "implementation": "calculator"},
         {"kind": "tool", "name": "update_plan", "description": "Keeps a plan.", "implementation": "update_plan"},
         {"kind": "agent", "name": "Writer", "model": "echo", "capabilities": ["write"]},
         {"kind": "agent", "name": "keeper", "model": "keeper", "tools": ["update_plan"]},
         {"kind": "agent", "name": "executor", "model": "plan", "tools": ["update_plan", "calculator"],
          "delegates": ["Writer"], "delegate_capabilities": ["write"], "max_iterations": 1000}]
        """#
}

extension Bench {
    /// Runs a test with the documents of plans.
    static func withPlans(_ body: (Bench) async throws -> Void) async throws {
        try await withBench { bench in
            try await bench.register(PlanDocuments.all)
            try await bench.openToEveryone()
            try await body(bench)
        }
    }

    /// Stores a plan of calculations.
    func plan(
        _ expressions: [String],
        after: [Int: [Int]] = [:],
        mode: String = "sequential",
        steps most: Int = 10,
        replans: Int = 2,
        recoveries: [JSONValue] = []
    ) async throws -> Int64 {
        let steps = expressions.enumerated().map { index, expression -> JSONValue in
            [
                "tool": "calculator", "arguments": ["expression": .string(expression)],
                "description": .string("Calculate \(index + 1)"),
                "after": .array((after[index + 1] ?? []).map { .integer(Int64($0)) }),
            ]
        }
        return try await plan(.array(steps), mode: mode, steps: most, replans: replans, recoveries: recoveries)
    }

    /// Stores a plan.
    func plan(
        _ steps: JSONValue,
        mode: String = "sequential",
        steps most: Int = 10,
        replans: Int = 2,
        recoveries: [JSONValue] = []
    ) async throws -> Int64 {
        var draft = ConversationStore.PlanDraft(task: "Calculate", steps: steps)
        (draft.mode, draft.maximumSteps, draft.maximumReplans) = (mode, most, replans)
        draft.recoveries = recoveries
        return try await conversations.store(draft)
    }

    /// Approves a plan and runs it to its end, or until it waits.
    @discardableResult
    func run(_ plan: Int64) async throws -> TurnSummary {
        _ = try await conversations.approvePlan(plan)
        let turn = try await conversations.runPlan(plan, agent: "executor")
        return try await client().wait(for: turn.seq, of: turn.conversation, after: 0) { _ in }
    }

    /// The plan's state and the statuses of its steps, as the views have them.
    func state(_ plan: Int64) async throws -> [String] {
        try await texts(
            """
            SELECT state AS text FROM agentctl.plans WHERE id = $1
            UNION ALL
            (SELECT concat_ws(' ', number, status, error_code) FROM agentctl.plan_steps WHERE plan_id = $1 ORDER BY number)
            """,
            [.integer(plan)]
        )
    }
}
