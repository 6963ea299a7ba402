import JSON
import TestSupport
import Testing

import struct FoundationEssentials.UUID

@testable import Conversation
@testable import Definitions
@testable import Tools

@Suite struct PipelineTests {
    private static let others: [String: ToolDefinition] = {
        let tools = [
            ToolDefinition(name: "calculate", versionID: 1, implementation: "calculator"),
            ToolDefinition(name: "read", versionID: 2, implementation: "file_read"),
            ToolDefinition(name: "write", versionID: 3, implementation: "file_write"),
            ToolDefinition(name: "find", versionID: 4, implementation: "search"),
        ]
        return Dictionary(uniqueKeysWithValues: tools.map { ($0.name, $0) })
    }()

    private func pipeline(_ steps: JSONValue, among more: [ToolDefinition] = [], name: String = "p") throws -> any Tool
    {
        let others = more.reduce(into: Self.others) { $0[$1.name] = $1 }
        let definition = ToolDefinition(
            name: name,
            versionID: 9,
            implementation: "pipeline",
            inputSchema: ["type": "object"],
            steps: steps
        )
        return try ToolFactory().tool(for: definition, among: others)
    }

    private func run(
        _ steps: JSONValue,
        _ arguments: JSONValue = [:],
        in fixture: WorkspaceFixture? = nil,
        recorder: CallRecorder = CallRecorder()
    ) async throws -> ToolOutput {
        let context = ToolContext(
            callID: "c1",
            services: ToolServices(workspace: fixture?.workspace),
            recorder: recorder
        )
        return try await pipeline(steps).call(arguments, in: context)
    }

    private func problems(_ steps: JSONValue, among more: [ToolDefinition] = []) -> [String] {
        do throws(any Error) {
            _ = try pipeline(steps, among: more)
            return []
        } catch {
            return (error as? ToolError)?.problems.map(\.description) ?? ["\(error)"]
        }
    }

    /// A rule that is about a tool is about it as a step as well, and one about the pipeline about all of its steps.
    @Test func theRulesOfAStepHold() async throws {
        try await WorkspaceFixture.with { fixture in
            for name in ["a", "b", "c"] { try fixture.write("text of \(name)", to: name) }
            var context = ToolContext(callID: "c1", services: ToolServices(workspace: fixture.workspace))
            context.pathRules = PathRules([[PathRules.Rule(.denied, [try GlobPattern("a")])]])
            let ofReading = PathRules([[PathRules.Rule(.denied, [try GlobPattern("b")])]])
            context.pathRulesOfStep = { tool, arguments in
                tool.specification.name == "read" && arguments["path"] != nil ? ofReading : PathRules()
            }
            for (name, isDenied) in [("a", true), ("b", true), ("c", false)] {
                let steps: JSONValue = [["tool": "read", "arguments": ["path": "{{input.path}}"]]]
                let inner = ToolDefinition(
                    name: "inner",
                    versionID: 5,
                    implementation: "pipeline",
                    inputSchema: ["type": "object"],
                    steps: steps
                )
                let outer: JSONValue = [["tool": "inner", "arguments": ["path": "{{input.path}}"]]]
                for pipeline in [try pipeline(steps), try pipeline(outer, among: [inner])] {
                    do throws(ToolError) {
                        let text = try await pipeline.call(["path": .string(name)], in: context).text
                        #expect(!isDenied && text == "text of \(name)")
                    } catch {
                        #expect(isDenied && error.code == .denied && error.message.contains("denies it"), "\(error)")
                    }
                }
            }
        }
    }

    @Test func handsResultsOn() async throws {
        try await WorkspaceFixture.with { fixture in
            try fixture.write("x TODO 1\ny\nTODO 2\n", to: "a.txt")
            let output = try await run(
                [
                    [
                        "name": "found", "tool": "find",
                        "arguments": ["pattern": "{{input.what}}", "limit": "{{input.limit}}"], "select": "/matches",
                    ],
                    [
                        "tool": "write",
                        "arguments": [
                            "path": "out/{{input.what}}.txt",
                            "content": "{{steps.found.0.line}}: {{steps.found.1.text}} {{previous}}",
                        ],
                    ],
                    ["tool": "read", "arguments": ["path": "{{previous.path}}"]],
                ],
                ["what": "TODO"],
                in: fixture
            )
            let matches = #"[{"path":"a.txt","line":1,"text":"x TODO 1"},{"path":"a.txt","line":3,"text":"TODO 2"}]"#
            #expect(output.text == "1: TODO 2 \(matches)")
        }
    }

