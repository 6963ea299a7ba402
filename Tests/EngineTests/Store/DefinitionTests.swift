import Definitions
import Engine
import JSON
import Postgres
import Store
import TestSupport
import Testing

@Suite struct DefinitionTests {
    @Test func theSameContentIsANoOpAndAChangeIsANewVersion() async throws {
        try await withBench { bench in
            #expect(try await bench.register(Documents.offline).map(\.isChanged) == [true, true, true])
            #expect(try await bench.register(Documents.offline).map(\.isChanged) == [false, false, false])
            let changed = try await bench.register(
                #"{"kind": "agent", "name": "assistant", "model": "offline", "temperature": 0.5}"#
            )
            #expect(changed.map(\.version) == [2])
            let versions = try await bench.texts(
                "SELECT version::text AS text FROM agentctl.definition_version WHERE name = 'assistant' ORDER BY version"
            )
            #expect(versions == ["1", "2"])
        }
    }

    /// An UPDATE of a view registers the row: what has no column would be gone from the document.
    @Test func theViewsOfDefinitionsHaveAColumnForEachField() async throws {
        try await withBench { bench in
            let missing = try await bench.texts(
                """
                SELECT f.kind || ' ' || f.path AS text FROM agentctl.document_field AS f
                CROSS JOIN LATERAL (SELECT CASE f.kind WHEN 'policy' THEN 'policies' ELSE f.kind || 's' END AS name) AS v
                WHERE f.kind IN ('model', 'tool', 'agent', 'function', 'policy', 'guardrail')
                  AND f.path !~ '[.[]' AND f.path <> 'kind'
                  AND NOT EXISTS (SELECT FROM pg_attribute AS a
                      WHERE a.attrelid = to_regclass('agentctl.' || v.name) AND a.attname = f.path)
                ORDER BY 1
                """
            )
            #expect(missing == [])
        }
    }

