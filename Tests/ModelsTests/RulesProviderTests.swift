import JSON
import Synchronization
import Testing

@testable import Conversation
@testable import Definitions
@testable import Models

@Suite struct RulesProviderTests {
    private static let rules: JSONValue = [
        [
            "when": #"(?i)what is ([-+*/().\d\s%of]+)\??"#,
            "call": ["tool": "calculator", "arguments": ["expression": "$1"]],
            "then": "$1 is {{result}}.",
        ],
        [
            "when": "(?i)compare (\\w+/\\w+) and (\\w+/\\w+)",
            "calls": [
                ["tool": "current_time", "arguments": ["time_zone": "$1"]],
                ["tool": "current_time", "arguments": ["time_zone": "$2", "nested": [["$2", 1, true]]]],
            ],
            "then": "{{result.2}} against {{result.1}}",
        ],
        ["when": "(?i)\\btime\\b", "call": ["tool": "current_time"]],
        ["when": "^hello,? ?(\\w+)?", "say": "Hello, $1! You said: {{input}}"],
        ["otherwise": "I can calculate."],
    ]

    private let offered = ["calculator", "current_time"].map { name in
        ToolSpecification(name: name, description: "", inputSchema: JSONText([:]))
    }

    private func provider(_ rules: JSONValue = rules) throws -> any ModelProvider {
        let document: JSONValue = ["provider": "rules", "rules": rules]
        return try RulesProvider(model: try Model(name: "offline", versionID: 1, document: document))
    }

    private func answer(_ messages: [ChatMessage], rules: JSONValue = rules) async throws -> ChatMessage {
        try await provider(rules).respond(to: ModelRequest(messages: messages, tools: offered)).message
    }

