import Engine
import JSON
import Orchestration
import Postgres
import TestSupport
import Testing

@testable import Conversation
@testable import Store

/// Plans before they run: stored, edited, approved, by whom.
@Suite struct PlanStoreTests {
    @Test func aPlanIsStoredAndItsTextIsThatOfTheProgram() async throws {
        try await Bench.withPlans { bench in
            let plan = Plan(
                task: "Do it",
                steps: [
                    PlanStep(
                        number: 1,
                        target: .tool("calculator"),
                        arguments: ["expression": "1"],
                        description: "One"
                    ),
                    PlanStep(
                        number: 2,
                        target: .agent("Writer"),
                        arguments: ["task": "{{step_1}}"],
                        description: "Two",
                        after: [1]
                    ),
                    PlanStep(number: 3, target: .capability("write"), description: "Three {{x}}", after: [1, 2]),
                ]
            )
            var draft = ConversationStore.PlanDraft(task: plan.task, steps: .array(plan.steps.map { .object($0.json) }))
            draft.madeBy = "templates"
            let id = try await bench.conversations.store(draft)
            let summary = try await bench.conversations.planSummary(id)
            #expect(
                summary == """
                    Task: Do it
                    Steps:
                      1. [pending] calculator - One
                      2. [pending] Writer - Two (depends on: step_1)
                      3. [pending] write - Three {{x}} (depends on: step_1, step_2)
                    """
            )
            #expect(summary == plan.summary)
            #expect(try await bench.reports.planReport(id: id).first?["made_by"] == "templates")
        }
    }

    @Test func aStepThatUsesAResultComesAfterItAndACycleCannotBeWrittenDown() async throws {
        try await Bench.withPlans { bench in
            let id = try await bench.plan(["1", "{{step_1}} + 1", "{{step_2}}"], after: [3: [1]])
            let after = try await bench.texts("SELECT after::text AS text FROM agentctl.plan_step ORDER BY number")
            #expect(after == ["{}", "{1}", "{1,2}"])
            for change in ["after = '{2}'", "after = '{1}'", "after = '{0}'", "recovers = 1"] {
                let error = await #expect(throws: PostgresError.self) {
                    try await bench.client.query(
                        PostgresStatement(
                            "UPDATE agentctl.plan_step SET \(change) WHERE plan_id = \(id) AND number = 1"
                        )
                    )
                }
                #expect(error?.sqlState == "23514", "\(change)")
            }
        }
    }

    @Test(arguments: [
        (#"[]"#, "steps has 0 steps"), (#"{}"#, "steps is no list"), (#"[1]"#, "steps[0] is the number 1"),
        (#"[{"tool": "calculatr", "description": "d"}]"#, "did you mean calculator?"),
        (#"[{"tool": "calculator", "description": "d", "argument": {}}]"#, "did you mean arguments?"),
        (#"[{"tool": "calculator", "agent": "Writer", "description": "d"}]"#, "names several that do it"),
        (#"[{"tool": null, "description": "d"}]"#, "steps[0].tool is null"),
        (#"[{"tool": "calculator", "description": ""}]"#, "steps[0].description"),
        (#"[{"tool": "calculator", "description": "a\nb"}]"#, "steps[0].description"),
        (#"[{"tool": "calculator", "description": "d", "after": [1]}]"#, "steps[0].after is [1]"),
        (#"[{"tool": "calculator", "description": "d", "after": [1e9]}]"#, "steps[0].after"),
        (#"[{"tool": "calculator", "description": "d", "after": ["x"]}]"#, "steps[0].after"),
        (#"[{"tool": "calculator", "description": "d", "arguments": {"a": "{{step_1}}"}}]"#, "has {{step_1}}"),
        (#"[{"tool": "calculator", "description": "d", "arguments": {"a": ["{{x}}"]}}]"#, "has {{x}}"),
        (#"[{"tool": "calculator", "description": "d", "arguments": {"a": "{{"}}]"#, "is not closed"),
        (#"[{"capabilities": ["a", "b"], "description": "d"}]"#, "a list of one capability"),
        (#"[{"capabilities": [""], "description": "d"}]"#, "a list of one capability"),
        (#"[{"agent": "Writer", "description": "d", "arguments": {"input": 1}}]"#, "{task: text, input: an object}"),
        (#"[{"tool": "calculator", "description": "d", "arguments": {"a": 1e400}}]"#, "double precision"),
    ])
    func stepsThatCannotBeAreRefusedWithEveryProblem(_ steps: String, _ told: String) async throws {
        try await Bench.withPlans { bench in
            let error = await #expect(throws: PostgresError.self) {
                try await bench.client.query(
                    "SELECT agentctl.store_plan('x', $1::jsonb)",
                    [.text(steps)]
                )
            }
            #expect(error?.sqlState == "AC001" && error?.message.contains(told) == true, "\(error?.message ?? "")")
            let count = try await bench.text("SELECT count(*)::text AS text FROM agentctl.plan")
            #expect(count == "0")
        }
    }

    @Test(arguments: [
        ("NULL", "AC001"), ("E' \\n'", "AC001"), ("repeat('x', 2000000)", "AC003"),
        ("'x', context => '[]'", "AC001"), ("'x', context => jsonb_build_object('x', repeat('y', 2000000))", "AC003"),
        ("'x', context => (repeat('{\"a\":', 130) || '1' || repeat('}', 130))::jsonb", "AC001"),
        ("'x', mode => 'quick'", "AC001"), ("'x', mode => NULL", "AC001"), ("'x', max_steps => 0", "AC001"),
        ("'x', max_steps => 201", "AC001"), ("'x', max_replans => -1", "AC001"), ("'x', max_replans => NULL", "AC001"),
        ("'x', recover => '{}'", "AC001"), ("'x', recover => '[{\"tool\": 1}]'", "AC001"),
        ("'x', made_by => ''", "AC001"),
    ])
    func valuesThatNoPlanCanHaveAreRefused(_ arguments: String, _ state: String) async throws {
        try await Bench.withPlans { bench in
            let steps = #"[{"tool": "calculator", "description": "d"}]"#
            let error = await #expect(throws: PostgresError.self) {
                try await bench.client.query(
                    PostgresStatement("SELECT agentctl.store_plan(steps => '\(steps)', task => \(arguments))")
                )
            }
            #expect(error?.sqlState == state && (error?.message.utf8.count ?? 0) < 400, "\(error?.message ?? "")")
        }
    }

    @Test func editsAreRevisionsThatAreApprovedAgainAndEndWhenThePlanRuns() async throws {
        try await Bench.withPlans { bench in
            let store = bench.conversations
            let id = try await bench.plan(["1 + 1"])
            #expect(try await store.approvePlan(id))
            #expect(try await store.approvePlan(id) == false)
            let steps: JSONValue = [["tool": "calculator", "arguments": ["expression": "2 + 2"], "description": "New"]]
            #expect(try await store.editPlan(id, steps: steps) == 2)
            #expect(try await bench.state(id) == ["draft", "1 pending"])
            var error = await #expect(throws: StoreError.self) { _ = try await store.approvePlan(id, revision: 1) }
            #expect(error?.code == .refused && error?.message.contains("revision 2") == true)
            error = await #expect(throws: StoreError.self) { _ = try await store.runPlan(id, agent: "executor") }
            #expect(error?.message == "plan \(id) is draft")
            // One that is wrong changes nothing.
            error = await #expect(throws: StoreError.self) { _ = try await store.editPlan(id, steps: [["tool": "x"]]) }
            #expect(error?.code == .invalid)
            #expect(try await bench.text("SELECT revision::text AS text FROM agentctl.plans") == "2")
            #expect(try await store.approvePlan(id, revision: 2))
            let turn = try await store.runPlan(id, agent: "executor")
            #expect(turn == ("plan:\(id)", 1))
            for attempt in 0..<3 {
                error = await #expect(throws: StoreError.self) {
                    switch attempt {
                    case 0: _ = try await store.editPlan(id, steps: steps)
                    case 1: _ = try await store.approvePlan(id)
                    default: _ = try await store.runPlan(id, agent: "executor")
                    }
                }
                #expect(error?.code == .refused && error?.message == "plan \(id) is running")
            }
            let revisions = try await bench.texts(
                "SELECT format('%s %s %s', revision, reason, steps #>> '{0,description}') AS text FROM agentctl.plan_revision ORDER BY 1"
            )
            #expect(revisions == ["1 made Calculate 1", "2 edited New"])
        }
    }

    @Test func anAgentThatLacksWhatThePlanCallsCannotRunIt() async throws {
        try await Bench.withPlans { bench in
            try await bench.register(
                """
                [{"kind": "tool", "name": "clock", "description": "c", "implementation": "current_time"},
                 {"kind": "agent", "name": "bare", "model": "plan"}]
                """
            )
            let id = try await bench.plan([
                ["tool": "clock", "description": "d"], ["agent": "Writer", "description": "d"],
                ["capabilities": ["fly"], "description": "d"],
            ])
            _ = try await bench.conversations.approvePlan(id)
            for (agent, told) in [
                ("executor", "it lacks the capability to delegate fly; it lacks the tool clock"),
                ("keeper", "its model is not of the provider plan; it lacks"),
                (
                    "bare",
                    "it lacks the tool update_plan; it lacks the capability to delegate fly; it lacks the delegate"
                ),
                ("executr", "there is no agent \"executr\""),
            ] {
                let error = await #expect(throws: StoreError.self) {
                    _ = try await bench.conversations.runPlan(id, agent: agent)
                }
                #expect(error?.message.contains(told) == true, "\(error?.message ?? "")")
            }
            #expect(try await bench.text("SELECT count(*)::text AS text FROM agentctl.submission") == "0")
        }
    }

    @Test func aPlanIsItsOwnersAndAConversationThatSomebodyTookFirstIsNoObstacle() async throws {
        try await Bench.withPlans { bench in
            let id = try await bench.plan(["1"])
            _ = try await bench.conversations.approvePlan(id)
            let name = "user_\(UInt32.random(in: 0..<UInt32.max))"
            try await bench.client.withConnection { connection in
                try await connection.executeScript("CREATE ROLE \(name) LOGIN IN ROLE agentctl_client")
                try await connection.executeScript("SET ROLE \(name)")
                for call in [
                    "plan_summary(\(id))", "approve_plan(\(id))", "run_plan(\(id))", "edit_plan(\(id), '[]')",
                    "update_plan('c', 1, '[]')", "plan_step_list(\(id))",
                ] {
                    let error = await #expect(throws: PostgresError.self) {
                        try await connection.query(PostgresStatement("SELECT agentctl.\(call)"))
                    }
                    #expect(["AC002", "42501"].contains(error?.sqlState), "\(call)")
                }
                let own = try await connection.query(
                    """
                    SELECT agentctl.store_plan('mine', '[{"tool": "calculator", "description": "d"}]')::text AS text
                    """
                )
                let mine = try #require(try own.first?.decode("text", as: String.self))
                _ = try await connection.query(PostgresStatement("SELECT agentctl.approve_plan(\(mine))"))
                _ = try await connection.query(PostgresStatement("SELECT agentctl.plan_summary(\(mine))"))
                _ = try await connection.query(
                    PostgresStatement("SELECT agentctl.submit('plan:\(id)', 'x', 'executor')")
                )
                try await connection.executeScript("RESET ROLE")
            }
            _ = try await bench.conversations.submit(.message("x"), to: "plan:\(id)", agent: "executor")
            let turn = try await bench.conversations.runPlan(id, agent: "executor")
            #expect(turn.conversation.hasPrefix("plan:\(id):"))
            #expect(try await bench.text("SELECT created_by AS text FROM agentctl.plans WHERE task = 'mine'") == name)
            try await bench.client.withConnection { try await $0.executeScript("DROP ROLE \(name)") }
        }
    }
}
