import JSON
import Testing

@testable import Conversation
@testable import Wire

/// What a model is told that writes its steps.
struct ReactFormTests {
    @Test func toolsAreToldInWordsAndByAnExample() throws {
        var request = ReactReaderTests.request
        request.tools = [
            ToolSpecification(
                name: "book",
                description: "Books a table.",
                inputSchema: try JSONText(
                    validating: #"""
                        {"type": "object", "required": ["day", "guests"], "properties": {
                          "day": {"type": "string", "enum": ["today", "tomorrow"], "description": "When."},
                          "guests": {"type": "array", "items": {"type": "object", "properties": {"name": {"type": "string"}}}},
                          "note": {"type": ["string", "null"]}}}
                        """#
                )
            )
        ]
        let form = ReactForm(request)
        #expect(
            form.tools[0].text == """
                - book: Books a table.
                  Arguments: day (one of "today", "tomorrow", required): When.; guests (array, required); note (string or null). \
                For example: {"day":"today","guests":[{"name":"..."}]}
                """
        )
        #expect(!form.instructions.contains("properties"))
        #expect(form.instructions.hasSuffix(#"Action Input: {"day":"today","guests":[{"name":"..."}]}"#))
    }

    @Test func aSchemaIsWhatFinishTakes() throws {
        var request = ReactReaderTests.request
        request.outputSchema = try JSONValue(
            parsing: #"{"type": "object", "required": ["city"], "properties": {"city": {"type": "string"}}}"#
        )
        let text = ReactForm(request).instructions
        #expect(text.contains(#"Action Input: {"city":"..."}"#))
        #expect(text.contains("The input of finish: city (string, required)."))
    }

    @Test func callsAreStepsAndOutputsAreObservations() {
        let calls = [
            ToolCallRequest(id: "a", name: "calculator", arguments: #"{"expression":"1"}"#),
            ToolCallRequest(id: "b", name: "current_time", arguments: ""),
        ]
        let messages: [ChatMessage] = [
            .system("Be brief."), .user("Hello"), .assistant("Hello."), .user("One?"),
            .assistant("I compute.", toolCalls: calls), .tool("1", for: calls[0]), .tool("noon", for: calls[1]),
            .user("Quick!"), .assistant("Thought: Hm.\nAction: x"),
        ]
        let form = ReactForm(ReactReaderTests.request)
        let written = ReactHistory(form).messages(messages)
        #expect(written.map(\.role) == [.system, .user, .assistant, .user, .assistant, .user, .assistant, .user, .assistant])
        #expect(written[0].content == "Be brief.\n\n" + form.instructions)
        #expect(written[2].content == "Thought: I know the answer.\nAction: finish\nAction Input: {\"answer\":\"Hello.\"}")
        #expect(written[4].content == "Thought: I compute.\nAction: calculator\nAction Input: {\"expression\":\"1\"}")
        #expect(written[5].content == "Observation: 1")
        #expect(written[6].content == "Thought: I need the tool current_time.\nAction: current_time\nAction Input: {}")
        #expect(written[7].content == "Observation: noon\n\nQuick!")
        // A step is shown as it was written.
        #expect(written[8].content == "Thought: Hm.\nAction: x")
        let plain = ReactHistory(nil).messages(Array(messages.prefix(3)))
        #expect(plain == Array(messages.prefix(3)))
    }

    @Test(arguments: [
        ("calculator", #"{ "expression" : "1" }"#, true), ("calculator", #"{"expression":"2"}"#, false),
        ("current_time", #"{"expression":"1"}"#, false),
    ])
    func theSameCallTwiceRunningIsARepetition(name: String, arguments: String, isOne: Bool) {
        let last = ToolCallRequest(id: "a", name: "calculator", arguments: #"{"expression":"1"}"#)
        #expect((ReactForm.repetition(of: name, arguments, after: last) != nil) == isOne)
        #expect(ReactForm.repetition(of: name, arguments, after: nil) == nil)
    }
}
