import Testing

@testable import Conversation
@testable import Wire

/// An answer is whole only when its end says so.
@Suite struct AnswerEndTests {
    private static let half = #"{"choices":[{"index":0,"delta":{"content":"The transfer of 500 Euro is"}}]}"#

    private func chunk(_ reason: String) -> String {
        "{\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"\(reason)\"}]}"
    }

    private func answer(
        _ events: [(name: String?, data: String)]
    ) throws(ServerAnswerError) -> ServerAnswer {
        var assembler = ChatCompletionAssembler(maximumToolCalls: 64)
        for event in events { try assembler.consume(event: event.data, named: event.name) { _ in } }
        return try assembler.answer()
    }

    private func streamed(_ events: [String]) throws(ServerAnswerError) -> ServerAnswer {
        try answer(events.map { (nil, $0) })
    }

    private func plain(_ body: String) throws(ServerAnswerError) -> ServerAnswer {
        var assembler = ChatCompletionAssembler(maximumToolCalls: 64)
        try assembler.consume(body: body) { _ in }
        return try assembler.answer()
    }

    @Test(arguments: [
        "stop", "STOP", "FinishReason.STOP", "FINISH_REASON_STOP", "stop_sequence", "eos", "eos_token", "end_turn",
        "COMPLETE", "tool_calls", "tool-calls", "tool_use", "function_call",
    ])
    func aKnownGoodEndIsWhole(reason: String) throws {
        #expect(try streamed([Self.half, chunk(reason)]).finishReason == .stop)
    }

    @Test(arguments: ["length", "MAX_TOKENS", "max_output_tokens", "model_length", "model_context_window_exceeded"])
    func anEndAtALimitIsCut(reason: String) throws {
        #expect(try streamed([Self.half, chunk(reason)]).finishReason == .length)
    }

    static let failures: [(reason: String, kind: ServerFailure.Kind)] = [
        ("error", .serverFailed), ("insufficient_system_resource", .serverFailed), ("network_error", .serverFailed),
        ("unknown_error", .serverFailed), ("abort", .brokeOff), ("pause_turn", .brokeOff), ("OTHER", .brokeOff),
        ("a word of next year", .brokeOff), ("malformed_function_call", .malformed),
        ("MALFORMED_FUNCTION_CALL", .malformed), ("UNEXPECTED_TOOL_CALL", .malformed), ("SAFETY", .filtered),
        ("sensitive", .filtered), ("content_filter", .filtered), ("RECITATION", .filtered), ("refusal", .filtered),
        ("PROHIBITED_CONTENT", .filtered), ("guardrail_intervened", .filtered),
    ]