    @Test func callsAToolAndSaysItsResult() async throws {
        let question = ChatMessage.user("Hi. What is 15% of 2847?")
        let first = try await provider().respond(to: ModelRequest(messages: [question], tools: offered))
        let call = ToolCallRequest(id: "call_1_1", name: "calculator", arguments: #"{"expression":"15% of 2847"}"#)
        #expect(first.message == .assistant("", toolCalls: [call]))
        #expect(first.finishReason == .toolCalls)

        let conversation = [question, first.message, .tool("427.05", for: call)]
        let second = try await provider().respond(to: ModelRequest(messages: conversation, tools: offered))
        #expect(second.message == .assistant("15% of 2847 is 427.05."))
        #expect(second.finishReason == .stop)
        #expect(second.modelID == "offline")
    }

    /// A text that is a capture and nothing else has the type that the tool wants.
    @Test(
        arguments: [
            (["type": "integer"], "12", "12"), (["type": "integer"], "1.5", #""1.5""#),
            (["type": "number"], "1.5", "1.5"),
            (["type": "number"], "12", "12"), (["type": "string"], "12", #""12""#), ([:], "12", #""12""#),
            (["type": ["integer", "null"]], "12", "12"), (["type": ["integer", "string"]], "12", #""12""#),
            (["type": "boolean"], "true", "true"), (["type": "boolean"], "yes", #""yes""#),
            (["type": "array", "items": ["type": "integer"]], "7", ""),
        ] as [(JSONValue, String, String)]
    )
    func aCaptureBecomesWhatTheToolsSchemaWants(schema: JSONValue, input: String, expected: String) async throws {
        let isList = schema["type"] == "array"
        let rules: JSONValue = [
            ["when": "^(.+)$", "call": ["tool": "t", "arguments": ["x": isList ? ["$1", "n$1"] : "$1"]]]
        ]
        let tool = ToolSpecification(
            name: "t",
            description: "",
            inputSchema: JSONText(["type": "object", "properties": ["x": schema]])
        )
        let request = ModelRequest(messages: [.user(input)], tools: [tool])
        let calls = try await provider(rules).respond(to: request).message.toolCalls
        let wanted = isList ? #"[7,"n7"]"# : expected
        #expect(calls.map(\.arguments) == [#"{"x":\#(wanted)}"#])
    }

    @Test func callsSeveralToolsAtOnce() async throws {
        let question = ChatMessage.user("Compare Asia/Tokyo and Europe/Rome")
        let first = try await answer([.system("S"), question])
        #expect(
            first.toolCalls == [
                ToolCallRequest(id: "call_2_1", name: "current_time", arguments: #"{"time_zone":"Asia/Tokyo"}"#),
                ToolCallRequest(
                    id: "call_2_2",
                    name: "current_time",
                    arguments: #"{"time_zone":"Europe/Rome","nested":[["Europe/Rome",1,true]]}"#
                ),
            ]
        )
        let results = zip(first.toolCalls, ["now", "then"]).map { ChatMessage.tool($1, for: $0) }
        #expect(try await answer([question, first] + results).content == "then against now")
    }

    @Test func saysTheResultWithoutATemplate() async throws {
        let call = ToolCallRequest(id: "1", name: "current_time", arguments: "{}")
        let messages = [ChatMessage.user("time?"), .assistant("", toolCalls: [call]), .tool("noon", for: call)]
        #expect(try await answer(messages).content == "noon")
    }

    @Test(arguments: [
        ("hello Ada", "Hello, Ada! You said: hello Ada"), ("hello", "Hello, ! You said: hello"),
        ("Open the door", "I can calculate."), ("", "I can calculate."),
    ])
    func says(input: String, expected: String) async throws {
        #expect(try await answer([.user("What is 1?"), .assistant("1"), .user(input)]).content == expected)
    }

    @Test func theFirstRuleThatMatchesWins() async throws {
        let answer = try await answer([.user("What is 1 + 1 at this time?")])
        #expect(answer.toolCalls.map(\.name) == ["calculator"])
    }

    @Test func asksForNoToolThatIsNotOffered() async throws {
        let request = ModelRequest(messages: [.user("What is 1?")], tools: [])
        let response = try await provider().respond(to: request)
        #expect(response.message == .assistant("I would need a tool that this agent does not have: \"calculator\"."))
        #expect(response.finishReason == .stop)
    }

    @Test func answersWithoutARuleThatMatches() async throws {
        let answer = try await answer([.user("Hm")], rules: [["when": "x", "say": "y"]])
        #expect(answer.content == "No rule of the model \"offline\" applies to this message.")
    }

    @Test func streamsWords() async throws {
        let deltas = Mutex<[ModelDelta]>([])
        let rules: JSONValue = [["otherwise": "One  two,\nthree "]]
        _ = try await provider(rules).respond(to: ModelRequest(messages: [.user("?")])) { delta in
            deltas.withLock { $0.append(delta) }
        }
        #expect(deltas.withLock { $0 } == [.text("One"), .text("  two,"), .text("\nthree"), .text(" ")])
    }

    @Test func countsFourBytesAsAToken() async throws {
        let request = ModelRequest(messages: [.system("12345678"), .user("123")])
        let response = try await provider([["otherwise": "12345"]]).respond(to: request)
        #expect(response.usage == TokenUsage(input: 3, output: 2, isEstimated: true))
    }

    @Test func stopsWhenCancelled() async throws {
        let provider = try provider()
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try await provider.respond(to: ModelRequest(messages: [.user("hello")]))
        }
        await #expect(throws: ModelError(.cancelled, "the call was cancelled")) { try await task.value }
    }

    @Test func aPatternThatRunsAwayIsAnError() async throws {
        let rules: JSONValue = [["when": "^(a+)+$", "say": "A"]]
        let message = "the pattern at rules[0].when gave up: the pattern takes too many steps on this text"
        await #expect(throws: ModelError(.invalidRequest, message)) {
            try await answer([.user(String(repeating: "a", count: 40) + "!")], rules: rules)
        }
    }

    @Test func commentsInAPatternDoNotHideItsGroups() throws {
        _ = try provider([["when": "(?x) (a) # first", "say": "$1"]])
    }

    @Test func findsAllMistakesAtOnce() throws {
        let rules: JSONValue = [["when": "(", "say": "{{x}}"], ["when": "a", "call": ["tool": 1]], ["otherwise": 2]]
        let error = #expect(throws: ModelError.self) { try provider(rules) }
        let paths = error?.problems.map(\.path)
        #expect(paths == ["rules[0].when", "rules[0].say", "rules[1].call.tool", "rules[2].otherwise"])
    }

    static let mistakes: [(rules: JSONValue, path: String, message: String)] = [
        (nil, "rules", "expected an array of 1 to 1000 rules"), ([], "rules", "expected an array of 1 to 1000 rules"),
        ([7], "rules[0]", "expected an object, found integer"),
        ([["when": "a"]], "rules[0]", "expected exactly one of say, call and calls"),
        ([["say": "a"]], "rules[0]", "expected a member \"when\""),
        (
            [["when": "a", "say": "b", "call": ["tool": "c"]]], "rules[0]",
            "expected exactly one of say, call and calls"
        ),
        ([["when": "a", "sya": "b", "say": "b"]], "rules[0].sya", "unknown member; did you mean \"say\"?"),
        ([["when": "a(", "say": "b"]], "rules[0].when", "not a pattern: missing closing parenthesis"),
        (
            [["when": "(a)", "say": "$2"]], "rules[0].say",
            "$2 is not captured: the pattern has 1 groups (write $$ for a dollar sign)"
        ),
        (
            [["otherwise": "$1"]], "rules[0].otherwise",
            "$1 is not captured: the pattern has 0 groups (write $$ for a dollar sign)"
        ),
        (
            [["when": "a", "say": "{{result}}"]], "rules[0].say",
            "{{result}} is only known in the `then` of a call"
        ),
        ([["when": "a", "say": "b", "then": "c"]], "rules[0].then", "expected only with call or calls"),
        ([["when": "a", "call": ["arguments": [:]]]], "rules[0].call", "expected a member \"tool\""),
        (
            [["when": "a", "call": ["tool": "t", "arguments": [1]]]], "rules[0].call.arguments",
            "expected an object, found array"
        ),
        (
            [["when": "a", "calls": [["tool": "t"], ["tool": "t", "arguments": ["x": ["{{inptu}}"]]]]]],
            "rules[0].calls[1].arguments", "unknown placeholder {{inptu}}; did you mean {{input}}?"
        ),
        ([["when": "a", "calls": []]], "rules[0].calls", "expected an array of 1 to 64 calls"),
        (
            [["otherwise": "a"], ["when": "b", "say": "c"]], "rules[0].otherwise",
            "expected only in the last rule: those after it could never apply"
        ),
    ]

    @Test(arguments: mistakes.indices)
    func findsMistakes(index: Int) throws {
        let mistake = Self.mistakes[index]
        let error = #expect(throws: ModelError.self) { try provider(mistake.rules) }
        #expect(error?.code == .configuration)
        #expect(error?.problems == [DocumentProblem(path: mistake.path, message: mistake.message)])
    }
}
