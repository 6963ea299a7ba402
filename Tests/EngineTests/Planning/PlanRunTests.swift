import Engine
import JSON
import Postgres
import TestSupport
import Testing

@testable import Conversation
@testable import Store

/// Plans that run as turns.
@Suite struct PlanRunTests {
    @Test func thePlanIsTheModelOfATurnWhoseCallsAreItsSteps() async throws {
        try await Bench.withPlans { bench in
            let id = try await bench.plan(["6 * 7", "{{step_1}} + 1"])
            let summary = try await bench.run(id)
            #expect(
                summary.reply == """
                    Task: Calculate
                    Steps:
                      1. [completed] calculator - Calculate 1
                      2. [completed] calculator - Calculate 2 (depends on: step_1)

                    ## 1. calculator - Calculate 1
                    42

                    ## 2. calculator - Calculate 2
                    43
                    """
            )
            #expect(try await bench.conversations.planSummary(id).hasSuffix("step_1)"))
            let text = try await bench.conversations.planSummary(id)
            #expect(summary.reply?.hasPrefix(text) == true)
            #expect(try await bench.state(id) == ["completed", "1 completed", "2 completed"])
            let calls = try await bench.texts("SELECT tool AS text FROM agentctl.tool_call ORDER BY number")
            #expect(calls == ["update_plan", "calculator", "update_plan", "calculator", "update_plan"])
            let events = try await bench.conversations.events(of: "plan:\(id)", after: 0)
            let plans = events.filter { $0.type == "plan_updated" }.map {
                "\($0.data["state"]?.stringValue ?? "") \($0.data["completed"]?.text ?? "")"
            }
            #expect(plans == ["running 0", "running 1", "completed 2"])
            #expect(events.map(\.number) == Array(1...Int64(events.count)))
            #expect(
                try await bench.texts("SELECT result AS text FROM agentctl.plan_steps ORDER BY number") == ["42", "43"]
            )
        }
    }

    @Test func stepsThatWaitForNoOtherAreCallsOfOneRoundAndAgentsAreTasks() async throws {
        try await Bench.withPlans { bench in
            let id = try await bench.plan(
                [
                    ["tool": "calculator", "arguments": ["expression": "1 + 1"], "description": "Add"],
                    ["agent": "Writer", "description": "Write this"],
                    [
                        "capabilities": ["write"], "arguments": ["task": "sum {{step_1}}: {{step_2}}"],
                        "description": "Sum up",
                    ],
                ],
                mode: "parallel"
            )
            let summary = try await bench.run(id)
            #expect(summary.status == .succeeded)
            #expect(summary.reply?.hasSuffix("## 3. write - Sum up\necho sum 2: echo Write this") == true, "\(summary)")
            let rounds = try await bench.texts(
                "SELECT string_agg(tool, '+' ORDER BY number) AS text FROM agentctl.tool_call GROUP BY step_number ORDER BY step_number"
            )
            #expect(
                rounds == ["update_plan", "calculator+delegate", "update_plan", "delegate", "update_plan"]
            )
        }
    }

    @Test func aFailureIsRecoveredAndTheChangeIsARevision() async throws {
        try await Bench.withPlans { bench in
            let recovery: JSONValue = [
                "tool": "calculator",
                "steps": [
                    [
                        "name": "safe", "tool": "calculator", "arguments": ["expression": "10"], "find": "(?<first>1)",
                        "description": "Instead of {{arguments.expression}}",
                    ]
                ],
                "arguments": ["expression": "{{steps.safe.first}} + 1"], "description": "Calculate something else",
            ]
            let id = try await bench.plan(["1 / 0", "{{step_1}} * 3"], recoveries: [recovery])
            #expect(try await bench.run(id).reply?.contains("## 2. calculator - Calculate 2\n6") == true)
            #expect(
                try await bench.conversations.planSummary(id) == """
                    Task: Calculate
                    Steps:
                      1. [failed] calculator - Calculate 1
                      2. [completed] calculator - Calculate 2 (depends on: step_1)
                      3. [completed] calculator - Instead of 1 / 0
                      4. [completed] calculator - Calculate something else (depends on: step_3) (recovers: step_1)
                    """
            )
            #expect(try await bench.state(id).first == "completed")
            let revisions = try await bench.texts(
                "SELECT format('%s %s %s', revision, reason, jsonb_array_length(steps)) AS text FROM agentctl.plan_revision ORDER BY revision"
            )
            #expect(revisions.count == 2 && revisions[0] == "1 made 2")
            #expect(revisions[1].hasPrefix("2 step 1, calculator, failed: ") && revisions[1].hasSuffix(" 4"))
        }
    }

    @Test(arguments: [0, 1, 3])
    func recoveryEndsWhereTheReplansDo(_ replans: Int) async throws {
        try await Bench.withPlans { bench in
            let again: JSONValue = ["tool": "calculator", "arguments": ["expression": "2 / 0"]]
            let id = try await bench.plan(["1 / 0"], replans: replans, recoveries: [again])
            #expect(try await bench.run(id).status == .succeeded)
            let state = try await bench.state(id)
            #expect(state.first == "failed" && state.count == replans + 2)
            #expect(
                try await bench.text("SELECT max(revision)::text AS text FROM agentctl.plan_revision")
                    == "\(replans + 1)"
            )
        }
    }

    @Test func noMoreStepsRunThanMay() async throws {
        try await Bench.withPlans { bench in
            let id = try await bench.plan(["1", "2", "3", "4"], steps: 2)
            try await bench.run(id)
            #expect(
                try await bench.state(id) == [
                    "failed", "1 completed", "2 completed", "3 skipped max_steps", "4 skipped max_steps",
                ]
            )
        }
    }

    @Test func anInteractivePlanWaitsForAnApprovalBeforeEachStep() async throws {
        try await Bench.withPlans { bench in
            let id = try await bench.plan(["1 + 1", "2 + 2"], mode: "interactive")
            var summary = try await bench.run(id)
            for (step, approves) in [(1, true), (2, false)] {
                #expect(summary.waitReason == .approval)
                let state = try await bench.state(id)
                #expect(state[step] == "\(step) running" && state[0] == "waiting")
                let waiting = try await bench.conversations.approvals(isPending: true, limit: 10)
                #expect(waiting.count == 1 && waiting[0]["tool"] == "calculator")
                #expect(waiting[0]["rule"] == "plan, interactive")
                let approval = try #require(waiting[0]["id"]?.integerValue)
                _ = try await bench.conversations.decide(approval, approves: approves)
                summary = try await bench.client().wait(for: 1, of: "plan:\(id)", after: 0) { _ in }
            }
            #expect(summary.status == .succeeded)
            #expect(try await bench.state(id) == ["failed", "1 completed", "2 failed denied"])
        }
    }

    @Test func aPlanWhoseTurnEndsBeforeItIsNotRunningAnyMore() async throws {
        try await Bench.withPlans { bench in
            let id = try await bench.plan(["1 + 1", "2 + 2"], mode: "interactive")
            #expect(try await bench.run(id).waitReason == .approval)
            _ = try await bench.conversations.interrupt("plan:\(id)")
            _ = try await bench.client().wait(for: 1, of: "plan:\(id)", after: 0) { _ in }
            #expect(try await bench.state(id) == ["cancelled", "1 failed", "2 skipped"])
        }
    }

    @Test func thousandsOfStepsBytesAndBracesAreOnlyValues() async throws {
        try await Bench.withPlans { bench in
            let long = String(repeating: "1+", count: 200) + "1"
            let many = Array(repeating: long, count: 200)
            let id = try await bench.plan(many, mode: "parallel", steps: 200)
            #expect(try await bench.run(id).status == .succeeded)
            #expect(try await bench.state(id).first == "completed")
            let next = try await bench.plan([
                [
                    "agent": "Writer", "arguments": ["task": "{{braces}}step_9}} <b> 'x' \"\\ {{braces}}"],
                    "description": "%s {{x}}",
                ]
            ])
            #expect(try await bench.run(next).reply?.hasSuffix("echo {{step_9}} <b> 'x' \"\\ {{") == true)
        }
    }

    // MARK: The tool

    @Test func anyAgentKeepsAPlanOfItsTurn() async throws {
        try await Bench.withPlans { bench in
            let summary = try await bench.client().send(.message("keep this"), to: "c", agent: "keeper") { _ in }
            #expect(summary.reply == "The plan is running: 1 of 2 steps are completed.")
            let row = try #require(try await bench.reports.planReport().first)
            #expect(row["task"] == "keep this" && row["made_by"] == "keeper" && row["turn"] == "c/1")
            #expect(try await bench.state(1) == ["cancelled", "1 completed", "2 skipped"])
            #expect(
                try await bench.conversations.planSummary(1) == """
                    Task: keep this
                    Steps:
                      1. [completed] look
                      2. [skipped] think (depends on: step_1)
                    """
            )
            let events = try await bench.conversations.events(of: "c", after: 0).filter { $0.type == "plan_updated" }
            #expect(events.map(\.data) == [["plan": 1, "revision": 1, "state": "running", "steps": 2, "completed": 1]])
            // Another turn has another plan.
            _ = try await bench.client().send(.message("keep that"), to: "c", agent: "keeper") { _ in }
            #expect(try await bench.text("SELECT count(*)::text AS text FROM agentctl.plan") == "2")
        }
    }

    @Test func aStepThatCannotBeIsReportedToTheModelAndNothingIsStored() async throws {
        try await Bench.withPlans { bench in
            let summary = try await bench.client().send(.message("wrong"), to: "c", agent: "keeper") { _ in }
            #expect(summary.reply == "Error: there is no step 5; the plan has 0")
            #expect(try await bench.text("SELECT count(*)::text AS text FROM agentctl.plan") == "0")
            let events = try await bench.conversations.events(of: "c", after: 0).map(\.type)
            #expect(!events.contains("plan_updated"))
        }
    }

    @Test func onlyATurnThatRunsHasItsPlanChanged() async throws {
        try await Bench.withPlans { bench in
            _ = try await bench.client().send(.message("keep this"), to: "c", agent: "keeper") { _ in }
            for call in ["'c', 1", "'c', 2", "'none', 1"] {
                let error = await #expect(throws: PostgresError.self) {
                    try await bench.client.query(
                        PostgresStatement("SELECT agentctl.update_plan(\(call), '[{\"description\": \"x\"}]')")
                    )
                }
                #expect(error?.sqlState == "AC003")
            }
        }
    }
}