    @Test func allMistakesAreToldAtOnceAndNothingIsStored() async throws {
        try await withBench { bench in
            let documents = try JSONValue(
                parsing: #"""
                    [{"kind": "tool", "name": "calculator", "description": "x", "implementation": "calculatr"},
                     {"kind": "agent", "nam": "a", "model": "ofline", "tools": ["calculater"], "temperature": 9,
                      "max_iterations": 1.5, "input_schema": 3},
                     {"kind": "agnt"},
                     {"kind": "model", "name": "m", "provider": "rules", "rules": [{"whn": "x", "call": {}}]},
                     {"kind": "model", "name": "offline", "provider": "rules", "rules": [{"otherwise": ""}]}]
                    """#
            )
            let mistakes = try await bench.definitions.problems(in: documents.arrayValue ?? [])
            let told = mistakes.map { "\($0.document) \($0.path) \($0.problem) → \($0.nearest ?? "")" }
            #expect(
                told == [
                    "0 implementation is \"calculatr\" → calculator",
                    "1 input_schema is the number 3 → ",
                    "1 max_iterations is the number 1.5 → ",
                    "1 model is \"ofline\", which is not registered → offline",
                    "1 nam is unknown → name",
                    "1 name is missing → ",
                    "1 temperature is 9 → ",
                    "1 tools[0] is \"calculater\", which is not registered → calculator",
                    "2 kind is \"agnt\" → agent",
                    "3 rules[0] has neither when nor otherwise → ",
                    "3 rules[0].call.tool is missing → ",
                    "3 rules[0].whn is unknown → when",
                ]
            )
            let error = await #expect(throws: StoreError.self) {
                try await bench.definitions.register(documents.arrayValue ?? [])
            }
            #expect(error?.code == .invalid)
            #expect(error?.problems?.arrayValue?.count == told.count)
            #expect(
                try await bench.texts("SELECT name AS text FROM agentctl.definition_version WHERE kind <> 'policy'")
                    == []
            )
        }
    }

    @Test func aRowOfAViewIsADocument() async throws {
        try await withBench { bench in
            try await bench.register(Documents.offline)
            _ = try await bench.client.query("UPDATE agentctl.agents SET temperature = 0.25 WHERE name = 'assistant'")
            _ = try await bench.client.query("INSERT INTO agentctl.agents (name, model) VALUES ('second', 'offline')")
            let rows = try await bench.texts(
                "SELECT format('%s v%s %s', name, version, temperature) AS text FROM agentctl.agents ORDER BY name"
            )
            #expect(rows == ["assistant v2 0.25", "second v1 "])
            let error = await #expect(throws: PostgresError.self) {
                try await bench.client.query("UPDATE agentctl.agents SET temperature = 7 WHERE name = 'assistant'")
            }
            #expect(error?.sqlState == "AC001")
        }
    }

    @Test func versionsCanBePutBackAndNeverChanged() async throws {
        try await withBench { bench in
            try await bench.register(Documents.offline)
            _ = try await bench.client.query("UPDATE agentctl.agents SET temperature = 0.25 WHERE name = 'assistant'")
            _ = try await bench.client.query("SELECT agentctl.rollback('assistant')")
            #expect(
                try await bench.text("SELECT version::text AS text FROM agentctl.agents WHERE name = 'assistant'")
                    == "1"
            )
            _ = try await bench.client.query("SELECT agentctl.publish('assistant', 2)")
            #expect(
                try await bench.text("SELECT version::text AS text FROM agentctl.agents WHERE name = 'assistant'")
                    == "2"
            )
            let error = await #expect(throws: PostgresError.self) {
                try await bench.client.query("UPDATE agentctl.definition_version SET document = '{}'")
            }
            #expect(error?.sqlState == "AC003")
            await #expect(throws: PostgresError.self) {
                try await bench.client.query("DELETE FROM agentctl.definition WHERE name = 'offline'")
            }
        }
    }

    @Test func registeringTheSameNewNameAtOnceMakesOneVersion() async throws {
        try await withBench { bench in
            let changed = try await withThrowingTaskGroup(of: [Registration].self) { group in
                for _ in 0..<8 { group.addTask { try await bench.register(Documents.offline) } }
                return try await group.reduce(into: 0) { $0 += $1.count { $0.isChanged } }
            }
            #expect(changed == 3)
        }
    }

    @Test func aPipelineThatLeadsBackToItselfIsRefused() async throws {
        func row(_ name: String, _ next: String) -> String {
            """
            {"kind": "tool", "name": "\(name)", "description": "d", "implementation": "pipeline",
             "steps": [{"tool": "calculator"}, {"tool": "\(next)"}]}
            """
        }
        try await withBench { bench in
            func problems(_ documents: String...) async throws -> [String] {
                let list = try JSONValue(parsing: "[\(documents.joined(separator: ","))]").arrayValue ?? []
                return try await bench.definitions.problems(in: list).map { "\($0.document) \($0.path) \($0.problem)" }
            }
            try await bench.register(Documents.offline)
            let back = "leads back to the pipeline itself"
            #expect(
                try await problems(row("a", "b"), row("b", "a")) == [
                    "0 steps[1].tool is \"b\", which \(back)", "1 steps[1].tool is \"a\", which \(back)",
                ]
            )
            // What is registered counts as it is, unless it comes with the others.
            try await bench.register(row("a", "calculator"))
            try await bench.register(row("b", "a"))
            #expect(try await problems(row("a", "b")) == ["0 steps[1].tool is \"b\", which \(back)"])
            #expect(try await problems(row("a", "b"), row("b", "calculator")) == [])
            let refused = await #expect(throws: StoreError.self) { try await bench.register(row("a", "b")) }
            #expect(refused?.code == .invalid)

            let chain = (0..<9).map { row("q\($0)", $0 == 8 ? "calculator" : "q\($0 + 1)") }
            #expect(try await problems(chain.dropFirst().joined(separator: ",")) == [])
            let deep = "steps[1].tool is \"q1\", which makes pipelines stand within pipelines more than 8 deep"
            #expect(try await problems(chain.joined(separator: ",")) == ["0 \(deep)"])
        }
    }
}
