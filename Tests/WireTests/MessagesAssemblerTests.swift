import JSON
import Testing

@testable import Conversation
@testable import Wire

/// Streams of the Messages API become answers, or say why not.
@Suite struct MessagesAssemblerTests {
    private func event(_ data: JSONValue) -> AnswerEvent { AnswerEvent(data["type"]?.stringValue, data: data.text) }

    private func start(_ index: Int64, _ block: JSONValue) -> AnswerEvent {
        event(["type": "content_block_start", "index": .integer(index), "content_block": block])
    }

    private func delta(_ index: Int64, _ delta: JSONValue) -> AnswerEvent {
        event(["type": "content_block_delta", "index": .integer(index), "delta": delta])
    }

    private func end(_ reason: JSONValue) -> [AnswerEvent] {
        [
            event([
                "type": "message_delta", "delta": ["stop_reason": reason, "stop_sequence": .null],
                "usage": ["output_tokens": 89],
            ]),
            event(["type": "message_stop"]),
        ]
    }

    private var opening: AnswerEvent {
        event([
            "type": "message_start",
            "message": [
                "id": "msg_1", "type": "message", "role": "assistant", "model": "claude-x", "content": [],
                "stop_reason": .null,
                "usage": [
                    "input_tokens": 20, "cache_creation_input_tokens": 300, "cache_read_input_tokens": 4_000,
                    "output_tokens": 1,
                ],
            ],
        ])
    }

    private func text(_ pieces: String..., at index: Int64 = 0) -> [AnswerEvent] {
        [start(index, ["type": "text", "text": ""])]
            + pieces.map { delta(index, ["type": "text_delta", "text": .string($0)]) }
            + [event(["type": "content_block_stop", "index": .integer(index)])]
    }

    private var golden: AnswerStream {
        var events = [opening, event(["type": "ping"])]
        events += [
            start(0, ["type": "thinking", "thinking": "", "signature": ""]),
            delta(0, ["type": "thinking_delta", "thinking": "Paris, "]),
            delta(0, ["type": "thinking_delta", "thinking": "perhaps."]),
            delta(0, ["type": "signature_delta", "signature": "c2ln"]),
            event(["type": "content_block_stop", "index": 0]),
            start(1, ["type": "redacted_thinking", "data": "ZGF0YQ=="]),
            event(["type": "content_block_stop", "index": 1]),
        ]
        events += text("Let me ", "lôôk 👋🏽.", at: 2)
        for (index, city) in [(Int64(3), "Paris"), (4, "Rome")] {
            events += [
                start(index, ["type": "tool_use", "id": .string("toolu_\(index)"), "name": "weather", "input": [:]]),
                delta(index, ["type": "input_json_delta", "partial_json": ""]),
                delta(index, ["type": "input_json_delta", "partial_json": "{\"city\": \""]),
                delta(index, ["type": "input_json_delta", "partial_json": .string("\(city)\"}")]),
                event(["type": "content_block_stop", "index": .integer(index)]),
            ]
        }
        return AnswerStream(events: events + end("tool_use"))
    }

    private func make() -> MessagesAssembler {
        MessagesAssembler(maximumToolCalls: 8) { "made" }
    }

