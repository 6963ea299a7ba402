import Definitions
import Engine
import JSON
import TestSupport
import Testing

@testable import Store

/// What is refused of templates, and where.
@Suite struct PlanDocumentTests {
    private static func document(_ members: String) throws -> JSONValue {
        let base = #"""
            {"kind": "plan", "name": "p", "when": ["calculate (?<what>.+)"],
             "steps": [{"name": "first", "tool": "calculator", "arguments": {"expression": "{{what}}"},
                        "description": "Calculate {{what}}", "find": "(?<digits>[0-9]+)"}]}
            """#
        var object = try JSONValue(parsing: base).objectValue ?? [:]
        for member in try JSONValue(parsing: members).objectValue ?? [:] { object[member.key] = member.value }
        return .object(object)
    }

    @Test(arguments: [
        (#"{"whne": ["x"]}"#, "whne is unknown → when"),
        (#"{"when": []}"#, "when is a list of length 0 → "),
        (
            #"{"steps": [{"tool": "calculatr", "description": "d"}]}"#,
            #"steps[0].tool is "calculatr", which is not registered → calculator"#
        ),
        (
            #"{"steps": [{"agent": "Writr", "description": "d"}]}"#,
            #"steps[0].agent is "Writr", which is not registered → Writer"#
        ),
        (#"{"steps": [{"tool": "calculator"}]}"#, "steps[0].description is missing → "),
        (#"{"steps": [{"tool": "calculator", "description": "a\nb"}]}"#, #"steps[0].description is "a\nb" → "#),
        (#"{"steps": [{"description": "d"}]}"#, "steps[0] names nothing that does it → "),
        (
            #"{"steps": [{"tool": "calculator", "agent": "Writer", "description": "d"}]}"#,
            "steps[0] names several that do it → "
        ),
        (
            #"{"steps": [{"tool": "calculator", "description": "d", "after": ["first"]}]}"#,
            #"steps[0].after[0] is "first", which is no earlier step → "#
        ),
        (
            #"{"steps": [{"name": "one", "tool": "calculator", "description": "d"}, {"tool": "calculator", "description": "d", "after": ["onee"]}]}"#,
            #"steps[1].after[0] is "onee", which is no earlier step → one"#
        ),
        (
            #"{"steps": [{"name": "one", "tool": "calculator", "description": "d"}, {"name": "one", "tool": "calculator", "description": "d"}]}"#,
            #"steps[1].name is "one", as an earlier one → "#
        ),
        (
            #"{"steps": [{"tool": "calculator", "arguments": {"a": ["{{wat}}"]}, "description": "d"}]}"#,
            "steps[0].arguments has {{wat}} → what"
        ),
        (
            #"{"context": {"command": "x"}, "steps": [{"tool": "calculator", "description": "{{comand}}"}]}"#,
            "steps[0].description has {{comand}} → command"
        ),
        (
            #"{"steps": [{"tool": "calculator", "arguments": {"a": "{{what"}, "description": "d"}]}"#,
            "steps[0].arguments has a {{ that is not closed → "
        ),
        (
            #"{"steps": [{"tool": "calculator", "arguments": {"a": "{{error}}"}, "description": "d"}]}"#,
            "steps[0].arguments has {{error}} → "
        ),
        (
            #"{"steps": [{"agent": "Writer", "arguments": {"text": "x"}, "description": "d"}]}"#,
            #"steps[0].arguments is {"text": "x"} → "#
        ),
        (
            #"{"recover": [{"tool": "calculator", "arguments": {"expression": "{{steps.first}}"}}]}"#,
            "recover[0].arguments has {{steps.first}} → "
        ),
        (
            #"{"recover": [{"tool": "calculator", "steps": [{"name": "found", "tool": "calculator", "description": "d", "find": "(?<n>.)"}], "arguments": {"expression": "{{steps.found.m}}"}}]}"#,
            "recover[0].arguments has {{steps.found.m}} → "
        ),
        (
            #"{"recover": [{"tool": "calculator", "steps": [{"name": "found", "tool": "calculator", "description": "d"}], "arguments": {"expression": "{{steps.fond}}"}}]}"#,
            "recover[0].arguments has {{steps.fond}} → steps.found"
        ),
        (#"{"recover": [{"error": "x"}]}"#, "recover[0].tool is missing → "),
    ])
    func aTemplateThatCannotBeIsRefusedWithThePlace(_ members: String, _ told: String) async throws {
        try await Bench.withPlans { bench in
            let mistakes = try await bench.definitions.problems(in: [try Self.document(members)])
            #expect(mistakes.map { "\($0.path) \($0.problem) → \($0.nearest ?? "")" } == [told])
        }
    }

    @Test func aTemplateIsRegisteredAndShownWithItsDefaults() async throws {
        try await Bench.withPlans { bench in
            let recover = #"""
                {"recover": [{"tool": "calculator", "error": "failed", "steps": [
                    {"name": "again", "tool": "calculator", "description": "Try {{arguments.expression}} {{error}} {{what}}",
                     "arguments": {"expression": "1"}, "find": "(?<n>.)"}],
                  "arguments": {"expression": "{{steps.again.n}} {{what}}"}}]}
                """#
            let document = try Self.document(recover)
            #expect(try await bench.definitions.register([document]).map(\.isChanged) == [true])
            let templates = try await bench.reports.planTemplates()
            #expect(templates.map { $0["name"] } == ["p"] && templates[0]["context"] == [:])
            #expect(templates[0]["recover"] == document["recover"])
            // As for every kind, whatever is in force refers only to what is in force.
            let error = await #expect(throws: StoreError.self) {
                _ = try await bench.definitions.unregister(kind: "tool", name: "calculator")
            }
            #expect(error?.code == .refused)
        }
    }
}
