import Testing

@testable import Conversation
@testable import Engine

/// What stands before messages when a model is shown them.
@Suite struct ContextPreludeTests {
    private static func block(_ version: Int, _ value: String) -> BlockVersion {
        BlockVersion(label: "b", version: version, value: value, limit: 100)
    }

    @Test func eachMessageHasWhatWasShownWithIt() {
        let prelude = ContextPrelude(blocks: [
            ShownBlock(message: 1, block: Self.block(1, "one")), ShownBlock(message: 3, block: Self.block(2, "two")),
            ShownBlock(message: nil, block: Self.block(3, "three")),
        ])
        let past: [ChatMessage] = [.user("a"), .assistant("b"), .user("c")]
        let shown = prelude.applied(
            to: past.enumerated().map { NumberedMessage(number: Int64($0.offset + 1), message: $0.element) }
        )
        let texts = [BlockMarks.marked(Self.block(1, "one")), BlockMarks.marked(Self.block(2, "two"))]
        #expect(shown.map(\.content) == ["\(texts[0])\n\na", "b", "\(texts[1])\n\nc"])
        let turn = prelude.applied(toTurn: [.user("d"), .assistant("e")])
        #expect(turn.map(\.content) == ["\(BlockMarks.marked(Self.block(3, "three")))\n\nd", "e"])
    }

    @Test func whatIsLeftOutOfEarlierMessagesStandsBeforeTheTurns() {
        let newest = Self.block(2, "two")
        let prelude = ContextPrelude(blocks: [
            ShownBlock(message: 1, block: Self.block(1, "one")), ShownBlock(message: 3, block: newest),
        ])
        let turn = ChatMessage.user("now")
        let whole: [ChatMessage] = [.user("\(BlockMarks.marked(newest))\n\nc"), .assistant("d"), turn]
        #expect(prelude.completed(whole, first: turn) == whole)
        let short = prelude.completed([.assistant("d"), turn], first: turn)
        #expect(short.map(\.content) == ["d", "\(BlockMarks.marked(newest))\n\nnow"])
        #expect(prelude.standingBytes == BlockMarks.marked(newest).utf8.count + 2)
    }

    @Test func aVersionThatWasShownInPartIsNotShownAgain() {
        let own = Self.block(2, "two of many words")
        let prelude = ContextPrelude(blocks: [ShownBlock(message: 1, isEdit: true, block: own)])
        let output = ChatMessage(
            role: .tool,
            content: "The block is now:\n" + #"<memory_block label="b" version="2" chara […]"#
        )
        let turn = ChatMessage.user("now")
        #expect(prelude.completed([output, turn], first: turn) == [output, turn])
        // An answer that speaks of it does not show it.
        let answer = ChatMessage.assistant(BlockMarks.opening(own))
        #expect(prelude.completed([answer, turn], first: turn).last?.content.hasSuffix("\n\nnow") == true)
    }

    @Test func anEditThatWasSeenAsAnOutputStandsBeforeNoMessage() {
        let own = Self.block(2, "two")
        let prelude = ContextPrelude(blocks: [
            ShownBlock(message: 1, block: Self.block(1, "one")), ShownBlock(message: 1, isEdit: true, block: own),
        ])
        let past = prelude.applied(to: [NumberedMessage(number: 1, message: .user("a"))])
        #expect(past.map(\.content) == ["\(BlockMarks.marked(Self.block(1, "one")))\n\na"])
        #expect(prelude.standing == [BlockMarks.marked(own)])
    }
}
