import Glibc
import JSON
import TestSupport
import Testing

struct FunctionsTests {
    private let add = """
        kind: function
        name: add
        description: Adds.
        source: |
          def add(left: int, right: int = 2):
              print("adding")
              return left + right
        input_schema: {type: object, properties: {left: {type: integer}, right: {type: integer}}, required: [left]}
        examples:
          - {arguments: {left: 1}, result: 3}
        ---
        kind: function
        name: shout
        source: "def shout(text): return text.upper()"
        input_schema: {type: object, properties: {text: {type: string}}, required: [text]}
        ---
        kind: function
        name: numbers
        language: sql
        source: |
          SELECT n FROM generate_series(1, :last) AS n
        input_schema: {type: object, properties: {last: {type: integer}}, required: [last]}
        examples:
          - {arguments: {last: 2}, result: [{n: 1}, {n: 2}]}
        """

    @Test func aFunctionIsCalledByHandResultOnStdoutWhatItPrintsOnStderr() async throws {
        try await withDatabase(template: .seeded) { url in
            #expect(try await agentctl("register", "-", url: url, input: add).status == 0)
            let sum = try await agentctl("functions", "run", "add", #"{"left": 40}"#, url: url)
            #expect(sum.output == "42\n" && sum.errors == "adding\n" && sum.status == 0, "\(sum)")
            let text = try await agentctl("functions", "run", "shout", "-", url: url, input: #"{"text": "hé"}"#)
            #expect(text.output == "HÉ\n", "\(text)")
            let rows = try await agentctl("functions", "run", "numbers", #"{"last": 2}"#, "--json", url: url)
            #expect(try rows.json["result"] == [["n": 1], ["n": 2]])
            #expect(try rows.json["exit_reason"] == "ok")

            let failed = try await agentctl("functions", "run", "add", #"{"left": 1, "right": null}"#, url: url)
            #expect(failed.status == 2 && failed.errors.contains("do not fit input_schema"), "\(failed)")
            #expect(try await agentctl("functions", "run", "add", "{", url: url).status == 2)
            #expect(try await agentctl("functions", "run", "add", "[]", url: url).status == 2)
            let missing = try await agentctl("functions", "run", "ad", url: url)
            #expect(missing.status == 4 && missing.errors.contains("Did you mean add?"))

            let metrics = try await agentctl("metrics", "--functions", "--json", url: url)
            let calls = try metrics.json.arrayValue?.map {
                ["\($0["function"]?.stringValue ?? "")", "\($0["calls"] ?? nil)"]
            }
            #expect(calls == [["add", "2"], ["numbers", "1"], ["shout", "1"]])
        }
    }

    @Test func examplesAreRunAndOneThatIsDifferentEndsWith1() async throws {
        try await withDatabase(template: .seeded) { url in
            #expect(try await agentctl("register", "-", url: url, input: add).status == 0)
            let passed = try await agentctl("functions", "test", url: url)
            #expect(passed.status == 0 && passed.errors.contains("2 of 2 examples passed"), "\(passed)")
            let changed = add.replacing("left + right", with: "left - right")
            #expect(try await agentctl("register", "-", url: url, input: changed).status == 0)
            let failed = try await agentctl("functions", "test", "add", url: url)
            #expect(failed.status == 1)
            #expect(failed.output == "failed  add v2 example 1: returned -1, expected 3\n", "\(failed)")
            let results = try await agentctl("functions", "test", "--json", url: url)
            #expect(try results.json.arrayValue?.map { $0["passed"] } == [false, true])
            #expect(try await agentctl("functions", "test", "nothing", url: url).status == 4)
        }
    }

    @Test func versionsAreComparedAndListedOneInUseStaysInForce() async throws {
        try await withDatabase(template: .seeded) { url in
            #expect(try await agentctl("register", "-", url: url, input: add).status == 0)
            #expect(try await agentctl("functions", "diff", "add", url: url).status == 4)
            let changed = add.replacing("left + right", with: "right + left").replacing("Adds.", with: "Sums.")
            #expect(try await agentctl("register", "-", url: url, input: changed).status == 0)
            let diff = try await agentctl("functions", "diff", "add", url: url)
            #expect(
                diff.output == """
                    description: "Adds." -> "Sums."
                    --- add v1
                    +++ add v2
                    @@ -1,3 +1,3 @@
                     def add(left: int, right: int = 2):
                         print("adding")
                    -    return left + right
                    +    return right + left

                    """,
                "\(diff)"
            )
            let back = try await agentctl("functions", "diff", "add", "2", "1", "--json", url: url)
            #expect(try back.json["changes"] == [["field": "description", "from": "Sums.", "to": "Adds."]])
            let history = try await agentctl("functions", "history", "add", "--json", url: url)
            #expect(try history.json.arrayValue?.map { $0["in_force"] } == [true, false])
            #expect(try await agentctl("functions", "history", "x", url: url).status == 4)

            let agent = "kind: agent\nname: clerk\nmodel: offline\nfunctions: [add]\n"
            #expect(try await agentctl("register", "-", url: url, input: agent).status == 0)
            let used = try await agentctl("functions", "rm", "add", url: url)
            #expect(used.status == 3 && used.errors.contains("is used by agent clerk"), "\(used)")
            #expect(
                try await agentctl("functions", "rm", "shout", url: url).output == "function shout (out of force)\n"
            )
            #expect(try await agentctl("functions", "rm", "shout", url: url).status == 4)
            let list = try await agentctl("functions", "list", "--json", url: url)
            #expect(try list.json.arrayValue?.compactMap { $0["name"]?.stringValue } == ["add", "numbers"])
            let shown = try await agentctl("functions", "show", "add", url: url)
            let again = try await agentctl("register", "-", url: url, input: shown.output)
            #expect(again.output == "function add v2 (unchanged)\n", "\(shown.output)")
        }
    }

    @Test func whatIsWrongWithASourceIsToldWithItsPlaceInTheFile() async throws {
        try await withDatabase(template: .seeded) { url in
            let files = [
                "a.yaml": """
                kind: function
                name: broken
                source: |
                  import os

                  def broken(a):
                      return eval(a)
                input_schema: {type: object, properties: {a: {}}, required: [a]}
                ---
                kind: function
                name: query
                language: sql
                source: |

                  SELECT 1
                    FORM x
                ---
                kind: function
                name: quoted
                language: sql
                source: "SELECT :missing"
                is_async: false
                ---
                kind: function
                name: late
                is_async: true
                source: |2
                    def late():
                      return (
                """
            ]
            try await withFiles(files) { directory in
                let result = try await agentctl("register", "a.yaml", "--json", url: url, in: directory)
                #expect(result.status == 3)
                let failure = try JSONValue(parsing: String(result.errors.split(separator: "\n").last ?? ""))
                let problems = failure["error"]?["problems"]?.arrayValue ?? []
                let places = problems.map { "\($0["line"] ?? nil):\($0["column"] ?? nil)" }
                #expect(places.count == 5, "\(result.errors)")
                #expect(places.first == "4:3" || places.first == "4:10", "\(places)")
                #expect(places.dropFirst().first?.hasPrefix("7:") == true, "\(places)")
                #expect(places.contains("16:10"), "\(places)")
                #expect(
                    problems.map { $0["problem"]?.stringValue ?? "" }.contains {
                        $0.hasSuffix("(line 1, column 8 of it)")
                    }
                )
                #expect(try await agentctl("functions", "list", "--json", url: url).json == [])
            }
        }
    }

    private let exact = """
        kind: function
        name: same
        source: "def same(x): return x"
        input_schema: {type: object, properties: {x: {}}, required: [x]}
        ---
        kind: function
        name: large
        source: "def large(): return 2 ** 70"
        ---
        kind: function
        name: amounts
        language: sql
        source: "SELECT 12345678901234567890.123 AS large, 2.50 AS price"
        ---
        kind: function
        name: slow
        source: |
          import time

          def slow():
              open("begun", "w").close()
              time.sleep(600)
        safe_mode: false
        allowed_imports: [time]
        workspace: writable
        effect: unsafe
        timeout: 600
        ---
        kind: function
        name: slow_statement
        language: sql
        source: "SELECT pg_sleep(600)"
        timeout: 600
        """

    @Test func numbersKeepTheirDigitsOrAreRefused() async throws {
        try await withDatabase(template: .seeded) { url in
            #expect(try await agentctl("register", "-", url: url, input: exact).status == 0)
            let rows = #"[{"large":12345678901234567890.123,"price":2.50}]"#
            #expect(try await agentctl("functions", "run", "amounts", url: url).output == rows + "\n")
            #expect(try await agentctl("functions", "run", "amounts", "--json", url: url).json["text"] == .string(rows))
            let stored = "SELECT DISTINCT result::text FROM agentctl.function_call WHERE function = 'amounts'"
            #expect(try await psql(url, stored).contains("12345678901234567890.123"))

            let large = try await agentctl("functions", "run", "large", url: url)
            #expect(large.status == 1 && large.output.isEmpty && large.errors.contains("beyond 64 bits"), "\(large)")
            let refused = try await agentctl("functions", "run", "same", #"{"x": [9223372036854775808]}"#, url: url)
            #expect(refused.status == 2 && refused.errors.contains("beyond 64 bits"), "\(refused)")
            let kept = try await agentctl("functions", "run", "same", #"{"x": 9223372036854775807}"#, url: url)
            #expect(kept.output == "9223372036854775807\n", "\(kept)")
        }
    }

    @Test func whatAFunctionReturnsAndIsGivenIsNotAltered() async throws {
        try await withDatabase(template: .seeded) { url in
            #expect(try await agentctl("register", "-", url: url, input: exact).status == 0)
            let text = try await agentctl("functions", "run", "same", #"{"x": "a\r\nb\u001b\u0085"}"#, url: url)
            #expect(text.output.unicodeScalars.elementsEqual("a\r\nb\u{1B}\u{85}\n".unicodeScalars), "\(text)")
            let result = try await AgentctlProcess(
                ["functions", "run", "same", "-"],
                environment: ["DATABASE_URL": url],
                bytes: Array(#"{"x": ""#.utf8) + [0xFF, 0xFE] + Array(#""}"#.utf8)
            ).result()
            #expect(result.status == 3 && result.errors.contains("not text in UTF-8"), "\(result)")
        }
    }

    @Test(arguments: ["slow", "slow_statement"])
    func ctrlCStopsAFunctionAndTheCallIsARowAllTheSame(function: String) async throws {
        try await withDatabase(template: .seeded) { url in
            #expect(try await agentctl("register", "-", url: url, input: exact).status == 0)
            try await withFiles([:]) { directory in
                // Code runs as nobody, if the tests run as root.
                if geteuid() == 0 { #expect(chown(directory, 65_534, 65_534) == 0) }
                let call = try AgentctlProcess(
                    ["functions", "run", function, "--workspace", directory],
                    environment: ["DATABASE_URL": url]
                )
                let sleeping =
                    "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND datname = current_database()"
                try await eventually("the call") {
                    if access("\(directory)/begun", F_OK) == 0 { return true }
                    return try await psql(url, sleeping) == "1"
                }
                call.send(2)
                let result = try await call.result()
                #expect(result.status == 130 && result.output.isEmpty, "\(result)")
                #expect(result.errors.hasPrefix("interrupted"), "\(result.errors)")
                let rows = try await psql(url, "SELECT function, exit_reason FROM agentctl.function_call")
                #expect(rows == "\(function)|killed")
            }
        }
    }
}
