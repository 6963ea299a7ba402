import Conversation
import JSON
import Logging
import Models
import Postgres
import TestSupport
import Testing
import Tools

@testable import Engine

/// The engine inside a program that has tools and providers of its own.
@Suite struct EmbeddingTests {
    /// The program of docs/embedding.md, which sees nothing but public declarations.
    private static let program: String = {
        let folders = AgentctlProcess.executable.split(separator: "/").dropLast()
        return folders.map { "/\($0)" }.joined() + "/Embedding"
    }()

    @Test func aProgramRunsItsOwnToolAndProvider() async throws {
        try await withDatabase { url in
            let result = try await AgentctlProcess(program: [Self.program], [url]).result()
            #expect(result.status == 0, "\(result.errors)")
            let lines = result.output.split(separator: "\n").map { $0.split(separator: " ", maxSplits: 1).last ?? "" }
            #expect(
                lines == [
                    "turn_started How many lamps are left?", "message ", "tool_call_requested ", "tool_started ",
                    "tool_finished 3", "message We have 3.", "turn_complete ",
                ]
            )
            // What it leaves is the same as of every worker.
            try await withBench(url: url) { bench in
                let stored = try await bench.texts(
                    """
                    SELECT concat_ws(' ', s.kind, s.provider, c.tool, c.state, c.result) AS text
                    FROM agentctl.step AS s
                    LEFT JOIN agentctl.tool_call AS c ON c.step_number = s.number
                    ORDER BY s.number
                    """
                )
                #expect(stored == ["model_call shop.clerk", "tool_round stock succeeded 3", "model_call shop.clerk"])
            }
        }
    }

    private static let tools = [
        ToolImplementation("test.echo", effect: .pure, parameters: [.required("text", .any, "What to say.")]) {
            arguments,
            context throws(ToolError) in
            ToolOutput("\(context.conversationID): \(arguments["text"]?.stringValue ?? "")")
        },
        ToolImplementation("test.store", parameters: [.required("text", .any, "What to store.")]) {
            arguments,
            _,
            connection throws(ToolError) in
            let text = arguments["text"]?.stringValue ?? ""
            do {
                try await connection.query("INSERT INTO public.note (text) VALUES ($1)", [.text(text)])
            } catch {
                throw ToolError(.failed, "It is stored already.")
            }
            return ToolOutput("stored")
        },
    ]

    /// An agent that calls the tool `t` with the message as arguments.
    private static func documents(provider: String = "rules", implementation: String) -> JSONValue {
        var model: JSONObject = ["kind": "model", "name": "m", "provider": .string(provider)]
        if provider == "rules" {
            let call: JSONValue = ["tool": "t", "arguments": ["text": "$1"]]
            model["rules"] = [["when": "(.+)", "call": call, "then": "{{result}}"]]
        }
        return [
            .object(model),
            ["kind": "tool", "name": "t", "implementation": .string(implementation), "description": "A tool."],
            ["kind": "agent", "name": "a", "model": "m", "tools": ["t"]],
        ]
    }

    private func send(_ text: String, by engine: AgentEngine) async throws -> TurnSummary {
        try await engine.send(.message(text), to: "c", agent: "a")
    }

    /// Runs a test with an engine that has the tools of this suite.
    private func withEngine(
        _ documents: JSONValue,
        _ body: (Bench, AgentEngine) async throws -> Void
    ) async throws {
        try await withBench { bench in
            let engine = try AgentEngine(
                database: bench.client,
                tools: Self.tools,
                providers: [
                    ModelProviderImplementation("test.model") { model throws(ModelError) in
                        throw ModelError(.configuration, "\(model.name) is not to be made")
                    }
                ],
                environment: [:],
                logger: .silent
            )
            try await engine.register(documents.arrayValue ?? [])
            let result: Result<Void, any Error>
            do { result = .success(try await body(bench, engine)) } catch { result = .failure(error) }
            await engine.shutdown()
            try result.get()
        }
    }

    @Test func aToolOfAProgramKnowsItsConversation() async throws {
        try await withEngine(Self.documents(implementation: "test.echo")) { _, engine in
            let summary = try await send("hello", by: engine)
            #expect(summary.reply == "c: hello")
        }
    }

    @Test func aToolOfAProgramWritesInTheTransactionOfItsResult() async throws {
        try await withEngine(Self.documents(implementation: "test.store")) { bench, engine in
            try await bench.client.withConnection {
                try await $0.executeScript("CREATE TABLE public.note (text text PRIMARY KEY)")
            }
            #expect(try await send("once", by: engine).reply == "stored")
            #expect(try await send("once", by: engine).reply == "Error: It is stored already.")
            let effects = try await bench.texts("SELECT effect::text AS text FROM agentctl.tool_call ORDER BY seq")
            #expect(effects == ["sql", "sql"])
            #expect(try await bench.texts("SELECT text FROM public.note") == ["once"])
        }
    }

    @Test(
        arguments: [
            (
                "rules", "test.ecko",
                #"agent "a": the tool "t" cannot be used: implementation: this program has no implementation "#
                    + #""test.ecko"; did you mean "test.echo"?"#
            ),
            (
                "rules", "somewhere.else",
                #"agent "a": the tool "t" cannot be used: implementation: this program has no implementation "#
                    + #""somewhere.else""#
            ),
            (
                "test.modle", "test.echo",
                #"agent "a": the model "m" cannot be used: provider: this program has no implementation "#
                    + #""test.modle"; did you mean "test.model"?"#
            ),
        ]
    )
    func aWorkerWithoutTheImplementationLeavesTheMessage(provider: String, tool: String, message: String) async throws {
        try await withEngine(Self.documents(provider: provider, implementation: tool)) { _, engine in
            let summary = try await send("hello", by: engine)
            #expect(summary.status == .waiting)
            #expect(summary.errorCode == TurnSummary.unservedCode)
            let missing = provider == "rules" ? tool : provider
            #expect(summary.errorMessage?.hasSuffix("; no worker runs; this process has not \(missing)") == true)
            // Whoever builds it nevertheless hears of the nearest name.
            let error = await #expect(throws: AgentError.self) { try await engine.registry.agent(named: "a", epoch: 0) }
            #expect(error?.message == message)
        }
    }

    /// The rule for names is given twice: in SQL for documents, in Swift for programs.
    @Test(
        arguments: [
            ("shop.stock", true), ("a.b-c.d_2", true), (String(repeating: "a", count: 126) + ".b", true),
            (String(repeating: "a", count: 127) + ".b", false), ("stock", false), (".stock", false), ("shop.", false),
            ("shop..stock", false), ("shop.-", false), ("shop. stock", false), ("läden.x", false), ("", false),
        ]
    )
    func aProgramsNamesHaveADot(name: String, isName: Bool) async throws {
        try await withBench { bench in
            let documents = Self.documents(implementation: name).arrayValue ?? []
            let model: JSONValue = ["kind": "model", "name": "n", "provider": .string(name)]
            let mistakes = try await bench.definitions.problems(in: documents + [model])
            #expect(mistakes.map(\.path) == (isName ? [] : ["implementation", "provider"]))
            let tool = ToolImplementation(name, effect: .pure) { _, _ throws(ToolError) in ToolOutput("") }
            func engine() throws(ToolError) -> AgentEngine {
                try AgentEngine(database: bench.client, tools: [tool], environment: [:], logger: .silent)
            }
            if isName {
                await (try engine()).shutdown()
            } else {
                #expect(throws: ToolError.self) { try engine() }
            }
        }
    }

    @Test func aProgramGivesANameOnce() async throws {
        try await withBench { bench in
            let error = #expect(throws: ToolError.self) {
                try AgentEngine(database: bench.client, tools: Self.tools + Self.tools, logger: .silent)
            }
            #expect(error?.message == "there are two implementations named \"test.echo\"")
        }
    }

    @Test func eventsAreFollowedFromANumberOn() async throws {
        try await withEngine(Self.documents(implementation: "test.echo")) { _, engine in
            _ = try await send("one", by: engine)
            let seen = try await engine.events(of: "c").first { $0.type == "turn_complete" }
            let last = try #require(seen?.number)
            async let next = engine.events(of: "c", after: last).first { $0.type == "turn_complete" }
            let second = try await engine.submit(.message("two"), to: "c")
            _ = try await engine.client.settle(second, of: "c")
            #expect(try await next?.seq == second)
        }
    }
}
