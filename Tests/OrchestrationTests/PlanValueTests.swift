import JSON
import Testing

@testable import Orchestration

/// What clauses and callers say to templates of plans.
struct PlanValueTests {
    private func plan(_ task: String, _ context: JSONObject = [:]) throws -> [String] {
        let templates: [JSONValue] = [
            [
                "name": "read", "when": ["read (?<what>.+)"],
                "steps": [["tool": "file_read", "arguments": ["path": "{{what}}"], "description": "read {{what}}"]],
            ],
            [
                "name": "run", "when": ["run tests(?: with (?<command>.+))?"], "context": ["command": "pytest"],
                "steps": [
                    ["tool": "run_tests", "arguments": ["command": "{{command}}"], "description": "test {{command}}"]
                ],
            ],
            [
                "name": "copy", "when": ["copy (?<from>\\w+) and (?<to>\\w+)"],
                "steps": [["tool": "copy", "arguments": ["a": "{{from}}"], "description": "copy {{from}} {{to}}"]],
            ],
        ]
        var read: [PlanTemplate] = []
        for template in templates { read.append(try PlanTemplate(template)) }
        return try TaskPlanner(templates: read).plan(task, context: context).steps.map(\.description)
    }

    @Test(arguments: [
        ("read a and b and run tests", ["read a and b", "test pytest"]),
        ("run tests with pytest -x and read config", ["test pytest -x", "read config"]),
        ("run tests with a, b and c", ["test a, b and c"]),
        ("read a and read b then run tests with c and d", ["read a", "read b", "test c and d"]),
        ("copy a and b and read c", ["copy a b", "read c"]),
    ])
    func aValueDoesNotReachOverAPlaceWhereAnotherClauseBegins(_ task: String, _ steps: [String]) throws {
        #expect(try plan(task) == steps)
    }

    @Test func aValueThatNoTemplateTakesIsRefused() throws {
        #expect(try plan("run tests", ["command": "make"]) == ["test make"])
        let error = #expect(throws: PlanningError.self) { try plan("run tests", ["comand": "make"]) }
        #expect(error?.code == .unknownContext)
        #expect(error?.message == #"no plan template takes a value "comand"; did you mean "command"?"#)
    }
}
