import JSON
import Testing

@testable import Conversation
@testable import Wire

/// Streams of the Responses API become answers, or say why not.
@Suite struct ResponsesAssemblerTests {
    private let writer = ResponsesWriter(id: "resp_1", modelID: "gpt-x")
    private let usage = TokenUsage(input: 90, cachedInput: 64, output: 30, reasoning: 20)
    private static let reasoning: JSONValue = [
        "id": "rs_1", "type": "reasoning", "summary": [], "encrypted_content": "Z0FBQUFB",
    ]

    private var message: ChatMessage {
        var calls = ["Paris", "Rome"].map {
            ToolCallRequest(id: "call_\($0)", name: "weather", arguments: "{\"city\":\"\($0)\"}")
        }
        let text: JSONValue = ["type": "message", "id": "msg_1", "phase": "commentary"]
        calls[0].native = NativeCall(message: ["items": [Self.reasoning, text]])
        return .assistant("Let me lôôk 👋🏽.", toolCalls: calls)
    }

    private func cut(_ text: String) -> [String] {
        var pieces: [String] = []
        var rest = text.unicodeScalars[...]
        while !rest.isEmpty {
            pieces.append(String(rest.prefix(4)))
            rest = rest.dropFirst(4)
        }
        return pieces
    }

    private func stream(_ message: ChatMessage, incomplete reason: String? = nil) -> AnswerStream {
        AnswerStream(events: writer.events(of: message, incomplete: reason, usage: usage, cut: cut))
    }

    private func make() -> ResponsesAssembler {
        ResponsesAssembler(maximumToolCalls: 8) { "made" }
    }

    @Test func anAnswerWithReasoningAndParallelCalls() throws {
        let outcome = stream(message).outcome(with: make())
        #expect(
            outcome.answer == ServerAnswer(message: message, finishReason: .toolCalls, usage: usage, modelID: "gpt-x")
        )
        let items: JSONValue = [
            Self.reasoning, ["type": "message", "id": "msg_1", "phase": "commentary"], ["type": "function_call"],
            ["type": "function_call"],
        ]
        #expect(
            outcome.natives == [
                NativeCall(call: ["id": "fc_call_Paris"], message: ["items": items]),
                NativeCall(call: ["id": "fc_call_Rome"]),
            ]
        )
    }

    /// Without reasoning an id of a call's item says nothing, and is not kept.
    @Test func anAnswerWithoutReasoningHasNothingBesideIt() {
        let call = ToolCallRequest(id: "c", name: "f", arguments: "{}")
        let outcome = stream(.assistant("", toolCalls: [call])).outcome(with: make())
        #expect(outcome.natives == [nil])
        #expect(outcome.answer?.message.toolCalls == [call])
    }

    @Test func streamsMayBeCutAndChangedAnywhere() throws {
        try expectRobust(stream(message), make)
    }

    @Test func aStreamWithoutItsEndEventIsTruncated() {
        var events = stream(.assistant("Hi")).events
        events.removeLast()
        events.append(AnswerEvent(data: "[DONE]"))
        #expect(
            AnswerStream(events: events).outcome(with: make()).error
                == .truncated("the answer broke off after 4 events")
        )
    }

    @Test(arguments: [
        ("max_output_tokens", Optional(FinishReason.length), ServerFailure.Kind?.none),
        ("content_filter", nil, .filtered), ("what_is_new", nil, .brokeOff),
    ])
    func incompleteAnswers(reason: String, finish: FinishReason?, kind: ServerFailure.Kind?) {
        let outcome = stream(.assistant("Hi"), incomplete: reason).outcome(with: make())
        #expect(outcome.answer?.finishReason == finish)
        #expect(outcome.error == kind.map { .ended(ServerFailure(kind: $0, reason: reason)) })
    }

    @Test func errorsAreReported() {
        let report = ServerErrorReport(message: "No.", code: "rate_limit_exceeded")
        let failure = writer.failure(code: "rate_limit_exceeded", "No.")
        #expect(AnswerStream(events: [writer.opening, failure]).outcome(with: make()).error == .reported(report))
        let error = ResponsesWriter.error(code: "rate_limit_exceeded", "No.")
        for name in ["error", nil] {
            let outcome = AnswerStream(events: [writer.opening, AnswerEvent(name, data: error.data)]).outcome(
                with: make()
            )
            guard case .reported(let said)? = outcome.error else {
                Issue.record("not reported: \(outcome)")
                continue
            }
            #expect(said.code == "rate_limit_exceeded" && said.message == "No.")
        }
    }

    @Test func textsOfSeveralItemsAreApart() {
        let items: [JSONValue] = ["Looking.", "It is 2."].enumerated().map { index, text in
            [
                "type": "response.output_item.done", "output_index": .integer(Int64(index)),
                "item": [
                    "type": "message", "role": "assistant",
                    "content": [["type": "output_text", "text": .string(text)]],
                ],
            ]
        }
        let end: JSONValue = ["type": "response.completed", "response": ["status": "completed"]]
        let outcome = AnswerStream(events: (items + [end]).map { AnswerEvent(data: $0.text) }).outcome(with: make())
        #expect(outcome.answer?.message == .assistant("Looking.\n\nIt is 2."))
        #expect(outcome.shown == "Looking.\n\nIt is 2.")
    }

    @Test func aPlainAnswerIsRead() throws {
        var assembler = make()
        try assembler.consume(body: writer.answer(message, usage: usage)) { _ in }
        #expect(
            try assembler.answer()
                == ServerAnswer(message: message, finishReason: .toolCalls, usage: usage, modelID: "gpt-x")
        )
        var other = make()
        #expect(throws: ServerAnswerError.malformed("the server sent an answer without output")) {
            try other.consume(body: "{}") { _ in }
        }
    }
}