    @Test func anAnswerWithThoughtsAndParallelCalls() throws {
        let outcome = golden.outcome(with: make())
        #expect(
            outcome.answer
                == ServerAnswer(
                    message: .assistant(
                        "Let me lôôk 👋🏽.",
                        toolCalls: [
                            ToolCallRequest(id: "toolu_3", name: "weather", arguments: "{\"city\": \"Paris\"}"),
                            ToolCallRequest(id: "toolu_4", name: "weather", arguments: "{\"city\": \"Rome\"}"),
                        ]
                    ),
                    finishReason: .toolCalls,
                    usage: TokenUsage(input: 4_320, cachedInput: 4_000, cacheWriteInput: 300, output: 89),
                    modelID: "claude-x"
                )
        )
        let thought: JSONValue = ["type": "thinking", "thinking": "Paris, perhaps.", "signature": "c2ln"]
        let content: JSONValue = [
            thought, ["type": "redacted_thinking", "data": "ZGF0YQ=="], ["type": "text"], ["type": "tool_use"],
            ["type": "tool_use"],
        ]
        #expect(outcome.natives == [NativeCall(message: ["content": content]), nil])
    }

    @Test func whatGoesBackIsWhatCame() throws {
        let answer = try #require(golden.outcome(with: make()).answer)
        let written = MessagesBlock.blocks(of: answer.message).map { block in
            var frame = JSONFrame()
            frame.write(block)
            return try? JSONValue(parsing: frame.text)
        }
        #expect(
            written.map { $0?["type"]?.stringValue } == [
                "thinking", "redacted_thinking", "text", "tool_use", "tool_use",
            ]
        )
        #expect(written[0]?["signature"] == "c2ln")
        #expect(written[4]?["input"] == ["city": "Rome"])
    }

    @Test func streamsMayBeCutAndChangedAnywhere() throws {
        try expectRobust(golden, make)
    }

    @Test(arguments: [
        ("end_turn", FinishReason.stop), ("stop_sequence", .stop), ("max_tokens", .length),
        ("model_context_window_exceeded", .length), ("pause_turn", .stop),
    ])
    func goodEnds(reason: String, finish: FinishReason) {
        let outcome = AnswerStream(events: [opening] + text("Hi") + end(.string(reason))).outcome(with: make())
        #expect(outcome.answer?.finishReason == finish)
        #expect(outcome.answer?.message == .assistant("Hi"))
    }

    @Test(arguments: [("refusal", ServerFailure.Kind.filtered), ("what_is_new", .brokeOff)])
    func badEnds(reason: String, kind: ServerFailure.Kind) {
        let outcome = AnswerStream(events: [opening] + text("Hi") + end(.string(reason))).outcome(with: make())
        #expect(outcome.error == .ended(ServerFailure(kind: kind, reason: reason)))
    }

    @Test func anEndWithoutAReasonIsNone() {
        #expect(
            AnswerStream(events: [opening] + text("Hi") + end(.null)).outcome(with: make()).error
                == .truncated("the answer broke off after 6 events")
        )
        #expect(AnswerStream(events: [opening] + end("end_turn")).outcome(with: make()).error == .empty)
    }

    @Test(arguments: [
        "overloaded_error", "rate_limit_error", "api_error", "invalid_request_error", "authentication_error",
    ])
    func anErrorInTheMiddleIsOne(type: String) {
        let report = ServerErrorReport(message: "No.", type: type)
        for name in ["error", nil] {
            let error = AnswerEvent(name, data: MessagesWriter.error(type, "No.").data)
            let outcome = AnswerStream(events: [opening] + text("Hi") + [error]).outcome(with: make())
            #expect(outcome.error == .reported(report))
        }
    }

    @Test func aModelThatPausesContinues() throws {
        var assembler = make()
        let search: JSONValue = ["type": "server_tool_use", "id": "srvtoolu_1", "name": "web_search", "input": [:]]
        let first =
            [opening] + text("I ") + [
                start(1, search), delta(1, ["type": "input_json_delta", "partial_json": "{\"query\":\"x\"}"]),
            ] + end("pause_turn")
        for event in first { try assembler.consume(event: event.data) { _ in } }
        #expect(assembler.isPaused)
        #expect(
            assembler.blocks == [
                ["type": "text", "text": "I "],
                ["type": "server_tool_use", "id": "srvtoolu_1", "name": "web_search", "input": ["query": "x"]],
            ]
        )
        assembler = assembler.continued
        for event in [opening] + text("know.") + end("end_turn") { try assembler.consume(event: event.data) { _ in } }
        let answer = try assembler.answer()
        #expect(!assembler.isPaused && answer.message == .assistant("I know."))
        #expect(answer.usage?.input == 8_640)
    }

    @Test func blankTextsAreNotSentBack() throws {
        var assembler = make()
        for event in [opening] + text("I ") + text("\n", at: 1) + text("", at: 2) + end("pause_turn") {
            try assembler.consume(event: event.data) { _ in }
        }
        #expect(assembler.blocks == [["type": "text", "text": "I "]])
    }

    /// A stream may repeat the beginning of a block.
    @Test func aCallThatBeginsTwiceIsOne() {
        let call = start(0, ["type": "tool_use", "id": "a", "name": "f", "input": [:]])
        let input = delta(0, ["type": "input_json_delta", "partial_json": "{\"x\":1}"])
        let twice = AnswerStream(events: [opening, call, call, input] + end("tool_use")).outcome(with: make())
        #expect(twice.answer?.message.toolCalls.map(\.id) == ["a"])
        #expect(twice.answer?.message.toolCalls.first?.arguments == "{\"x\":1}")
        let other = start(0, ["type": "tool_use", "id": "b", "name": "f", "input": [:]])
        let two = AnswerStream(events: [opening, call, other] + end("tool_use")).outcome(with: make())
        #expect(two.answer?.message.toolCalls.map(\.id) == ["a", "b"])
    }

    @Test func thereAreNotTooManyParts() {
        let events = (0..<1_033).map { start($0, ["type": "text", "text": "x"]) }
        #expect(
            AnswerStream(events: [opening] + events).outcome(with: make()).error
                == .tooLarge("the answer has more than 1032 parts")
        )
    }

    @Test func thoughtsThatAreTooLongAreNotKept() {
        for (length, isKept) in [(200_000, true), (300_000, false)] {
            let thought: JSONValue = [
                "type": "thinking_delta", "thinking": .string(String(repeating: "t", count: length)),
            ]
            let events = [
                opening, start(0, ["type": "thinking", "thinking": ""]), delta(0, thought),
                start(1, ["type": "tool_use", "id": "a", "name": "f", "input": [:]]),
            ]
            let outcome = AnswerStream(events: events + end("tool_use")).outcome(with: make())
            #expect((outcome.natives != [nil]) == isKept)
            #expect(outcome.answer?.message.toolCalls.count == 1)
        }
    }

    @Test func callsHaveIDsOfTheirOwnAndThereAreNotTooMany() throws {
        func call(_ index: Int64) -> AnswerEvent {
            start(index, ["type": "tool_use", "id": "a", "name": "f", "input": ["x": 1]])
        }
        let twice = AnswerStream(events: [opening, call(0), call(1)] + end("tool_use")).outcome(with: make())
        #expect(twice.answer?.message.toolCalls.map(\.id) == ["a", "a_1"])
        #expect(twice.answer?.message.toolCalls.first?.arguments == "{\"x\":1}")
        let many = AnswerStream(events: [opening] + (0..<9).map(call)).outcome(with: make())
        #expect(many.error == .tooLarge("the answer asks for more than 8 tool calls"))
    }

    @Test func aPlainAnswerIsRead() throws {
        var assembler = make()
        let usage = TokenUsage(input: 9, cachedInput: 3, cacheWriteInput: 2, output: 1)
        let body = MessagesWriter(id: "m", modelID: "c").answer(.assistant("2"), stopReason: "end_turn", usage: usage)
        try assembler.consume(body: body) { _ in }
        #expect(
            try assembler.answer()
                == ServerAnswer(message: .assistant("2"), finishReason: .stop, usage: usage, modelID: "c")
        )
        for (body, error) in [
            ("<html>", ServerAnswerError.malformed("the body of the answer is not JSON")),
            ("{}", .malformed("the server sent an answer without content")),
            (
                MessagesWriter.error("api_error", "No.").data,
                .reported(ServerErrorReport(message: "No.", type: "api_error"))
            ),
        ] {
            var assembler = make()
            #expect(throws: error) { try assembler.consume(body: body) { _ in } }
        }
    }
}
