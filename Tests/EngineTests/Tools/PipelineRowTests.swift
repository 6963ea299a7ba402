import JSON
import TestSupport
import Testing

@testable import Conversation
@testable import Definitions
@testable import Engine
@testable import Store
@testable import Tools

/// Pipelines as rows.
@Suite struct PipelineRowTests {
    /// Rows name each other in the database, and an agent gets all of them.
    @Test func agentsHaveTheToolsOfTheirPipelines() async throws {
        try await withBench { bench in
            try await bench.register(
                """
                [{"kind": "model", "name": "offline", "provider": "rules", "rules": [
                    {"when": "double (\\\\d+)", "call": {"tool": "quadruple", "arguments": {"x": "$1"}}, "then": "{{result}}"},
                    {"otherwise": "no"}]},
                 {"kind": "tool", "name": "calculator", "description": "Calculates.", "implementation": "calculator"},
                 {"kind": "tool", "name": "double", "description": "Doubles.", "implementation": "pipeline",
                  "input_schema": {"type": "object", "properties": {"x": {}}},
                  "steps": [{"tool": "calculator", "arguments": {"expression": "{{input.x}} * 2"}}]},
                 {"kind": "tool", "name": "quadruple", "description": "Doubles twice.", "implementation": "pipeline",
                  "input_schema": {"type": "object", "properties": {"x": {}}},
                  "steps": [{"tool": "double", "arguments": {"x": "{{input.x}}"}, "name": "once"},
                            {"tool": "double", "arguments": {"x": "{{steps.once}}"}}]},
                 {"kind": "agent", "name": "assistant", "model": "offline", "tools": ["quadruple"]}]
                """
            )
            let agent = try await bench.registry.agent(named: "assistant", epoch: 0)
            #expect(agent.tools.specifications.map(\.name) == ["quadruple"])
            // Rules know the tools of steps by them.
            #expect(agent.toolImplementations["double"] == "pipeline")
            #expect(agent.toolImplementations["calculator"] == "calculator")
            let result = await agent.tools.call(
                ToolCallRequest(id: "1", name: "quadruple", arguments: #"{"x": 21}"#),
                in: ToolContext()
            )
            #expect(result.output.text == "84")
            #expect(agent.tools.tool(named: "quadruple")?.effect == .pure)
        }
    }

    @Test func rowsThatAreRefused() async throws {
        try await withBench { bench in
            func mistakes(_ document: String) async throws -> [String] {
                try await bench.definitions.problems(in: [try JSONValue(parsing: document)]).map {
                    "\($0.path) \($0.problem)"
                }
            }
            let head = #""kind": "tool", "name": "p", "description": "d""#
            #expect(try await mistakes("{\(head), \"implementation\": \"pipeline\"}") == ["steps is missing"])
            #expect(
                try await mistakes("{\(head), \"implementation\": \"calculator\", \"steps\": [{\"tool\": \"p\"}]}")
                    .contains("steps is for pipelines only")
            )
            let unknown = try await mistakes(
                "{\(head), \"implementation\": \"pipeline\", \"steps\": [{\"tool\": \"zz\"}]}"
            )
            #expect(unknown == [#"steps[0].tool is "zz", which is not registered"#])
        }
    }
}
