import HTTP
import JSON
import Testing

@testable import Conversation
@testable import Wire

/// What the server's half writes, the client's half reads, and the other way round.
@Suite struct ChatCompletionRoundTripTests {
    @Test(arguments: 0..<200 as Range<UInt64>)
    func aRequestIsReadAsItWasMeant(seed: UInt64) throws {
        var generator = ChatCompletionGenerator(seed: seed)
        let request = generator.request()
        #expect(try ChatCompletionRequest(body: JSONValue(parsing: request.bytes)) == request)
    }

    @Test(arguments: 0..<200 as Range<UInt64>)
    func aWholeAnswerIsReadAsItWasMeant(seed: UInt64) throws {
        var generator = ChatCompletionGenerator(seed: seed)
        let answer = generator.answer()
        let body = writer(for: answer).answer(
            answer.message,
            finishReason: answer.finishReason.rawValue,
            usage: try #require(answer.usage)
        )
        var assembler = ChatCompletionAssembler(maximumToolCalls: 64)
        try assembler.consume(body: body) { _ in }
        #expect(try assembler.answer() == answer)
    }

    @Test(arguments: 0..<200 as Range<UInt64>)
    func aStreamIsReadAsItWasMeant(seed: UInt64) throws {
        var generator = ChatCompletionGenerator(seed: seed)
        let answer = generator.answer()
        var deltas: [ModelDelta] = []
        var assembler = ChatCompletionAssembler(maximumToolCalls: 64)
        for event in events(of: answer, &generator) { try assembler.consume(event: event) { deltas.append($0) } }
        #expect(assembler.isDone)
        #expect(try assembler.answer() == answer)
        let text = deltas.map { if case .text(let text) = $0 { text } else { "" } }.joined()
        #expect(Array(text.utf8) == Array(answer.message.content.utf8))
        let names = deltas.compactMap { if case .toolCall(let name) = $0 { name } else { nil } }
        #expect(names == answer.message.toolCalls.map(\.name))
    }

    /// A stream that ends early is the same answer or none, wherever it ends.
    @Test(arguments: 200..<208 as Range<UInt64>)
    func aStreamThatEndsAtAnyByteIsTheSameAnswerOrNone(seed: UInt64) throws {
        var generator = ChatCompletionGenerator(seed: seed)
        let answer = generator.answer()
        var parser = ServerSentEventParser()
        var assembler = ChatCompletionAssembler(maximumToolCalls: 64)
        for (position, byte) in stream(of: answer, &generator).enumerated() {
            for event in try parser.consume([byte]) { try assembler.consume(event: event.data) { _ in } }
            do throws(ServerAnswerError) {
                let early = try assembler.answer()
                // Only the usage may be missing.
                #expect(
                    early.message == answer.message && early.finishReason == answer.finishReason,
                    "byte \(position)"
                )
                #expect(early.usage == nil || early.usage == answer.usage, "byte \(position)")
            } catch .truncated {
                #expect(!assembler.isComplete)
            } catch {
                #expect(error == .malformed("the server sent no answer"), "byte \(position)")
            }
        }
        #expect(try assembler.answer() == answer)
    }

    @Test func aStreamIsTheSameAnswerHoweverItIsCutInTwo() throws {
        var generator = ChatCompletionGenerator(seed: 1)
        let call = ToolCallRequest(id: "c", name: "f", arguments: "{\"é\":\"👋🏽\"}")
        let answer = ServerAnswer(
            message: .assistant("e\u{301}\r\n漢", toolCalls: [call]),
            finishReason: .toolCalls,
            usage: TokenUsage(input: 3, output: 1),
            modelID: "m"
        )
        let stream = stream(of: answer, &generator)
        for cut in 0...stream.count {
            var parser = ServerSentEventParser()
            var assembler = ChatCompletionAssembler(maximumToolCalls: 64)
            let events = try parser.consume(Array(stream[..<cut])) + parser.consume(Array(stream[cut...]))
            for event in events { try assembler.consume(event: event.data) { _ in } }
            #expect(try assembler.answer() == answer, "cut at \(cut)")
        }
    }

    @Test(arguments: [
        ServerErrorReport(message: "Slow down.", type: "requests", code: "rate_limit_exceeded"),
        ServerErrorReport(message: "no \"such\" model\r\n", type: "invalid_request_error"),
        ServerErrorReport(message: "", code: "c"),
        ServerErrorReport(message: "Overloaded", status: 529),
    ])
    func anErrorIsReadAsItWasMeant(report: ServerErrorReport) {
        #expect(ServerErrorReport(body: report.json.text) == report)
        var assembler = ChatCompletionAssembler(maximumToolCalls: 64)
        #expect(throws: ServerAnswerError.reported(report)) {
            try assembler.consume(event: writer(for: nil).text("Once upon")) { _ in }
            try assembler.consume(event: report.json.text) { _ in }
        }
    }

    @Test(arguments: ["content_filter", "eos", "max_tokens"])
    func aFinishReasonIsWrittenAsItIs(reason: String) throws {
        let writer = writer(for: nil)
        #expect(
            try JSONValue(parsing: writer.end(finishReason: reason))["choices"]?[0]?["finish_reason"] == .string(reason)
        )
        let answer = writer.answer(.assistant("Hi"), finishReason: reason, usage: .zero)
        #expect(try JSONValue(parsing: answer)["choices"]?[0]?["finish_reason"] == .string(reason))
    }
}

extension ChatCompletionRoundTripTests {
    private func writer(for answer: ServerAnswer?) -> ChatCompletionWriter {
        let modelID = answer?.modelID ?? "m-1"
        return ChatCompletionWriter(id: "chatcmpl-\"1\"", created: 1_700_000_000, modelID: modelID, includesUsage: true)
    }

    /// The events of an answer, its texts cut at random.
    private func events(of answer: ServerAnswer, _ generator: inout ChatCompletionGenerator) -> [String] {
        let writer = writer(for: answer)
        var events = [writer.opening()] + generator.pieces(of: answer.message.content).map(writer.text)
        for (index, call) in answer.message.toolCalls.enumerated() {
            events.append(writer.call(index, id: call.id, name: call.name))
            events += generator.pieces(of: call.arguments).map { writer.arguments($0, ofCall: index) }
        }
        events.append(writer.end(finishReason: answer.finishReason.rawValue))
        if let usage = answer.usage { events.append(writer.usage(usage)) }
        return events + [ChatCompletionWriter.endMark]
    }

    /// The bytes of the answer as they are sent.
    private func stream(of answer: ServerAnswer, _ generator: inout ChatCompletionGenerator) -> [UInt8] {
        events(of: answer, &generator).flatMap { ServerSentEvent(data: $0).wireText.utf8 }
    }
}
