import JSON
import Testing

@testable import Conversation
@testable import Wire

/// Each item of an answer is in it once, however a gateway numbers the items of its stream.
@Suite struct ResponsesItemsTests {
    private static func call(_ id: String, arguments: String = "{}") -> JSONValue {
        [
            "type": "function_call", "id": .string("fc_\(id)"), "call_id": .string(id), "name": "f",
            "arguments": .string(arguments),
        ]
    }

    private static func text(_ text: String) -> JSONValue {
        ["type": "message", "role": "assistant", "content": [["type": "output_text", "text": .string(text)]]]
    }

    private static func reasoning(_ encrypted: String?) -> JSONValue {
        var item: JSONObject = ["type": "reasoning", "id": "rs_1", "summary": []]
        item["encrypted_content"] = encrypted.map { .string($0) }
        return .object(item)
    }

    /// What is read of items that are reported at places, and then perhaps listed.
    private func outcome(
        _ items: [(place: Int64, item: JSONValue)],
        listed: [JSONValue],
        maximumToolCalls: Int = 8
    ) -> AnswerStream.Outcome {
        var events = items.map { place, item in
            AnswerEvent(
                data: JSONValue.object([
                    "type": "response.output_item.done", "output_index": .integer(place), "item": item,
                ]).text
            )
        }
        let response: JSONValue = ["status": "completed", "output": .array(listed)]
        events.append(AnswerEvent(data: JSONValue.object(["type": "response.completed", "response": response]).text))
        return AnswerStream(events: events).outcome(
            with: ResponsesAssembler(maximumToolCalls: maximumToolCalls) { "made" }
        )
    }

    static let numbers: [[Int64]] = [[0, 1], [0, 0], [1, 2], [7, 7], [5, 3]]

    @Test(arguments: numbers, [true, false])
    func numbersMayBeReusedAndShifted(places: [Int64], isListed: Bool) {
        let items = [Self.call("a"), Self.call("b")]
        let outcome = outcome(Array(zip(places, items)), listed: isListed ? items : [])
        let inOrder = isListed || places[0] <= places[1]
        #expect(outcome.answer?.message.toolCalls.map(\.id) == (inOrder ? ["a", "b"] : ["b", "a"]))
    }

    @Test func whatIsReportedTwiceIsThereOnce() {
        let twice = outcome(
            [(0, Self.text("Hi.")), (0, Self.text("Hi.")), (1, Self.call("a")), (2, Self.call("a"))],
            listed: []
        )
        #expect(twice.answer?.message.content == "Hi." && twice.shown == "Hi.")
        #expect(twice.answer?.message.toolCalls.map(\.id) == ["a"])
    }

    @Test func theEndIsTheAnswerUnlessItSaysNothing() {
        let reported: [(Int64, JSONValue)] = [(0, Self.text("Hi.")), (1, Self.call("a"))]
        let more = outcome(reported, listed: [Self.text("Hi."), Self.call("a"), Self.text("Bye.")])
        #expect(more.answer?.message.content == "Hi.\n\nBye." && more.shown == "Hi.\n\nBye.")
        let nothing = outcome(reported, listed: [Self.reasoning("e")])
        #expect(nothing.answer?.message.content == "Hi." && nothing.answer?.message.toolCalls.count == 1)
    }

    @Test func textsAtOnePlaceAreApart() {
        let outcome = outcome([(0, Self.text("Hi.")), (0, Self.text("Bye."))], listed: [])
        #expect(outcome.answer?.message.content == "Hi.\n\nBye." && outcome.shown == "Hi.\n\nBye.")
    }

    @Test func thereAreNotTooManyItems() {
        let items = (0..<1_005).map { (Int64($0), Self.text("\($0)")) }
        #expect(
            outcome(items, listed: [], maximumToolCalls: 1).error == .tooLarge("the answer has more than 1004 parts")
        )
        let calls = (0..<3).map { Self.call("\($0)") }
        #expect(
            outcome([], listed: calls, maximumToolCalls: 2).error
                == .tooLarge("the answer asks for more than 2 tool calls")
        )
    }

    /// Its server would not find it again, nor take the ids of the calls after it.
    @Test func reasoningOfWhichOnlyTheIDCameIsNotKept() {
        for (encrypted, isKept) in [("e", true), ("", false), (nil, false)] {
            let items = [Self.reasoning(encrypted), Self.call("a")]
            #expect((outcome([], listed: items).natives != [nil]) == isKept)
        }
    }

    @Test func reasoningThatIsTooLongIsNotKept() {
        for (length, isKept) in [(200_000, true), (300_000, false)] {
            let items = [Self.reasoning(String(repeating: "e", count: length)), Self.call("a")]
            let outcome = outcome([], listed: items)
            #expect((outcome.natives != [nil]) == isKept)
            #expect(outcome.answer?.message.toolCalls.count == 1)
        }
    }
}
