import Definitions
import JSON
import Testing

@testable import Orchestration

/// Plans that templates make, to the letter.
struct TaskPlannerTests {
    private static let templates: [JSONValue] = [
        [
            "name": "read-config", "description": "Reads the configuration.",
            "when": ["read (?:the )?config(?:uration)?(?: from (?<path>\\S+))?"], "context": ["path": "config.yaml"],
            "steps": [
                [
                    "tool": "file_read", "arguments": ["path": "{{path}}"], "description": "Read the configuration",
                ]
            ],
            "recover": [
                [
                    "tool": "file_read", "error": "not_found",
                    "steps": [
                        [
                            "name": "found", "tool": "search", "arguments": ["pattern": "{{arguments.path}}"],
                            "find": "^(?<path>[^:]+):", "description": "Search for {{arguments.path}}",
                        ]
                    ],
                    "arguments": ["path": "{{steps.found.path}}"], "description": "Read what was found",
                ]
            ],
        ],
        [
            "name": "run-tests", "description": "Runs the tests.", "when": ["run (?:the )?tests", "test it"],
            "context": ["command": "pytest"],
            "steps": [
                [
                    "tool": "run_tests", "arguments": ["command": "{{command}}"],
                    "description": "Run the tests: {{command}}",
                ]
            ],
        ],
        [
            "name": "report", "description": "Reports.", "when": ["report to (?<to>\\w+)", "report"],
            "context": ["to": .null, "limit": 3],
            "steps": [
                [
                    "name": "facts", "function": "collect", "arguments": ["n": "{{limit}}"],
                    "description": "Collect facts",
                ],
                [
                    "agent": "Writer", "arguments": ["task": "Write to {{to}}: {{steps.facts}}"],
                    "description": "Write the report",
                ],
                ["capabilities": ["post"], "description": "Post it", "after": ["facts"]],
            ],
        ],
    ]

    private func planner() throws -> TaskPlanner {
        var read: [PlanTemplate] = []
        for template in Self.templates { read.append(try PlanTemplate(template)) }
        return TaskPlanner(templates: read)
    }

