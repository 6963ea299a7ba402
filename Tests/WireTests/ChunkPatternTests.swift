import Conversation
import JSON
import Testing

@testable import Wire

@Suite struct ChunkPatternTests {
    private func chunk(_ delta: String, rest: String = "") -> String {
        #"{"id":"chatcmpl-1","model":"m-1","choices":[{"index":0,"delta":\#(delta),"finish_reason":null}]\#(rest)}"#
    }

    private func pattern(_ data: String) throws -> ChunkPattern? {
        ChunkPattern(data, parsed: try JSONValue(foreign: data, halfSurrogates: .mark))
    }

    @Test func textOfTheNextChunk() throws {
        let pattern = try #require(try pattern(chunk(#"{"content":"It is"}"#)))
        #expect(pattern.text(of: chunk(#"{"content":" 4 € 🎉"}"#)) == " 4 € 🎉")
        #expect(pattern.text(of: chunk(#"{"content":""}"#)) == "")
    }

    @Test(arguments: [
        #"{"content":"a \"b\""}"#, #"{"content":"line\n"}"#, #"{"content":"\ud83d"}"#, #"{"content":null}"#,
        #"{"content":"a","tool_calls":[]}"#, #"{"content":"a","content":"b"}"#, #"{"content":"a"},"x":{"y":"b"}"#, "{}",
    ])
    func otherChunksAreParsed(delta: String) throws {
        let pattern = try #require(try pattern(chunk(#"{"content":"It is"}"#)))
        #expect(pattern.text(of: chunk(delta)) == nil)
        #expect(pattern.text(of: String(chunk(#"{"content":"a"}"#).dropLast())) == nil)
        #expect(pattern.text(of: chunk(#"{"content":"a"}"#) + " ") == nil)
    }

    @Test(arguments: [
        // More than a text.
        #"{"content":"a","tool_calls":[{"index":0}]}"#, #"{"content":"a","reasoning_content":"b"}"#,
        #"{"content":[{"type":"text","text":"a"}]}"#, #"{"content":null}"#,
        // Names and texts that are not as they stand.
        #"{"\u0063ontent":"a"}"#, #"{"content":"a\n"}"#, #"{"content":"a","content":"b"}"#,
    ])
    func noPattern(delta: String) throws {
        #expect(try pattern(chunk(delta)) == nil)
    }

    @Test func noPatternOfAChunkThatEndsTheAnswerOrHasAnotherText() throws {
        let ended = #"{"choices":[{"index":0,"delta":{"content":"a"},"finish_reason":"stop"}]}"#
        #expect(try pattern(ended) == nil)
        let twoChoices = #"{"choices":[{"delta":{"content":"a"}},{"index":1,"delta":{}}]}"#
        #expect(try pattern(twoChoices) == nil)
        #expect(try pattern(chunk(#"{"content":"a"}"#, rest: #","meta":{"content":"b"}"#)) == nil)
        // The one that is written in the usual way is not that of the delta.
        #expect(try pattern(chunk(#"{"content": "a"}"#, rest: #","meta":{"content":"b"}"#)) == nil)
        // What belongs to another choice is no part of the answer.
        #expect(try pattern(#"{"choices":[{"index":1,"delta":{"content":"a"}}]}"#) == nil)
    }

    /// The same stream with a blank that makes each chunk another, so that each is parsed.
    @Test(arguments: 0..<200) func anAnswerIsTheSameAsWithoutPatterns(seed: UInt64) throws {
        var random = SplitMix(seed)
        // What the parser marks halves of characters with.
        let mark = String(decoding: [0xEF, 0xB7, 0x90], as: UTF8.self)
        let pieces = ["Hi", " you", "", "\\n", "\\\"", "é", "🎉", "\\ud83c", "\\udf89", "\\u0000", "x\\\\", mark]
        let deltas = (0..<Int.random(in: 1...30, using: &random)).map { _ -> String in
            switch Int.random(in: 0..<8, using: &random) {
            case 0: #"{"reasoning_content":"hm"}"#
            case 1: #"{"content":null}"#
            case 2: #"{"role":"assistant","content":"\#(pieces.randomElement(using: &random) ?? "")"}"#
            default: #"{"content":"\#(pieces.randomElement(using: &random) ?? "")"}"#
            }
        }
        let events = deltas.map { chunk($0) }
        let parsed = deltas.enumerated().map { chunk($0.element, rest: String(repeating: " ", count: $0.offset + 1)) }
        let end = [#"{"choices":[{"index":0,"delta":{"content":"."},"finish_reason":"stop"}]}"#, "[DONE]"]
        #expect(try outcome(events + end) == outcome(parsed + end))
    }

    private struct Outcome: Equatable {
        var answer: ServerAnswer
        var deltas: [ModelDelta]
    }

    private func outcome(_ events: [String]) throws -> Outcome {
        var assembler = ChatCompletionAssembler(maximumToolCalls: 8) { "made" }
        var deltas: [ModelDelta] = []
        for event in events { try assembler.consume(event: event) { deltas.append($0) } }
        return Outcome(answer: try assembler.answer(), deltas: deltas)
    }
}

private struct SplitMix: RandomNumberGenerator {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
