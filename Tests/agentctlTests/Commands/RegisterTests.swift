import FoundationEssentials
import JSON
import TestSupport
import Testing

struct RegisterTests {
    private let good = """
        kind: model
        name: m
        provider: rules
        rules: [{otherwise: hello}]
        ---
        kind: agent
        name: a
        model: m
        """

    @Test func theSameContentIsANoOpAChangeIsANewVersion() async throws {
        try await withDatabase(template: .seeded) { url in
            let rehearsed = try await agentctl("register", "-", "--dry-run", url: url, input: good)
            #expect(rehearsed.output == "model m v1 (new)\nagent a v1 (new)\n")
            #expect(try await agentctl("agents", "show", "a", url: url).status == 4)

            let first = try await agentctl("register", "-", url: url, input: good)
            #expect(first.output == "model m v1 (new)\nagent a v1 (new)\n")
            let again = try await agentctl("register", "-", url: url, input: good)
            #expect(again.output == "model m v1 (unchanged)\nagent a v1 (unchanged)\n")
            let changed = try await agentctl("register", "-", "--json", url: url, input: good + "\ntemperature: 0.5\n")
            #expect(
                try changed.json.arrayValue?.map {
                    ["\($0["name"] ?? nil)", "\($0["version"] ?? nil)", "\($0["changed"] ?? nil)"]
                }
                    == [["\"m\"", "1", "false"], ["\"a\"", "2", "true"]]
            )
        }
    }

    @Test func whatAnEmbeddingProgramImplementsIsKnownThere() async throws {
        let documents = """
            {kind: model, name: m, provider: shop.clerk}
            ---
            {kind: tool, name: t, implementation: shop.stock, description: Counts.}
            ---
            {kind: agent, name: a, model: m, tools: [t]}
            """
        try await withDatabase(template: .seeded) { url in
            let result = try await agentctl("register", "-", url: url, input: documents)
            #expect(result.output == "model m v1 (new)\ntool t v1 (new)\nagent a v1 (new)\n", "\(result.errors)")
            let sent = try await agentctl("send", "--conversation", "c", "--agent", "a", "--json", "hello", url: url)
            #expect(sent.status == 6)
            #expect(sent.output.contains(#""error_code":"unserved""#), "\(sent.output)")
            let doctor = try await agentctl("doctor", url: url).output
            #expect(doctor.contains("shop.clerk, of a program that embeds the engine"))
        }
    }

    @Test func aDirectorysFilesAreRegisteredTogetherInOrderOfName() async throws {
        try await withDatabase(template: .seeded) { url in
            let files = [
                "b.json": #"[{"kind": "model", "name": "m", "provider": "rules", "rules": [{"otherwise": "x"}]}]"#,
                "a.yaml": "kind: agent\nname: a\nmodel: m\n", "c.txt": "no document", ".d.yaml": "no document",
            ]
            try await withFiles(files) { directory in
                let result = try await agentctl("register", directory, url: url)
                #expect(result.output == "agent a v1 (new)\nmodel m v1 (new)\n", "\(result.errors)")
            }
        }
    }

    @Test func everythingThatIsWrongIsToldAtOnceWithItsPlaceAndNothingIsStored() async throws {
        try await withDatabase(template: .seeded) { url in
            let before = try await psql(url, "SELECT count(*) FROM agentctl.definition_version")
            let files = [
                "a.yaml": """
                kind: agent
                name: helper
                model: offlin
                tools: [calculater]
                max_iteration: 5
                temperature: hot
                input_schema: {type: objekt}
                ---
                kind: model
                name: r
                provider: rules
                rules:
                  - {when: '(x', say: hi}
                ---
                kind: model
                name: key
                provider: openai
                base_url: https://api.example.com/v1
                model: x
                api_key: sk-secret
                """,
                "b.json":
                    "{\"kind\": \"tool\", \"name\": \"t\",\n \"description\": \"d\", \"implementation\": \"calculator\", \"configuration\": {\"x\": 1}}",
                "c.yml": "kind: agent\nname: x\nname: y\n", "good.yaml": good,
            ]
            try await withFiles(files) { directory in
                let result = try await agentctl("register", ".", url: url, in: directory)
                #expect(result.status == 3 && result.output.isEmpty)
                let lines = result.errors.split(separator: "\n").map(String.init)
                let beginnings = [
                    #"./a.yaml:3:8: agent helper: model is "offlin", which is not registered; did you mean offline?; expected the name of a model"#,
                    #"./a.yaml:4:9: agent helper: tools[0] is "calculater", which is not registered; did you mean calculator?; expected the name of a tool"#,
                    "./a.yaml:5:1: agent helper: max_iteration is unknown; did you mean max_iterations?",
                    "./a.yaml:6:14: agent helper: temperature is a string; expected a number",
                    "./a.yaml:7:22: agent helper: input_schema.type is wrong: expected a type",
                    "./a.yaml:13:12: model r: rules[0].when is wrong: not a pattern",
                    "./a.yaml:20:10: model key: api_key would store a secret; expected api_key_env",
                    "./b.json:2:77: tool t: configuration.x is wrong: unknown member",
                    "./c.yml:2:1: has a key more than once: \"name\"",
                    "error: 9 problems in 3 files; nothing was stored",
                ]
                #expect(lines.count == beginnings.count, "\(result.errors)")
                for (line, beginning) in zip(lines, beginnings) {
                    #expect(line.hasPrefix(beginning))
                }
                #expect(!result.errors.contains("sk-secret"))

                let json = try await agentctl("register", "c.yml", "--json", url: url, in: directory)
                let errors = try JSONValue(parsing: json.errors)
                #expect(errors["error"]?["problems"]?[0]?["line"] == 2)
            }
            #expect(try await psql(url, "SELECT count(*) FROM agentctl.definition_version") == before)
        }
    }

    @Test func aDocumentThatIsShownCanBeRegisteredAgain() async throws {
        try await withDatabase(template: .seeded) { url in
            for (kind, name) in [("agents", "assistant"), ("tools", "calculator"), ("models", "offline")] {
                let shown = try await agentctl(kind, "show", name, url: url)
                let result = try await agentctl("register", "-", url: url, input: shown.output)
                #expect(
                    result.output == "\(kind.dropLast()) \(name) v1 (unchanged)\n",
                    "\(shown.output) \(result.errors)"
                )
            }
        }
    }

    @Test func filesThatAreMissingOrTooLarge() async throws {
        try await withDatabase(template: .seeded) { url in
            let missing = try await agentctl("register", "/nonexistent.yaml", url: url)
            #expect(missing.status == 4 && missing.errors.contains("cannot read /nonexistent.yaml"))
            let large = try await agentctl(
                "register",
                "-",
                url: url,
                input: String(repeating: "#", count: (8 << 20) + 1)
            )
            #expect(large.status == 3 && large.errors.contains("8192 KiB"))
            let empty = try await withTemporaryDirectory { try await agentctl("register", $0, url: url) }
            #expect(empty.status == 4 && empty.errors.contains("there is no document in"))
        }
    }

    @Test func everyExampleOfTheDocumentationCanBeRegistered() async throws {
        let file = #filePath
        let root = String(file[..<(try #require(file.firstRange(of: "/Tests/")).lowerBound)])
        let files = try FileManager.default.subpathsOfDirectory(atPath: root + "/docs").filter { $0.hasSuffix(".md") }
        var examples: [(file: String, text: String)] = []
        for file in ["README.md"] + files.sorted().map({ "docs/\($0)" }) {
            let text = try String(contentsOfFile: "\(root)/\(file)", encoding: .utf8)
            for block in text.split(separator: "```yaml\n", omittingEmptySubsequences: false).dropFirst() {
                let end = try #require(block.firstRange(of: "\n```"))
                examples.append((file, String(block[..<end.lowerBound])))
            }
        }
        #expect(examples.count >= 6)
        try await withDatabase(template: .seeded) { url in
            try await psql(url, "CREATE TABLE public.orders (id bigint, customer text, total numeric, state text)")
            // Roles are the server's, which other tests have as well.
            try await psql(url, "DO $$ BEGIN CREATE ROLE supervisor; EXCEPTION WHEN duplicate_object THEN NULL; END $$")
            for example in examples {
                let result = try await agentctl("register", "-", "--dry-run", url: url, input: example.text)
                #expect(result.status == 0, "\(example.file): \(result.errors)")
            }
        }
    }

    @Test func examplesAreRunWhenThatIsAskedFor() async throws {
        try await withDatabase(template: .seeded) { url in
            let document = """
                kind: function
                name: twice
                source: 'def twice(x): return x + 1'
                input_schema: {type: object, properties: {x: {type: integer}}, required: [x]}
                examples: [{arguments: {x: 1}, result: 2}, {arguments: {x: 2}, result: 4}]
                """
            let refused = try await agentctl("register", "-", "--test", url: url, input: document)
            #expect(refused.status == 3 && refused.errors.contains("examples[1]"), "\(refused.errors)")
            #expect(refused.errors.contains("returned 3, expected 4"), "\(refused.errors)")
            #expect(try await agentctl("functions", "show", "twice", url: url).status == 4)
            let stored = try await agentctl("register", "-", url: url, input: document)
            #expect(stored.status == 0)
            #expect(stored.errors.contains("examples were not run: agentctl functions test twice"), "\(stored.errors)")
            let right = document.replacing("x + 1", with: "x * 2")
            let tested = try await agentctl("register", "-", "--test", url: url, input: right)
            #expect(tested.status == 0 && tested.errors.isEmpty, "\(tested.errors)")
        }
    }

    @Test func aPipelineCallsWhatIsRegisteredOrIsRegisteredWithIt() async throws {
        try await withDatabase(template: .seeded) { url in
            let shown = try await agentctl("tools", "show", "search_report", url: url)
            let again = try await agentctl("register", "-", url: url, input: shown.output)
            #expect(again.output == "tool search_report v1 (unchanged)\n", "\(again.errors)")
            let together = """
                kind: tool
                name: outer
                description: d
                implementation: pipeline
                steps: [{tool: inner}, {function: one}, {tool: calculator, arguments: {expression: '1'}}]
                ---
                kind: tool
                name: inner
                description: d
                implementation: pipeline
                steps: [{function: one}]
                ---
                kind: function
                name: one
                source: 'def one(): return 1'
                """
            let result = try await agentctl("register", "-", url: url, input: together)
            #expect(result.status == 0, "\(result.errors)")
            #expect(try await agentctl("tools", "call", "outer", url: url).output == "1\n")
            let wrong = """
                kind: tool
                name: wrong
                description: d
                implementation: pipeline
                steps: [{tool: serch}, {function: two}, {tool: one}, {function: one}, {tool: inner, when: x}]
                """
            let refused = try await agentctl("register", "-", url: url, input: wrong)
            #expect(
                refused.errors.split(separator: "\n").map { $0.split(separator: ";")[0] } == [
                    #"<stdin>:5:16: tool wrong: steps[0].tool is "serch", which is not registered"#,
                    #"<stdin>:5:35: tool wrong: steps[1].function is "two", which is not registered"#,
                    #"<stdin>:5:48: tool wrong: steps[2].tool is "one", which is not registered"#,
                    "<stdin>:5:65: tool wrong: steps[3].function is wrong: a tool of this name is called, too",
                    "<stdin>:5:91: tool wrong: steps[4].when is wrong: expected {{…}} or not {{…}}",
                    "error: 5 problems",
                ]
            )
        }
    }

    @Test func whatIsWrongWithAFunctionIsToldBesideWhatIsWrongWithItsFields() async throws {
        try await withDatabase(template: .seeded) { url in
            let input = """
                kind: function
                name: f
                source: |
                  import os
                  def f(a, b): return eval("1")
                input_schema: {type: object, properties: {a: {type: integer}, z: {}}, required: [a, zz]}
                effect: purely
                examples:
                  - {arguments: {a: x, zz: 1}, result: 1, error: x}
                ---
                kind: function
                name: g
                source: "def g(): return '\\0'"
                timeout: -1
                """
            let result = try await agentctl("register", "-", url: url, input: input)
            let lines = result.errors.split(separator: "\n").map { String($0) }
            let beginnings = [
                "<stdin>:4:3: function f: source is wrong: import of os is not allowed",
                "<stdin>:5:3: function f: source is wrong: the parameter b is not a property of input_schema",
                "<stdin>:5:23: function f: source is wrong: eval is not allowed in safe mode",
                "<stdin>:6:66: function f: input_schema.properties.z is wrong: is not a parameter of f",
                "<stdin>:6:85: function f: input_schema.required[1] is wrong: zz is neither a property nor a parameter of f",
                "<stdin>:7:9: function f: effect is \"purely\"",
                "<stdin>:9:5: function f: examples[0] has both result and error",
                "<stdin>:13:9: function g: source holds U+0000, which PostgreSQL cannot store",
                "<stdin>:14:10: function g: timeout is -1",
                "error: 9 problems; nothing was stored",
            ]
            #expect(lines.count == beginnings.count, "\(result.errors)")
            for (line, beginning) in zip(lines, beginnings) { #expect(line.hasPrefix(beginning)) }
        }
    }
}
