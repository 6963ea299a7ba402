import Engine
import JSON
import Postgres
import Store
import Testing

@testable import Definitions

/// What the database itself says of functions, whoever registers.
@Suite struct FunctionDocumentTests {
    private static let hello = #"{"kind": "function", "name": "hello", "source": "def hello(): return 1"}"#

    @Test func defaultsAreFilledInAndTheSameContentIsANoOp() async throws {
        try await withBench { bench in
            let first = try #require(try await bench.register(Self.hello).first)
            let again = try #require(try await bench.register(Self.hello).first)
            #expect(first.isChanged && !again.isChanged && again.version == 1)
            let row = try await bench.text(
                """
                SELECT concat_ws(' ', language, timeout, memory_limit, safe_mode, effect, read_only, cardinality(allowed_imports),
                                 input_schema) AS text FROM agentctl.functions
                """
            )
            #expect(
                row == #"python 30 512 t pure t 15 {"type": "object", "properties": {}, "additionalProperties": false}"#
            )
        }
    }

    @Test(arguments: [
        (#""name": "class""#, "name"), (#""name": "a-b""#, "name"), (#""effect": "sql""#, "effect"),
        (#""language": "sql", "effect": "unsafe""#, "effect"), (#""language": "sql", "read_only": false"#, "read_only"),
        (#""read_only": false"#, "read_only"), (#""language": "sql", "workspace": "writable""#, "workspace"),
        (#""language": "sql", "is_async": true"#, "is_async"), (#""secrets": ["KEY"]"#, "secrets"),
        (#""input_schema": {"type": "array"}"#, "input_schema"), (#""input_schema": true"#, "input_schema"),
        (
            #""requires_context": true, "input_schema": {"type": "object", "properties": {"context": {}}}"#,
            "input_schema"
        ),
        (#""examples": [{"result": null, "error": "x"}]"#, "examples[0]"), (#""memory_limit": 0"#, "memory_limit"),
        (#""allowed_imports": ["os; rm"]"#, "allowed_imports[0]"), (#""languag": "sql""#, "languag"),
    ])
    func whatDoesNotGoTogetherIsRefused(_ members: String, _ path: String) async throws {
        try await withBench { bench in
            let document = try JSONValue(parsing: "{\(members)}")
            var whole: JSONObject = ["kind": "function", "name": "f", "source": "x"]
            for member in document.objectValue ?? [:] { whole[member.key] = member.value }
            let problems = try await bench.definitions.problems(in: [.object(whole)])
            #expect(problems.map(\.path) == [path], "\(problems)")
        }
    }

    @Test func aResultOfNothingIsAnExampleLikeAnyOther() async throws {
        try await withBench { bench in
            let document = try JSONValue(
                parsing:
                    #"{"kind": "function", "name": "f", "source": "x", "examples": [{"arguments": {}, "result": null}]}"#
            )
            #expect(try await bench.definitions.problems(in: [document]) == [])
        }
    }

    @Test func anAgentHasNoToolAndFunctionOfOneName() async throws {
        try await withBench { bench in
            try await bench.register(Documents.offline)
            try await bench.register(#"{"kind": "function", "name": "calculator", "source": "x"}"#)
            let agent = try JSONValue(
                parsing: """
                    {"kind": "agent", "name": "a", "model": "offline", "tools": ["calculator"],
                     "functions": ["calculator", "calculator", "calculatr"]}
                    """
            )
            let problems = try await bench.definitions.problems(in: [agent])
            #expect(
                problems.map { "\($0.path) \($0.problem)" } == [
                    "functions[0] is also one of the tools", "functions[1] is also one of the tools",
                    #"functions[2] is "calculatr", which is not registered"#,
                ]
            )
        }
    }

    @Test func theViewsRegister() async throws {
        try await withBench { bench in
            try await bench.register(Documents.offline)
            try await bench.client.query(
                "INSERT INTO agentctl.functions (name, source) VALUES ('f', 'def f(): return 1')"
            )
            try await bench.client.query("UPDATE agentctl.agents SET functions = '{f}' WHERE name = 'assistant'")
            try await bench.client.query("UPDATE agentctl.functions SET timeout = 5 WHERE name = 'f'")
            #expect(try await bench.text("SELECT version::text AS text FROM agentctl.functions") == "2")
            let parts = try #require(try await bench.definitions.agentParts("assistant"))
            #expect(parts.functions.map(\.name) == ["f"] && parts.functions.map(\.version) == [2])
            #expect(parts.tools.map(\.name) == ["calculator"])
        }
    }

    @Test func whatAgentsUseStaysInForce() async throws {
        try await withBench { bench in
            try await bench.register(Documents.offline)
            try await bench.register(Self.hello)
            try await bench.client.query("UPDATE agentctl.agents SET functions = '{hello}'")
            let used = await #expect(throws: StoreError.self) {
                try await bench.definitions.unregister(kind: "function", name: "hello")
            }
            #expect(used?.code == .refused)
            #expect(used?.message == #"function "hello" is used by agent assistant"#)

            try await bench.client.query("UPDATE agentctl.agents SET functions = '{}'")
            try await bench.definitions.unregister(kind: "function", name: "hello")
            #expect(try await bench.definitions.functionNames() == [])
            #expect(try await bench.definitions.function(named: "hello", version: 1)?.version == 1)
            let gone = await #expect(throws: StoreError.self) {
                try await bench.definitions.unregister(kind: "function", name: "hello")
            }
            #expect(gone?.code == .notFound)

            // Neither a new version nor an old one may refer to what is not in force.
            let refused = await #expect(throws: PostgresError.self) {
                try await bench.client.query("UPDATE agentctl.agents SET functions = '{hello}'")
            }
            #expect(refused?.sqlState == "AC001")
            let rolledBack = await #expect(throws: PostgresError.self) {
                try await bench.client.query("SELECT agentctl.publish('assistant', 2)")
            }
            #expect(rolledBack?.sqlState == "AC003")

            try await bench.client.query("SELECT agentctl.publish('hello', 1, 'function')")
            #expect(try await bench.definitions.functionNames() == ["hello"])
        }
    }

    @Test func registeringBringsAFunctionBackWithItsHistory() async throws {
        try await withBench { bench in
            try await bench.register(Self.hello)
            try await bench.definitions.unregister(kind: "function", name: "hello")
            let back = try #require(try await bench.register(Self.hello).first)
            #expect(back.isChanged && back.version == 2)
            #expect(
                try await bench.reports.definitionHistory(kind: "function", name: "hello").map { $0["version"] } == [
                    2, 1,
                ]
            )
        }
    }
}