    @Test func twoClausesMakeTwoStepsThatWaitForNoOther() throws {
        let plan = try planner().plan("Read config and run tests", context: ["command": "pytest tests/"])
        #expect(
            plan.summary == """
                Task: Read config and run tests
                Steps:
                  1. [pending] file_read - Read the configuration
                  2. [pending] run_tests - Run the tests: pytest tests/
                """
        )
        #expect(plan.steps[0].arguments == ["path": "config.yaml"])
        #expect(plan.steps[1].arguments == ["command": "pytest tests/"])
    }

    @Test func thenMakesADependencyAndAStepComesAfterWhatItUses() throws {
        let plan = try planner().plan("read config, run tests then report to ada and test it", context: [:])
        #expect(
            plan.summary == """
                Task: read config, run tests then report to ada and test it
                Steps:
                  1. [pending] file_read - Read the configuration
                  2. [pending] run_tests - Run the tests: pytest
                  3. [pending] collect - Collect facts (depends on: step_1, step_2)
                  4. [pending] Writer - Write the report (depends on: step_3)
                  5. [pending] post - Post it (depends on: step_3)
                  6. [pending] run_tests - Run the tests: pytest (depends on: step_1, step_2)
                """
        )
        #expect(plan.steps[2].arguments == ["n": 3])
        #expect(plan.steps[3].arguments == ["task": "Write to ada: {{step_3}}"])
    }

    @Test func theClauseSaysMoreThanTheContextAndTheContextMoreThanTheTemplate() throws {
        func path(_ task: String, _ context: JSONObject) throws -> JSONValue? {
            try planner().plan(task, context: context).steps[0].arguments["path"]
        }
        #expect(try path("read config", [:]) == "config.yaml")
        #expect(try path("read config", ["path": "b.yaml"]) == "b.yaml")
        #expect(try path("Read the configuration from c.yaml", ["path": "b.yaml"]) == "c.yaml")
    }

    @Test func whatIsPutInRefersToNothing() throws {
        let plan = try planner().plan("read config and run tests", context: ["command": "echo {{step_1}} {{x}}"])
        #expect(plan.steps[1].arguments == ["command": "echo {{braces}}step_1}} {{braces}}x}}"])
        #expect(plan.steps[1].after == [] && plan.steps[1].description == "Run the tests: echo {{step_1}} {{x}}")
        var executor = AgenticExecutor(PlanRun(plan, mode: .parallel))
        executor.advance()
        #expect(executor.running[1].arguments == ["command": "echo {{step_1}} {{x}}"])
    }

    @Test func recoveriesKeepWhatIsKnownOnlyWhenAStepHasFailed() throws {
        let plan = try planner().plan("read config and read config from x", context: [:])
        #expect(plan.recoveries.count == 1)
        #expect(plan.recoveries[0].json == Self.templates[0]["recover"]?[0])
    }

    @Test(arguments: [
        ("Paint the house", "Paint the house", []),
        ("read config and rum tests", "rum tests", ["run-tests"]),
        ("read config then show configuration files", "show configuration files", ["read-config"]),
    ])
    func withoutATemplateTheClauseIsNamedAndTheNearestTemplates(
        _ task: String,
        _ clause: String,
        _ nearest: [String]
    ) throws {
        let planner = try planner()
        let error = #expect(throws: PlanningError.self) { try planner.plan(task) }
        #expect(error?.code == .noPlan && error?.clause == clause && error?.nearest == nearest)
        let names = nearest.isEmpty ? "" : "; nearest: \(nearest.joined(separator: ", "))"
        #expect(error?.message == "no plan template fits \"\(clause)\"\(names)")
    }

    @Test func aValueThatNobodySaysIsNamed() throws {
        let planner = try planner()
        let error = #expect(throws: PlanningError.self) { try planner.plan("report") }
        #expect(error?.code == .missingContext)
        #expect(error?.message == "the plan template \"report\" needs a value for \"to\"")
    }

    // MARK: Hostile values

    @Test func aPatternThatRunsAwayGivesUpAndIsNamed() throws {
        let template = try PlanTemplate(["name": "bad", "when": ["(a+)+b"], "steps": []])
        let error = #expect(throws: PlanningError.self) {
            try TaskPlanner(templates: [template]).plan(String(repeating: "a", count: 5_000))
        }
        #expect(error?.code == .limitExceeded && error?.message.contains("\"bad\" gave up") == true)
    }

    @Test func contextsThatMakeTooMuchAreRefused() throws {
        let steps: [JSONValue] = Array(
            repeating: ["tool": "t", "arguments": ["a": "{{x}}{{x}}{{x}}{{x}}{{x}}"], "description": "d"],
            count: 1
        )
        let template = try PlanTemplate([
            "name": "big", "when": ["go"], "context": ["x": .null], "steps": .array(steps),
        ])
        let error = #expect(throws: PlanningError.self) {
            try TaskPlanner(templates: [template]).plan(
                "go",
                context: ["x": .string(String(repeating: "x", count: 1 << 20))]
            )
        }
        #expect(error?.code == .invalid && error?.message.contains("more than 4194304 bytes") == true)
    }

    @Test func aPlanHasAtMostTwoHundredSteps() throws {
        let step: JSONValue = ["tool": "t", "description": "d"]
        let template = try PlanTemplate(
            ["name": "many", "when": ["go"], "steps": .array(Array(repeating: step, count: 50))]
        )
        let planner = TaskPlanner(templates: [template])
        #expect(try planner.plan("go, go, go, go").steps.count == 200)
        let error = #expect(throws: PlanningError.self) { try planner.plan("go, go, go, go, go") }
        #expect(error?.code == .tooLarge)
    }

    @Test func patternsThatDoNotCompileAreMistakesWithTheirPlaces() throws {
        let document: JSONValue = [
            "name": "x", "when": ["fine", "(open"],
            "steps": [["tool": "t", "description": "d", "find": "[a"]],
            "recover": [["tool": "t", "steps": [["tool": "t", "description": "d", "find": "*"]]]],
        ]
        #expect(
            PlanTemplate.problems(in: document).map(\.path) == ["when[1]", "steps[0].find", "recover[0].steps[0].find"]
        )
        #expect(throws: PlanningError.self) { try PlanTemplate(document) }
    }
}
