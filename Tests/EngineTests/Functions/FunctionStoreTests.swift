import JSON
import Postgres
import Sandbox
import TestSupport
import Testing

@testable import Definitions
@testable import Engine
@testable import Functions
@testable import Store
@testable import Tools

@Suite struct FunctionStoreTests {
    private static let add: JSONObject = [
        "name": "add",
        "source": "def add(left: int, right: int = 2) -> int:\n    print('adding')\n    return left + right\n",
        "input_schema": [
            "type": "object", "properties": ["left": ["type": "integer"], "right": ["type": "integer"]],
            "required": ["left"],
        ],
        "output_schema": ["type": "integer", "maximum": 10],
        "examples": [
            ["arguments": ["left": 3], "result": 5], ["arguments": ["left": 3, "right": 3], "result": 6],
            ["arguments": ["left": 9, "right": 3], "error": "output_invalid"],
        ],
    ]

    private func merged(_ object: JSONObject, _ others: JSONObject) -> JSONObject {
        others.reduce(into: object) { $0[$1.key] = $1.value }
    }

    @Test func everyCallIsARow() async throws {
        try await withFunctions { bench in
            try await bench.store(Self.add)
            let outcome = try await bench.run("add", ["left": 40, "right": -38])
            #expect(outcome.exitReason == .ok && outcome.result == 2)
            let failed = try await bench.run("add", ["left": "x"])
            #expect(failed.exitReason == .error && failed.errorType == "invalid_arguments")
            let rows = try await bench.base.texts(
                """
                SELECT concat_ws('|', function, version, language, arguments, caller, exit_reason, result, error_type, output,
                                 cpu_ms > 0, peak_memory_bytes > 1000000, duration_ms >= 0, called_by = current_user) AS text
                FROM agentctl.function_call ORDER BY started_at
                """
            )
            #expect(
                rows == [
                    "add|1|python|{\"left\":40,\"right\":-38}|command|ok|2|adding\n|t|t|t|t",
                    "add|1|python|{\"left\":\"x\"}|command|error|invalid_arguments||t|t",
                ]
            )
            let metrics = try await bench.base.texts(
                "SELECT concat_ws('|', function, calls, ok, error, success_rate) AS text FROM agentctl.function_metrics"
            )
            #expect(metrics == ["add|2|1|1|0.5000"])
            let filtered = try await bench.base.reports.functionMetrics(.init(since: .ago(.seconds(60))))
            #expect(filtered.first?["calls"] == 2 && filtered.first?["p50_ms"] != nil)
        }
    }

    @Test func theExamplesAreItsTests() async throws {
        try await withFunctions { bench in
            try await bench.store(Self.add)
            #expect(try await bench.functions.test("add").map(\.failure) == [nil, nil, nil])
            try await bench.store(merged(Self.add, ["source": "def add(left, right=2):\n    return left * right\n"]))
            #expect(
                try await bench.functions.test("add").map(\.failure)
                    == [
                        "returned 6, expected 5", "returned 9, expected 6", nil,
                    ]
            )
        }
    }

    @Test func theSameSourceIsANoOpAndVersionsStay() async throws {
        try await withFunctions { bench in
            #expect(try await bench.store(Self.add).isChanged)
            #expect(try await bench.store(Self.add).isChanged == false)
            let second = merged(Self.add, ["source": "def add(left, right=3):\n    return left + right\n"])
            #expect(try await bench.store(second).version == 2)
            #expect(try await bench.run("add", ["left": 1]).result == 4)
            let first = try await bench.functions.execute("add", version: 1, arguments: ["left": 1])
            #expect(first.outcome.result == 3 && first.function.version == 1)
            let missing = await #expect(throws: StoreError.self) { try await bench.run("ad") }
            #expect(missing?.code == .notFound && missing?.hint == "Did you mean add?")
        }
    }

    @Test func whatIsWrongWithASourceHasItsPlace() async throws {
        try await withFunctions { bench in
            func problems(_ members: JSONObject) async -> [String] {
                let document = merged(Self.add, merged(["kind": "function"], members))
                return await bench.functions.review(.object(document)).problems.map(\.description)
            }
            let syntax = await problems(["source": "def add(left):\n    return left +\n"])
            #expect(syntax.count == 1 && syntax[0].hasPrefix("source:2:"), "\(syntax)")
            let entry = await problems(["source": "def other(left):\n    return left\n"])
            #expect(entry.count == 1 && entry[0].contains("add"), "\(entry)")
            let imports = await problems(["source": "import os\ndef add(left, right=1):\n    return left\n"])
            #expect(imports.count == 1 && imports[0].hasPrefix("source:1:") && imports[0].contains("os"), "\(imports)")
            let construct = await problems(["source": "def add(left, right=1):\n    return eval('left')\n"])
            #expect(construct.count == 1 && construct[0].hasPrefix("source:2:"), "\(construct)")
            #expect(await problems(["is_async": true]) == ["is_async: is true, and add is a plain def"])
            #expect(
                await problems(["source": "\ndef add(left, rigth, third):\n    return 1\n"]) == [
                    "source:2:1: the parameter rigth is not a property of input_schema; did you mean right?",
                    "source:2:1: the parameter third is not a property of input_schema; add it, or give it a default",
                    "input_schema.properties.right: is not a parameter of add; did you mean rigth?",
                ]
            )
            #expect(
                await problems(["source": "def add(left, right):\n    return 1\n"]) == [
                    "source:1:1: the parameter right has no default, and input_schema does not require it"
                ]
            )
            #expect(
                await problems(["requires_context": true]) == [
                    "source:1:1: requires_context is true, and there is no parameter context"
                ]
            )
            #expect(
                await problems(["examples": [["arguments": ["left": true], "result": 11]]]).map {
                    String($0.prefix(21))
                } == [
                    "examples[0].arguments", "examples[0].result: t",
                ]
            )
            let refused = await #expect(throws: StoreError.self) {
                try await bench.store(["name": "x", "source": "def x(:"])
            }
            #expect(refused?.code == .invalid)
            let names = try await bench.base.definitions.functionNames()
            #expect(names == [])
        }
    }

    @Test func whatIsWrongWithAStatementHasItsPlace() async throws {
        try await withFunctions { bench in
            try await bench.base.client.query("CREATE TABLE public.orders (id integer)")
            func review(_ source: String, _ members: JSONObject = [:]) async -> FunctionReview {
                let document = merged(
                    ["kind": "function", "name": "f", "language": "sql", "source": .string(source)],
                    members
                )
                return await bench.functions.review(.object(document))
            }
            #expect(
                await review("SELECT 1\n  FORM x").problems.map(\.description) == [
                    "source:2:8: syntax error at or near \"x\""
                ]
            )
            #expect(
                await review("SELECT\n :id, naem FROM orders").problems.map(\.description) == [
                    "source:2:2: input_schema has no property \"id\""
                ]
            )
            let schema: JSONValue = ["type": "object", "properties": ["id": ["type": "integer"]]]
            #expect(
                await review("SELECT\n :id, naem FROM orders", ["input_schema": schema]).problems.map(\.description)
                    == [
                        "source:2:7: column \"naem\" does not exist"
                    ]
            )
            #expect(
                await review(
                    "INSERT INTO order VALUES (:id)",
                    ["input_schema": schema, "effect": "sql", "read_only": false]
                )
                .problems.map(\.description) == ["source:1:13: syntax error at or near \"order\""]
            )
            let later = await review("SELECT * FROM orders")
            #expect(later.problems == [])
            #expect(later.warnings.first?.contains("permission denied for table orders") == true)
        }
    }

    @Test func theContextIsGivenWithTheSecretsThatWereGranted() async throws {
        try await withFunctions(secrets: ["API_KEY": "s3cret-value", "OTHER": "not-granted"]) { bench in
            let schema: JSONValue = ["type": "object", "properties": ["mode": ["type": "string"]]]
            try await bench.store([
                "name": "peek", "requires_context": true, "secrets": ["API_KEY"], "input_schema": schema,
                "source": """
                def peek(context, mode=""):
                    key = context["secrets"]["API_KEY"]
                    print("key", key)
                    if mode == "fail":
                        raise ValueError("bad " + key)
                    return {"keys": sorted(context["secrets"]), "length": len(key), key: [key + "!"], "agent": context["agent"]}
                """,
            ])
            let outcome = try await bench.run("peek")
            let hidden: JSONValue = "[secret API_KEY]!"
            #expect(
                outcome.result == ["keys": ["API_KEY"], "length": 12, "[secret API_KEY]": [hidden], "agent": ""]
            )
            let failed = try await bench.run("peek", ["mode": "fail"])
            #expect(failed.errorMessage == "bad [secret API_KEY]")
            let leaks = try await bench.base.text(
                "SELECT count(*)::text AS text FROM agentctl.function_call AS c WHERE c::text LIKE '%s3cret%'"
            )
            #expect(leaks == "0")
            #expect(
                try await bench.base.text("SELECT output AS text FROM agentctl.function_call LIMIT 1")
                    == "key [secret API_KEY]\n"
            )
        }
        try await withFunctions { bench in
            try await bench.store([
                "name": "peek", "requires_context": true, "secrets": ["API_KEY"],
                "source": "def peek(context):\n    return 1",
            ])
            #expect(try await bench.run("peek").errorType == "secret_missing")
        }
    }

    @Test func itEndsAsTheKernelMakesItEnd() async throws {
        try await withFunctions { bench in
            try await bench.store(["name": "spin", "timeout": 0.3, "source": "def spin():\n    while True: pass"])
            let spun = try await bench.run("spin")
            #expect(spun.exitReason == .timeout && spun.errorMessage?.contains("0.3 seconds") == true, "\(spun)")
            try await bench.store([
                "name": "grow", "memory_limit": 32, "source": "def grow():\n    return len(bytearray(1 << 30))",
            ])
            #expect(try await bench.run("grow").exitReason == .memory)
            try await bench.store([
                "name": "sneak", "safe_mode": false, "allowed_imports": ["os"],
                "source": "def sneak():\n    import os\n    return os.fork()",
            ])
            let denied = try await bench.run("sneak")
            #expect(denied.exitReason != .ok && !denied.violations.isEmpty, "\(denied)")
            let events = try await bench.base.texts(
                """
                SELECT concat_ws('|', e.kind, e.source, e.tool, c.function) AS text FROM agentctl.security_events AS e
                JOIN agentctl.function_call AS c ON c.id = e.function_call_id
                """
            )
            #expect(events == Array(repeating: "system_call|kernel|sneak|sneak", count: denied.violations.count))
        }
    }

    @Test func aRowThatNobodyLookedAtIsLookedAtByItsFirstCall() async throws {
        try await withFunctions { bench in
            try await bench.base.register(
                #"{"kind": "function", "name": "f", "source": "import os\ndef f(): return 1"}"#
            )
            let outcome = try await bench.run("f")
            #expect(outcome.exitReason == .error && outcome.errorType == "invalid_source")
            #expect(outcome.errorMessage?.hasPrefix("line 1, column") == true)
        }
    }

    @Test func withoutASandboxNothingRuns() async throws {
        try await withBench { bench in
            let functions = FunctionStore(
                definitions: bench.definitions,
                work: bench.work,
                queries: bench.queries,
                services: ToolServices(queries: bench.queries)
            )
            let document: JSONValue = ["kind": "function", "name": "f", "source": "def f():\n    return 1"]
            let review = await functions.review(document)
            #expect(review.problems == [] && review.warnings.first?.hasPrefix("its source was not checked") == true)
            _ = try await functions.store(document)
            let outcome = try await functions.execute("f", arguments: [:]).outcome
            #expect(outcome.exitReason == .denied && outcome.errorType == "sandbox_unavailable")
        }
    }

    @Test func statementsAreCalledWithTheirArguments() async throws {
        try await withFunctions { bench in
            try await bench.base.client.withConnection { connection in
                try await connection.executeScript(
                    """
                    CREATE TABLE public.orders (id integer PRIMARY KEY, customer text);
                    INSERT INTO public.orders VALUES (1, 'ada'), (2, 'bob');
                    GRANT SELECT, INSERT ON public.orders TO agentctl_query;
                    """
                )
            }
            let schema: JSONValue = [
                "type": "object",
                "properties": ["id": ["type": "integer"], "customer": ["type": "string"], "ids": ["type": "array"]],
            ]
            try await bench.store([
                "name": "find", "language": "sql", "input_schema": schema,
                "source":
                    "SELECT id, customer FROM orders\nWHERE id = :id OR id IN (SELECT jsonb_array_elements(:ids)::int);",
            ])
            #expect(try await bench.run("find", ["id": 1.0]).result == [["id": 1, "customer": "ada"]])
            #expect(try await bench.run("find", ["ids": [2]]).result == [["id": 2, "customer": "bob"]])
            try await bench.store([
                "name": "place", "language": "sql", "input_schema": schema, "effect": "sql", "read_only": false,
                "source": "INSERT INTO orders VALUES (:id, :customer)",
            ])
            #expect(try await bench.run("place", ["id": 3, "customer": "x'); DROP TABLE orders; --"]).result == [])
            let twice = try await bench.run("place", ["id": 3, "customer": "eve"])
            #expect(twice.exitReason == .error && twice.errorType == "23505")
            #expect(
                try await bench.base.text("SELECT customer AS text FROM public.orders WHERE id = 3")
                    == "x'); DROP TABLE orders; --"
            )
            let denied = try await bench.base.register(
                #"{"kind": "function", "name": "peek", "language": "sql", "source": "SELECT * FROM agentctl.message"}"#
            )
            #expect(denied.first?.isChanged == true)
            #expect(try await bench.run("peek").exitReason == .denied)
            let events = try await bench.base.texts(
                "SELECT kind || ' ' || source || ' ' || tool AS text FROM agentctl.security_events"
            )
            #expect(events == ["denied_statement service peek"])
        }
    }

    @Test func whatCannotBeCompiledHasNotPassed() async throws {
        try await withFunctions { bench in
            var broken = merged(Self.add, ["kind": "function"])
            broken["input_schema"] = ["type": "object", "properties": 7]
            let results = try #require(await bench.functions.rehearse(.object(broken)))
            #expect(results.count == 3 && results.allSatisfy { $0.failure != nil }, "\(results)")
        }
    }
}