    @Test func wholeReferencesKeepTheirType() async throws {
        try await WorkspaceFixture.with { fixture in
            try fixture.write("1\n2\n3\n", to: "f")
            let steps: JSONValue = [
                ["tool": "read", "arguments": ["path": "f", "offset": "{{input.from}}", "limit": "{{ input.limit }}"]]
            ]
            #expect(try await run(steps, ["from": 2], in: fixture).text.hasPrefix("2\n3\n"))
            let error = await #expect(throws: ToolError.self) { try await run(steps, ["from": "2"], in: fixture) }
            #expect(error?.code == .invalidArguments)
        }
    }

    @Test func stopsAtTheFirstFailureAndTellsHowFarItCame() async throws {
        try await WorkspaceFixture.with { fixture in
            let error = await #expect(throws: ToolError.self) {
                try await run(
                    [
                        ["name": "sum", "tool": "calculate", "arguments": ["expression": "1 + 1"]],
                        ["tool": "read", "arguments": ["path": "missing"]],
                        ["tool": "write", "arguments": ["path": "never", "content": "x"]],
                    ],
                    in: fixture
                )
            }
            #expect(
                error
                    == ToolError(
                        .notFound,
                        "Step 2 of 3 (read) failed: \"missing\" does not exist in the workspace.\n"
                            + "The steps before it were done, and gave:\n- sum: 2"
                    )
            )
            #expect(fixture.status(of: "never") == nil)
        }
    }

    @Test(
        arguments: [
            ("{{input.go}}", ["go": true], true), ("{{input.go}}", ["go": 0], false), ("{{input.go}}", [:], false),
            ("{{input.go}}", ["go": ""], false), ("{{input.go}}", ["go": [:]], false),
            ("{{input.go}}", ["go": [1]], true),
            ("not {{input.go}}", ["go": nil], true), ("not {{input.go}}", ["go": 0.5], false),
            ("{{steps.1}}", [:], true),
        ] as [(String, JSONValue, Bool)]
    )
    func conditions(when: String, input: JSONValue, isRun: Bool) async throws {
        let output = try await run(
            [
                ["tool": "calculate", "arguments": ["expression": "1"]],
                ["tool": "calculate", "arguments": ["expression": "2"], "when": .string(when)],
            ],
            input
        )
        #expect(output.text == (isRun ? "2" : "1"))
    }

    /// Neither an argument nor a result can bring references of its own.
    @Test func whatIsPutInIsNotReadAgain() async throws {
        try await WorkspaceFixture.with { fixture in
            try fixture.write("{{input.secret}} {{steps.1}}", to: "f")
            let output = try await run(
                [
                    ["tool": "read", "arguments": ["path": "f"]],
                    ["tool": "write", "arguments": ["path": "g", "content": "<{{previous}}|{{input.text}}>"]],
                    ["tool": "read", "arguments": ["path": "g"]],
                ],
                ["secret": "s", "text": "{{input.secret}}"],
                in: fixture
            )
            #expect(output.text == "<{{input.secret}} {{steps.1}}|{{input.secret}}>")
        }
    }

    @Test func argumentsThatGrowAreCutOff() async throws {
        let many = JSONValue.string(String(repeating: "{{input.x}}", count: 4_000))
        let list = JSONValue.array(Array(repeating: "{{input.x}}", count: 4_000))
        let large: JSONValue = ["x": .string(String(repeating: "a", count: 900_000))]
        for expression in [many, list] {
            let steps: JSONValue = [["tool": "calculate", "arguments": ["expression": expression]]]
            let error = await #expect(throws: ToolError.self) { try await run(steps, large) }
            #expect(error?.message.contains("more than 1048576 bytes") == true)
        }
    }

    @Test func mistakesAreFoundBeforeAnythingRuns() {
        #expect(problems([]) == ["steps: a pipeline has 1 to 32 steps"])
        #expect(problems([["tool": "reed"]]) == ["steps[0].tool: there is no tool \"reed\""])
        #expect(problems([["tool": "p"]]) == ["steps[0].tool: the pipeline calls itself: p → p"])
        #expect(
            problems([["tool": "read", "arguments": ["path": "{{steps.later}}"]], ["name": "later", "tool": "read"]])
                .first?.contains("no step before this one") == true
        )
        #expect(
            problems([["tool": "read", "arguments": ["path": "{{previous}}"]]]).first?.contains(
                "no step before the first"
            ) == true
        )
        #expect(
            problems([["name": "a", "tool": "read"], ["name": "a", "tool": "read"]]) == [
                "steps[1].name: another step has this name"
            ]
        )
        for text in ["{{x}}", "{{input..y}}", "{{}}", "{{input", "{{steps}}", "{{input.a b}}"] {
            #expect(problems([["tool": "read", "arguments": ["path": .string(text)]]]).count == 1, "\(text)")
        }
        #expect(problems([["tool": "read", "when": "input.x"]]) == ["steps[0].when: expected {{…}} or not {{…}}"])
        #expect(problems([["tool": "read", "select": "a"]]).first?.hasPrefix("steps[0].select") == true)
        #expect(problems([["tool": "read", "argments": [:]]]).first?.contains("did you mean \"arguments\"") == true)
    }

    @Test func cyclesAndDepthsAreRefused() throws {
        func row(_ name: String, _ next: String) -> ToolDefinition {
            ToolDefinition(name: name, versionID: 1, implementation: "pipeline", steps: [["tool": .string(next)]])
        }
        let cycle = problems([["tool": "q"]], among: [row("q", "r"), row("r", "p"), row("p", "q")])
        #expect(cycle == ["steps[0].tool: the pipeline calls itself: p → q → r → p"])
        let inner = problems([["tool": "q"]], among: [row("q", "r"), row("r", "q")])
        #expect(inner == ["steps[0].tool: the pipeline calls itself: p → q → r → q"])
        let chain = (0..<20).map { row("q\($0)", $0 == 19 ? "calculate" : "q\($0 + 1)") }
        #expect(
            problems([["tool": "q0"]], among: chain) == [
                "steps[0].tool: pipelines stand within pipelines more than 8 deep"
            ]
        )
        let short = chain.suffix(5).map { $0 }
        #expect(problems([["tool": "q15"]], among: short) == [])
        // A lattice has more ways through it than anybody could go.
        let lattice = (0..<7).map { level in
            ToolDefinition(
                name: "l\(level)",
                versionID: 1,
                implementation: "pipeline",
                steps: .array((0..<32).map { _ in ["tool": level == 6 ? "calculate" : .string("l\(level + 1)")] })
            )
        }
        #expect(problems([["tool": "l0"]], among: lattice) == [])
    }

    @Test func theEffectIsTheStrongestOfTheSteps() throws {
        #expect(try pipeline([["tool": "calculate"]]).effect == .pure)
        let once = ToolDefinition(
            name: "once",
            versionID: 1,
            implementation: "file_write",
            configuration: ["append": false]
        )
        #expect(try pipeline([["tool": "calculate"], ["tool": "once"]], among: [once]).effect == .idempotent)
        #expect(try pipeline([["tool": "once"], ["tool": "write"]], among: [once]).effect == .unsafe)
    }

    @Test func refusalsAreRecordedWithTheCall() async throws {
        try await WorkspaceFixture.with { fixture in
            let recorder = CallRecorder()
            await #expect(throws: ToolError.self) {
                try await run(
                    [["tool": "read", "arguments": ["path": "../secret.txt"]]],
                    in: fixture,
                    recorder: recorder
                )
            }
            #expect(
                recorder.drain().events == [
                    SecurityEventRecord(.deniedPath, tool: "read", detail: "../secret.txt", callID: "c1")
                ]
            )
        }
    }

    @Test func eachStepHasAKeyOfItsOwn() throws {
        let key = UUID()
        let keys = (0..<32).map { PipelineTool.key(key, step: $0) }
        #expect(Set(keys).count == 32 && !keys.contains(key))
        #expect(keys == (0..<32).map { PipelineTool.key(key, step: $0) })
        #expect(PipelineTool.key(UUID(), step: 0) != keys[0])
    }
}
