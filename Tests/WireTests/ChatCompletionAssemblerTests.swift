import JSON
import Testing

@testable import Conversation
@testable import Wire

@Suite struct ChatCompletionAssemblerTests {
    /// Feeds events to an assembler.
    private func assemble(
        _ events: [String],
        maximumToolCalls: Int = 64
    ) throws(ServerAnswerError) -> (answer: ServerAnswer, deltas: [ModelDelta]) {
        var assembler = ChatCompletionAssembler(maximumToolCalls: maximumToolCalls) { "made" }
        var deltas: [ModelDelta] = []
        for event in events { try assembler.consume(event: event) { deltas.append($0) } }
        return (try assembler.answer(), deltas)
    }

    private func chunk(_ delta: String, finish: String? = nil) -> String {
        let reason = finish.map { "\"\($0)\"" } ?? "null"
        return """
            {"id":"chatcmpl-1","object":"chat.completion.chunk","model":"m-1","choices":[{"index":0,"delta":\(delta),\
            "finish_reason":\(reason)}]}
            """
    }

    private func call(_ fields: String) -> String {
        chunk("{\"tool_calls\":[{\(fields)}]}")
    }

    @Test func textWithUsage() throws {
        let result = try assemble([
            chunk(#"{"role":"assistant","content":""}"#), chunk(#"{"content":"It is "}"#), chunk(#"{"content":"4."}"#),
            chunk("{}", finish: "stop"),
            """
            {"choices":[],"usage":{"prompt_tokens":20,"completion_tokens":5,\
            "prompt_tokens_details":{"cached_tokens":16}}}
            """,
            "[DONE]",
        ])
        #expect(
            result.answer
                == ServerAnswer(
                    message: .assistant("It is 4."),
                    finishReason: .stop,
                    usage: TokenUsage(input: 20, cachedInput: 16, output: 5),
                    modelID: "m-1"
                )
        )
        #expect(result.deltas == [.text("It is "), .text("4.")])
    }

