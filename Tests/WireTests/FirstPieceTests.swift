import Testing

@testable import Wire

/// What a model thinks is a piece of its answer for whoever waits for the first, and no text of it.
struct FirstPieceTests {
    private func pieces(
        _ assembler: some AnswerAssembler,
        _ events: [(name: String?, data: String)]
    ) throws -> [Bool] {
        var assembler = assembler
        return try events.map { event in
            try assembler.consume(event: event.data, named: event.name) { _ in }
            #expect(!assembler.hasBegun)
            return assembler.hasAnyPiece
        }
    }

    @Test func ofChatCompletions() throws {
        let found = try pieces(
            ChatCompletionAssembler(maximumToolCalls: 1),
            [
                (nil, #"{"choices": [{"index": 0, "delta": {"role": "assistant", "content": "", "reasoning": ""}}]}"#),
                (nil, #"{"choices": [{"index": 0, "delta": {"reasoning_content": "Hm"}}]}"#),
            ]
        )
        #expect(found == [false, true])
    }

    @Test func ofMessages() throws {
        let found = try pieces(
            MessagesAssembler(maximumToolCalls: 1) { "made" },
            [
                (nil, #"{"type": "message_start", "message": {"role": "assistant", "content": []}}"#),
                (nil, #"{"type": "ping"}"#),
                (nil, #"{"type": "content_block_start", "index": 0, "content_block": {"type": "thinking"}}"#),
                (
                    nil,
                    #"{"type": "content_block_delta", "index": 0, "delta": {"type": "thinking_delta", "thinking": "Hm"}}"#
                ),
            ]
        )
        #expect(found == [false, false, false, true])
    }

    @Test func ofResponses() throws {
        let found = try pieces(
            ResponsesAssembler(maximumToolCalls: 1) { "made" },
            [
                (nil, #"{"type": "response.created", "response": {"id": "r"}}"#),
                (nil, #"{"type": "response.reasoning_summary_text.delta", "delta": "Hm"}"#),
            ]
        )
        #expect(found == [false, true])
    }
}