    @Test(arguments: failures)
    func anyOtherEndIsAFailure(reason: String, kind: ServerFailure.Kind) {
        let error = ServerAnswerError.ended(ServerFailure(kind: kind, reason: reason))
        #expect(throws: error) { try streamed([Self.half, chunk(reason), "[DONE]"]) }
        // A later good word does not make the answer whole.
        #expect(throws: error) { try streamed([Self.half, chunk(reason), chunk("stop"), "[DONE]"]) }
        #expect(throws: error) {
            try plain("{\"choices\":[{\"message\":{\"content\":\"The\"},\"finish_reason\":\"\(reason)\"}]}")
        }
    }

    @Test(arguments: ["", "null", "none", "NONE", "not_finished", "FINISH_REASON_UNSPECIFIED"])
    func aPlaceholderIsNoEnd(reason: String) throws {
        let piece = "{\"choices\":[{\"delta\":{\"content\":\"It is\"},\"finish_reason\":\"\(reason)\"}]}"
        var assembler = ChatCompletionAssembler(maximumToolCalls: 64)
        try assembler.consume(event: piece) { _ in }
        #expect(!assembler.isComplete)
        #expect(throws: ServerAnswerError.truncated("the answer broke off after 1 chunks")) {
            try assembler.answer()
        }
        #expect(try streamed([piece, piece, chunk("stop")]).message == .assistant("It isIt is"))
        if reason.hasSuffix("UNSPECIFIED") {
            // The word of servers whose answers end with a reason, so that one without has none.
            #expect(throws: ServerAnswerError.self) { try streamed([piece, "[DONE]"]) }
        } else {
            #expect(try streamed([piece, "[DONE]"]).finishReason == .stop)
        }
    }

    static let choiceErrors: [(choice: String, report: ServerErrorReport)] = [
        (
            #""delta":{"content":"Th"},"finish_reason":"error","error":{"code":502,"message":"upstream failed"}"#,
            ServerErrorReport(message: "upstream failed", status: 502)
        ),
        (
            #""message":{"content":"Th"},"finish_reason":"stop","error":"out of memory""#,
            ServerErrorReport(message: "out of memory")
        ),
        (
            #""delta":{"error":{"message":"lost","type":"server_error"}}"#,
            ServerErrorReport(message: "lost", type: "server_error")
        ),
    ]

    @Test(arguments: choiceErrors)
    func anErrorInsideAChoiceIsOne(choice: String, report: ServerErrorReport) {
        let data = "{\"choices\":[{\"index\":0,\(choice)}]}"
        #expect(throws: ServerAnswerError.reported(report)) { try streamed([Self.half, data, "[DONE]"]) }
        #expect(throws: ServerAnswerError.reported(report)) { try plain(data) }
    }

    static let otherErrors: [(name: String?, data: String, report: ServerErrorReport)] = [
        (
            "error", #"{"code":500,"message":"context size exceeded"}"#,
            ServerErrorReport(message: "context size exceeded", status: 500)
        ),
        ("error", #"{"detail":"gone"}"#, ServerErrorReport(message: "gone")),
        ("Error", "out of memory", ServerErrorReport(message: "out of memory")),
        ("error", "", ServerErrorReport(message: nil)),
        (
            "error", #"{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}"#,
            ServerErrorReport(message: "Overloaded", type: "overloaded_error")
        ),
        (nil, #"{"code":500,"message":"gone"}"#, ServerErrorReport(message: "gone", status: 500)),
        (nil, #"{"detail":[{"msg":"too long"}]}"#, ServerErrorReport(message: "too long")),
        (
            nil, #"{"code":"DataInspectionFailed","msg":"no"}"#,
            ServerErrorReport(message: "no", code: "DataInspectionFailed")
        ),
        (
            nil, #"{"error_code":336003,"error_msg":"the daily limit","id":"x"}"#,
            ServerErrorReport(message: "the daily limit")
        ),
        (nil, #"{"message":"Bad gateway"}"#, ServerErrorReport(message: "Bad gateway")),
        (
            nil, #"[{"error":{"code":503,"message":"busy","status":"UNAVAILABLE"}}]"#,
            ServerErrorReport(message: "busy", code: "UNAVAILABLE", status: 503)
        ),
        (nil, #"{"error":true,"message":"no"}"#, ServerErrorReport(message: "no")),
    ]

    @Test(arguments: otherErrors.indices)
    func anErrorIsOneInWhateverShape(index: Int) {
        let (name, data, report) = Self.otherErrors[index]
        #expect(throws: ServerAnswerError.reported(report)) {
            try answer([(nil, Self.half), (name, data), (nil, "[DONE]")])
        }
    }

    @Test func whatOnlyLooksLikeAnErrorIsNone() throws {
        let whole = try streamed([
            #"{"type":"ping"}"#, #"{"code":0,"message":"success"}"#, #"{"code":"200","msg":"ok"}"#, #"{"message":""}"#,
            #"{"choices":[],"code":0,"message":"of a gateway","error":null}"#,
            #"{"choices":[{"delta":{"content":"Hi"},"error":null}],"error":""}"#,
            #"{"choices":[{"delta":{},"finish_reason":"stop","error":{}}],"error":{}}"#,
            #"{"usage":{"prompt_tokens":3,"completion_tokens":1}}"#, "[DONE]",
        ])
        #expect(whole.message == .assistant("Hi") && whole.usage == TokenUsage(input: 3, output: 1))
    }
}