    @Test func parallelToolCallsFromInterleavedFragments() throws {
        let result = try assemble([
            chunk(#"{"role":"assistant","content":null}"#),
            call(#""index":0,"id":"call_a","type":"function","function":{"name":"calculator","arguments":""}"#),
            call(#""index":0,"function":{"arguments":"{\"expression\":"}"#),
            call(#""index":1,"id":"call_b","type":"function","function":{"name":"current_time","arguments":""}"#),
            call(#""index":1,"function":{"arguments":"{}"}"#), call(#""index":0,"function":{"arguments":"\"1+1\"}"}"#),
            chunk("{}", finish: "tool_calls"), "[DONE]",
        ])
        let calls = [
            ToolCallRequest(id: "call_a", name: "calculator", arguments: #"{"expression":"1+1"}"#),
            ToolCallRequest(id: "call_b", name: "current_time", arguments: "{}"),
        ]
        #expect(result.answer.message == .assistant("", toolCalls: calls))
        #expect(result.answer.finishReason == .toolCalls)
        #expect(result.deltas == [.toolCall(name: "calculator"), .toolCall(name: "current_time")])
    }

    /// Servers that leave the index out, repeat it, repeat names and ids, or send arguments as an object.
    @Test(arguments: [
        // No index: an id begins a call.
        [
            #""id":"a","function":{"name":"f","arguments":"{}"}"#, #""id":"b","function":{"name":"g","arguments":"{"}"#,
            #""function":{"arguments":"}"}"#,
        ],
        // No index, and the id with every fragment.
        [
            #""id":"a","function":{"name":"f","arguments":"{"}"#, #""id":"a","function":{"arguments":"}"}"#,
            #""id":"b","function":{"name":"g","arguments":"{}"}"#,
        ],
        // The index is always 0.
        [
            #""index":0,"id":"a","function":{"name":"f","arguments":"{}"}"#,
            #""index":0,"id":"b","function":{"name":"g","arguments":"{}"}"#,
        ],
        // The name is repeated; arguments that are absent, null or an object.
        [
            #""index":0,"id":"a","function":{"name":"f"}"#,
            #""index":0,"function":{"name":"f","arguments":null}"#,
            #""index":0,"function":{"name":"f","arguments":{}}"#,
            #""index":1,"id":"b","function":{"name":"g","arguments":"{}"}"#,
        ],
    ])
    func toolCallsOfServersThatDiffer(fragments: [String]) throws {
        let result = try assemble(fragments.map(call) + [chunk("{}", finish: "stop")])
        #expect(
            result.answer.message.toolCalls == [
                ToolCallRequest(id: "a", name: "f", arguments: "{}"),
                ToolCallRequest(id: "b", name: "g", arguments: "{}"),
            ]
        )
        #expect(result.answer.finishReason == .toolCalls)
    }

    @Test func missingAndRepeatedIDsBecomeUnique() throws {
        let result = try assemble([
            call(#""index":0,"function":{"name":"f","arguments":"{}"}"#),
            call(#""index":1,"id":"x","function":{"name":"f","arguments":"{}"}"#),
            call(#""index":2,"id":"x","function":{"name":"f","arguments":"{}"}"#), "[DONE]",
        ])
        #expect(result.answer.message.toolCalls.map(\.id) == ["made", "x", "x_2"])
    }

    @Test func toleratesWhatServersLeaveOut() throws {
        // No [DONE], no usage.
        let withoutEnd = try assemble([chunk(#"{"content":"Hello there"}"#, finish: "stop")]).answer
        #expect(withoutEnd.message == .assistant("Hello there"))
        #expect(withoutEnd.usage == nil)
        // No finish_reason.
        let withoutReason = try assemble([chunk(#"{"content":"Hi"}"#), "[DONE]"]).answer
        #expect(withoutReason.message == .assistant("Hi"))
        #expect(withoutReason.finishReason == .stop)
        // Null members, chunks without choices, other choices, empty events, and pieces of reasoning.
        let odd = try assemble([
            "", #"{"choices":null}"#, #"{"choices":[]}"#, chunk("null"), chunk(#"{"reasoning_content":"Hm."}"#),
            #"{"choices":[{"index":1,"delta":{"content":"other"}}]}"#, chunk(#"{"content":"A","tool_calls":null}"#),
            #"{"choices":[],"usage":null}"#, chunk("{}", finish: "eos"), " [DONE]\n", "not json any more",
        ])
        #expect(odd.answer.message == .assistant("A"))
        #expect(odd.deltas == [.text("A")])
    }

    @Test func contentInParts() throws {
        let parts = #"{"content":[{"type":"text","text":"A"},{"type":"image"},{"type":"text","text":"B"}]}"#
        #expect(try assemble([chunk(parts, finish: "stop")]).answer.message.content == "AB")
    }

    @Test func plainAnswer() throws {
        var assembler = ChatCompletionAssembler(maximumToolCalls: 4)
        let answer = """
            {"id":"c1","choices":[{"message":{"role":"assistant","content":"Hi","tool_calls":[{"id":"a","type":"function",\
            "function":{"name":"f","arguments":"{}"}}]},"finish_reason":"tool_calls"}],\
            "usage":{"prompt_tokens":3,"completion_tokens":1}}
            """
        try assembler.consume(body: answer) { _ in }
        let response = try assembler.answer()
        let calls = [ToolCallRequest(id: "a", name: "f", arguments: "{}")]
        #expect(
            response
                == ServerAnswer(
                    message: .assistant("Hi", toolCalls: calls),
                    finishReason: .toolCalls,
                    usage: TokenUsage(input: 3, output: 1)
                )
        )
    }

    @Test(arguments: ["length", "max_tokens"])
    func answersThatWereCutOffByALimit(reason: String) throws {
        #expect(try assemble([chunk(#"{"content":"Once"}"#, finish: reason)]).answer.finishReason == .length)
    }

    @Test func textWithoutNullCharacters() throws {
        let result = try assemble([chunk(#"{"content":"a\u0000b"}"#, finish: "stop")])
        #expect(result.answer.message.content == "a\u{FFFD}b")
        #expect(result.deltas == [.text("a\u{FFFD}b")])
    }

    @Test(arguments: [
        #"{"prompt_tokens":-1,"completion_tokens":2}"#, #"{"prompt_tokens":1e300}"#, #"{"prompt_tokens":"many"}"#, "[]",
        "7",
    ])
    func senselessUsageIsNone(usage: String) throws {
        let events = [chunk(#"{"content":"Hi"}"#, finish: "stop"), "{\"choices\":[],\"usage\":\(usage)}"]
        #expect(try assemble(events).answer.usage == nil)
    }

    @Test func cachedTokensNeverExceedTheInput() throws {
        let usage = #"{"choices":[],"usage":{"prompt_tokens":5,"prompt_tokens_details":{"cached_tokens":9}}}"#
        let result = try assemble([chunk(#"{"content":"Hi"}"#, finish: "stop"), usage])
        #expect(result.answer.usage == TokenUsage(input: 5, cachedInput: 5, output: 0))
    }

    static let malformed: [(events: [String], message: String)] = [
        ([], "the server sent no answer"), (["[DONE]"], "the server sent no answer"),
        (["{}", "[DONE]"], "the server sent an answer without choices"),
        (["{", "{}"], "chunk 1 of the answer is not JSON: unexpectedEnd at byte 1"),
        (["hello"], "chunk 1 of the answer is not JSON: syntax at byte 0"),
        (["[1]"], "chunk 1 of the answer: expected an object, found array"),
        ([#"{"choices":7}"#], "chunk 1 of the answer: choices is no array"),
        ([#"{"choices":[7]}"#], "chunk 1 of the answer: a choice is no object"),
        ([#"{"choices":[{"delta":7}]}"#], "chunk 1 of the answer: a delta is no object"),
        ([#"{"choices":[{"delta":{"content":7}}]}"#], "chunk 1 of the answer: content is no text"),
        ([#"{"choices":[{"finish_reason":7}]}"#], "chunk 1 of the answer: finish_reason is no string"),
        ([#"{"choices":[{"delta":{"tool_calls":{}}}]}"#], "chunk 1 of the answer: tool_calls is no array"),
        ([#"{"choices":[{"delta":{"tool_calls":[1]}}]}"#], "chunk 1 of the answer: a tool call is no object"),
        (
            [#"{"choices":[{"delta":{"tool_calls":[{"function":7}]}}]}"#],
            "a tool call in the answer: function is no object"
        ),
        (
            [#"{"choices":[{"delta":{"tool_calls":[{"function":{"name":1}}]}}]}"#],
            "a tool call in the answer: name is no text"
        ),
        (
            [#"{"choices":[{"delta":{"tool_calls":[{"function":{"arguments":1}}]}}]}"#],
            "a tool call in the answer: arguments is no text"
        ),
        (
            [#"{"choices":[{"delta":{"tool_calls":[{"index":0,"id":"a"}]}}]}"#, "[DONE]"],
            "a tool call in the answer: a tool call has no name"
        ),
    ]

    @Test(arguments: malformed)
    func malformedAnswers(events: [String], message: String) {
        #expect(throws: ServerAnswerError.malformed(message)) { try assemble(events) }
    }

    static let otherErrors: [(event: String, error: ServerAnswerError)] = [
        ("{", .truncated("the answer broke off after 0 chunks")),
        (
            #"{"choices":[{"delta":{"content":"Once upon"}}]}"#, .truncated("the answer broke off after 1 chunks")
        ),
        (
            #"{"choices":[{"delta":{"content":"B"},"finish_reason":"content_filter"}]}"#,
            .ended(ServerFailure(kind: .filtered, reason: "content_filter"))
        ),
        (
            #"{"error":{"message":"Overloaded","type":"server_error"}}"#,
            .reported(ServerErrorReport(message: "Overloaded", type: "server_error"))
        ),
        (#"{"error":"model not loaded"}"#, .reported(ServerErrorReport(message: "model not loaded"))),
        (
            #"{"object":"error","message":"Too long","code":400}"#,
            .reported(ServerErrorReport(message: "Too long", status: 400))
        ),
    ]

    @Test(arguments: otherErrors)
    func otherFailures(event: String, error: ServerAnswerError) {
        #expect(throws: error) { try assemble([event]) }
    }

    @Test func tooManyToolCalls() throws {
        let calls = (0..<3).map { call("\"index\":\($0),\"id\":\"c\($0)\",\"function\":{\"name\":\"f\"}") }
        #expect(throws: ServerAnswerError.tooLarge("the answer asks for more than 2 tool calls")) {
            try assemble(calls, maximumToolCalls: 2)
        }
        #expect(try assemble(calls + ["[DONE]"], maximumToolCalls: 3).answer.message.toolCalls.count == 3)
    }

    @Test func namesAreBounded() throws {
        let long = String(repeating: "n", count: 257)
        let message = "a tool call in the answer: a name is longer than 256 bytes"
        #expect(throws: ServerAnswerError.malformed(message)) {
            try assemble([call("\"index\":0,\"function\":{\"name\":\"\(long)\"}")])
        }
    }

    // MARK: What servers do differently

    static let halves: [(pieces: [String], text: String)] = [
        ([#"Hello \ud83d"#, #"\ude00!"#], "Hello 😀!"), ([#"\ud83d"#, "", #"\ude00"#], "😀"),
        ([#"\ud83d\ude00"#], "😀"), ([#"a\ud83d"#, "b"], "a\u{FFFD}b"), ([#"\ude00"#], "\u{FFFD}"),
        ([#"\ud83d"#, #"\ud83d"#, #"\ude00"#], "\u{FFFD}😀"), ([#"end\ud83d"#], "end\u{FFFD}"),
        ([#"\ud83dx\ude00"#], "\u{FFFD}x\u{FFFD}"), ([#"\ufdd0\ue03d，"#], "\u{FFFD}，"),
    ]

    @Test(arguments: halves.indices)
    func halvesOfCharactersAreJoined(index: Int) throws {
        let (pieces, text) = Self.halves[index]
        let chunks = pieces.map { chunk("{\"content\":\"\($0)\"}") }
        // Where nobody reads them they do no harm.
        let logprobs = #"{"choices":[],"usage":{},"logprobs":{"content":[{"token":"\ud83d"}]}}"#
        let result = try assemble(chunks + [logprobs, chunk("{}", finish: "stop")])
        #expect(result.answer.message.content == text)
    }

    @Test func halvesOfCharactersInArguments() throws {
        let cut = try assemble([
            call(#""index":0,"id":"a","function":{"name":"f","arguments":"{\"x\":\"\ud83d"}"#),
            call(#""index":0,"function":{"arguments":"\ude00\"}"}"#), chunk("{}", finish: "tool_calls"),
        ])
        #expect(cut.answer.message.toolCalls.map(\.arguments) == [#"{"x":"😀"}"#])
        let lone = try assemble([
            call(#""index":0,"id":"a","function":{"name":"f","arguments":"{\"x\":\"\\ud83d\"}"}"#), "[DONE]",
        ])
        #expect(lone.answer.message.toolCalls.map(\.arguments) == ["{\"x\":\"\u{FFFD}\"}"])
    }

    static let otherPlaces: [String] = [
        #"{"choices":[{"index":0,"delta":null,"message":{"content":"Hello."},"finish_reason":"stop"}]}"#,
        #"{"choices":[{"index":0,"text":"Hello.","finish_reason":"stop"}]}"#,
    ]

    @Test(arguments: otherPlaces)
    func textInOtherPlaces(event: String) throws {
        #expect(try assemble([event]).answer.message == .assistant("Hello."))
    }

    @Test func aCallOfTheOldProtocol() throws {
        let result = try assemble([
            chunk(#"{"function_call":{"name":"f","arguments":"{\"a\""}}"#),
            chunk(#"{"function_call":{"arguments":":1}"}}"#),
            chunk("{}", finish: "function_call"),
        ])
        #expect(
            result.answer.message.toolCalls == [ToolCallRequest(id: "made", name: "f", arguments: #"{"a":1}"#)]
        )
        // Beside calls of the new one it is the same call again.
        let both =
            #"{"function_call":{"name":"f","arguments":"{}"},"tool_calls":[{"index":0,"id":"a","function":{"name":"f"}}]}"#
        #expect(try assemble([chunk(both), "[DONE]"]).answer.message.toolCalls.map(\.id) == ["a"])
    }

    @Test(arguments: [#"{"content":""}"#, #"{"content":" \n"}"#, #"{"reasoning_content":"I think"}"#])
    func anAnswerThatSaysNothingIsNone(delta: String) {
        #expect(throws: ServerAnswerError.empty) { try assemble([chunk(delta, finish: "stop")]) }
        #expect(throws: ServerAnswerError.empty) { try assemble([chunk(delta), "[DONE]"]) }
    }

    @Test func reasoningIsKeptWithTheFirstCall() throws {
        let result = try assemble([
            chunk(#"{"reasoning_content":"I "}"#), chunk(#"{"reasoning_content":"think.","reasoning":null}"#),
            chunk(#"{"reasoning_details":[{"type":"reasoning.text","index":0,"text":"I "}]}"#),
            chunk(#"{"reasoning_details":[{"type":"reasoning.text","index":0,"text":"think.","signature":"s"}]}"#),
            call(#""index":0,"id":"a","function":{"name":"f"}"#), call(#""index":1,"id":"b","function":{"name":"g"}"#),
            "[DONE]",
        ])
        let calls = result.answer.message.toolCalls
        #expect(
            calls.map { $0.native?.message } == [
                [
                    "reasoning_content": "I think.",
                    "reasoning_details": [
                        ["type": "reasoning.text", "index": 0, "text": "I think.", "signature": "s"]
                    ],
                ], nil,
            ]
        )
    }

    @Test(arguments: [
        (#"{"choices":[{"message":{"content":"Hi"}}]}"# + "\n\ndata: [DONE]\n\n"),
        (#"{"choices":[{"delta":{"content":"H"}}]}"# + "\n"
            + #"{"choices":[{"delta":{"content":"i"},"finish_reason":"stop"}]}"#),
    ])
    func oneJSONValueALine(body: String) throws {
        var assembler = ChatCompletionAssembler(maximumToolCalls: 4)
        try assembler.consume(body: body) { _ in }
        #expect(try assembler.answer().message == .assistant("Hi"))
    }
}
