import JSON
import Testing

@testable import Conversation
@testable import Engine
@testable import Safety
@testable import Tools

/// A policy is told by the tool what a call does, and knows neither tools nor arguments by their names.
@Suite struct ToolFactsTests {
    /// A tool of somebody else's, whose arguments are called what they like.
    private struct Remote: Tool {
        var specification: ToolSpecification {
            ToolSpecification(name: "remote__do", description: "", inputSchema: JSONText(["type": "object"]))
        }
        var effect: ToolEffect { .unsafe }

        func facts(of arguments: JSONValue) -> ToolFacts {
            var facts = ToolFacts()
            facts.commandLines = arguments["lines"]?.arrayValue?.compactMap(\.stringValue) ?? []
            facts.paths = arguments["file"]?.stringValue.map { [$0] } ?? []
            facts.urls = arguments["endpoint"]?.stringValue.map { [$0] } ?? []
            if let file = facts.paths.first { facts.subject = .path(file) }
            return facts
        }

        func call(_ arguments: JSONValue, in context: ToolContext) async throws(ToolError) -> ToolOutput {
            ToolOutput("")
        }
    }

    private func decide(_ rules: JSONValue, _ tool: any Tool, _ arguments: JSONValue) throws -> SafetyDecision {
        let policy = try SafetyPolicy(documents: [("p", ["rules": rules])])
        return policy.decide(
            ProposedCall(
                tool: tool.specification.name,
                effect: tool.effect,
                arguments: arguments,
                facts: tool.facts(of: arguments),
                agent: "a"
            )
        )
    }

    private static let rules: JSONValue = [
        ["command": ["rm **"], "action": "deny"], ["path": ["secrets/**"], "action": "deny"],
        ["host": ["*.internal.example"], "action": "deny"], ["command": ["ls **"], "action": "allow"],
        ["path": ["src/**"], "action": "allow"], ["host": ["api.example"], "action": "allow"],
    ]

    @Test(
        arguments: [
            (["lines": ["rm -rf x"]], "deny"), (["lines": ["ls", "rm x"]], "deny"),
            (["lines": ["ls", "ls -l"]], "allow"),
            (["lines": ["ls", "make"]], "ask"), (["lines": ["ls", "$X"]], "ask"),
            (["file": "secrets/../secrets/k"], "deny"),
            (["file": "./src/a"], "allow"), (["endpoint": "https://db.internal.example/x"], "deny"),
            (["endpoint": "https://api.example/"], "allow"), (["command": "ls", "path": "src/a"], "ask"), ([:], "ask"),
        ] as [(JSONValue, String)]
    )
    func rulesAboutCommandLinesPathsAndHostsHoldAToolUnderAnotherNameWithOtherArguments(
        arguments: JSONValue,
        expected: String
    ) throws {
        #expect(try decide(Self.rules, Remote(), arguments).action.rawValue == expected)
    }

    @Test func aToolSaysWhatAPersonIsAskedAbout() throws {
        #expect(try decide([], Remote(), ["file": "./a//b", "mode": "w"]).subject == "a/b")
        #expect(try decide([], Remote(), ["x": 1]).subject == #"{"x":1}"#)
    }

    @Test func anAPIsHostIsThatOfItsRow() throws {
        let definition = ToolDefinition(
            name: "api",
            versionID: 1,
            implementation: "http_api",
            inputSchema: ["type": "object", "properties": ["url": ["type": "string"]]],
            configuration: ["url": "https://db.internal.example:8443/{url}"]
        )
        let tool = try ToolFactory().tool(for: definition)
        #expect(try decide(Self.rules, tool, ["url": "https://api.example"]).action == .deny)
    }

    private static let others = Dictionary(
        uniqueKeysWithValues: [
            ToolDefinition(name: "terminal", versionID: 1, implementation: "shell"),
            ToolDefinition(name: "read", versionID: 2, implementation: "file_read"),
        ].map { ($0.name, $0) }
    )

    private func pipeline(_ steps: JSONValue) throws -> any Tool {
        let definition = ToolDefinition(
            name: "p",
            versionID: 9,
            implementation: "pipeline",
            inputSchema: ["type": "object"],
            steps: steps
        )
        return try ToolFactory().tool(for: definition, among: Self.others)
    }

    @Test(
        arguments: [
            ([["tool": "terminal", "arguments": ["command": "rm x"]]], [:], "deny"),
            ([["tool": "terminal", "arguments": ["command": "{{input.line}}"]]], ["line": "rm x"], "deny"),
            ([["tool": "terminal", "arguments": ["command": "ls {{input.x}}"]]], ["x": "; rm x"], "deny"),
            ([["tool": "read", "arguments": ["path": "secrets/{{input.x}}"]]], ["x": "k"], "deny"),
            // What it does besides is not known to be allowed.
            ([["tool": "terminal", "arguments": ["command": "ls"]]], [:], "ask"),
        ] as [(JSONValue, JSONValue, String)]
    )
    func aPipelineIsHeldByWhatItsStepsDo(steps: JSONValue, input: JSONValue, expected: String) throws {
        #expect(try decide(Self.rules, try pipeline(steps), input).action.rawValue == expected)
    }

    @Test func aPipelineWhoseStepRunsWhatAnotherOneReturnedIsNotAllowedAfterARuleThatForbidsCommands() throws {
        let steps: JSONValue = [
            ["tool": "read", "name": "first", "arguments": ["path": "src/a"]],
            ["tool": "terminal", "arguments": ["command": "{{steps.first}}"]],
        ]
        let pipeline = try pipeline(steps)
        let facts = pipeline.facts(of: [:])
        #expect(facts.commandLines == [] && facts.paths == ["src/a"] && facts.unknown == [.commandLine])
        let decision = try decide(
            [["command": ["rm **"], "action": "deny"], ["tool": "p", "action": "allow"]],
            pipeline,
            [:]
        )
        #expect(decision.action == .ask)
        #expect(decision.reason?.contains("another step") == true)
        #expect(try decide([["tool": "p", "action": "allow"]], pipeline, [:]).action == .allow)
    }
}
