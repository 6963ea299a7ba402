import JSON
import Testing

@testable import Conversation
@testable import Wire

/// Steps as models write them, whole and in pieces.
struct ReactReaderTests {
    /// A request with tools of one argument, of two, and of none.
    static let request = ModelRequest(
        messages: [.user("Hello")],
        tools: [
            tool("calculator", ["expression": ["type": "string", "examples": ["12 * 7"]]], required: ["expression"]),
            tool("write_file", ["path": ["type": "string"], "content": ["type": "string"]], required: ["path", "content"]),
            tool("current_time", [:], required: []),
            tool("repeat", ["n": ["type": "integer"], "deep": ["type": "object"]], required: ["n"]),
        ]
    )

    static func tool(_ name: String, _ properties: JSONObject, required: [JSONValue]) -> ToolSpecification {
        let schema: JSONValue = [
            "type": "object", "properties": .object(properties), "required": .array(required),
        ]
        return ToolSpecification(name: name, description: "Does it.", inputSchema: JSONText(schema))
    }

    private static let sum = #"{"expression": "12 * 7"}"#

    private static func calls(
        _ name: String = "calculator",
        _ arguments: String = sum,
        thought: String = "I compute."
    ) -> ReactStep {
        .call(thought: thought, name: name, arguments: arguments)
    }

    static let forms: [(form: String, text: String, step: ReactStep)] = [
        ("as it is asked for", "Thought: I compute.\nAction: calculator\nAction Input: \(sum)", calls()),
        ("small letters", "thought: I compute.\naction: calculator\naction input: \(sum)", calls()),
        ("capital letters", "THOUGHT: I compute.\nACTION: calculator\nACTION INPUT: \(sum)", calls()),
        ("bold", "**Thought:** I compute.\n**Action:** calculator\n**Action Input:** \(sum)", calls(thought: "** I compute.")),
        ("bold words", "**Thought**: I compute.\n**Action**: `calculator`\n**Action Input**: \(sum)", calls()),
        ("titles", "### Thought: I compute.\n### Action: calculator\n### Action Input: \(sum)", calls()),
        ("a list", "- Thought: I compute.\n- Action: calculator\n- Action Input: \(sum)", calls()),
        ("numbers", "1. Thought: I compute.\n2. Action: calculator\n3. Action Input: \(sum)", calls()),
        ("numbered words", "Thought 1: I compute.\nAction 1: calculator\nAction Input 1: \(sum)", calls()),
        ("one word", "Thought: I compute.\nAction: calculator\nAction_Input: \(sum)", calls()),
        ("another word", "Thought: I compute.\nAction: calculator\nInput: \(sum)", calls()),
        ("full width", "Thought：I compute.\nAction：calculator\nAction Input：\(sum)", calls()),
        ("no thought", "Action: calculator\nAction Input: \(sum)", calls(thought: "")),
        ("words before", "Sure!\n\nThought: I compute.\nAction: calculator\nAction Input: \(sum)", calls(thought: "Sure!\nI compute.")),
        ("a fence", "Thought: I compute.\nAction: calculator\nAction Input: ```json\n\(sum)\n```", calls()),
        ("a fence below", "Thought: I compute.\nAction: calculator\nAction Input:\n```\n\(sum)\n```\nThat is all.", calls()),
        ("one line", "Thought: I compute.\nAction: calculator Action Input: \(sum)", calls()),
        ("an observation", "Thought: I compute.\nAction: calculator\nAction Input: \(sum)\nObservation: 84\nThought: Done.\nAction: finish\nAction Input: {\"answer\": \"84\"}", calls()),
        ("two actions", "Thought: I compute.\nAction: calculator\nAction Input: \(sum)\nAction: current_time\nAction Input: {}", calls()),
        ("an answer too", "Thought: I compute.\nAction: calculator\nAction Input: \(sum)\nFinal Answer: 84", calls()),
        ("thinking", "<think>\nAction: current_time\n</think>\nThought: I compute.\nAction: calculator\nAction Input: \(sum)", calls()),
        ("the end of thinking", "Action: current_time\nObservation: noon\n</think>\n\nThought: I compute.\nAction: calculator\nAction Input: \(sum)", calls()),
        ("a call", "Thought: I compute.\nAction: calculator(\(sum))", calls("calculator", #"{"expression":"12 * 7"}"#)),
        ("named arguments", "Thought: I compute.\nAction: repeat(n=3, deep={'a': [1, True, None,]})", calls("repeat", #"{"n":3,"deep":{"a":[1,true,null]}}"#)),
        ("an argument without its name", "Thought: I compute.\nAction: calculator(\"12 * 7\")", calls("calculator", #"{"expression":"12 * 7"}"#)),
        ("words as input", "Thought: I compute.\nAction: calculator\nAction Input: 12 * 7", calls("calculator", #"{"expression":"12 * 7"}"#)),
        ("single quotes", "Thought: I compute.\nAction: calculator\nAction Input: {'expression': '12 * 7'}", calls("calculator", #"{"expression":"12 * 7"}"#)),
        ("line breaks in a string", "Thought: I compute.\nAction: write_file\nAction Input: {\"path\": \"a\", \"content\": \"one\nAction: two\n\"}", calls("write_file", #"{"path":"a","content":"one\nAction: two\n"}"#)),
        ("no input", "Thought: I compute.\nAction: current_time", calls("current_time", "{}")),
        ("no arguments", "Thought: I compute.\nAction: current_time\nAction Input: None", calls("current_time", "{}")),
        ("capitals in the name", "Thought: I compute.\nAction: Calculator\nAction Input: \(sum)", calls()),
        ("a name with a space of names", "Thought: I compute.\nAction: functions.calculator\nAction Input: \(sum)", calls()),
        ("a sentence", "Thought: I compute.\nAction: Use the calculator tool\nAction Input: \(sum)", calls()),
        ("an object", "Thought: I compute.\nAction: {\"name\": \"calculator\", \"arguments\": \(sum)}", calls("calculator", #"{"expression":"12 * 7"}"#)),
        ("a tag", "Thought: I compute.\n<tool_call>\n{\"name\": \"calculator\", \"arguments\": \(sum)}\n</tool_call>", calls("calculator", #"{"expression":"12 * 7"}"#)),
        ("finish", "Thought: I know.\nAction: finish\nAction Input: {\"answer\": \"It is \\\"84\\\".\\nYes \\ud83d\\ude00\"}", .reply("It is \"84\".\nYes 😀")),
        ("finish with a line break", "Action: finish\nAction Input: {\"answer\": \"one\nObservation: two\"}", .reply("one\nObservation: two")),
        ("finish in words", "Thought: I know.\nAction: finish\nAction Input: It is 84.", .reply("It is 84.")),
        ("finish as a call", "Action: finish(answer=\"It is 84.\")", .reply("It is 84.")),
        ("finish with a number", "Action: finish\nAction Input: {\"answer\": 84}", .reply("84")),
        ("finish with another member", "Action: finish\nAction Input: {\"result\": \"It is 84.\"}", .reply("It is 84.")),
        ("finish that does not end", "Action: finish\nAction Input: {\"answer\": \"It is 84.", .reply("It is 84.")),
        ("a final answer", "Thought: I know.\nFinal Answer: It is 84.\nThought: it is.\n", .reply("It is 84.\nThought: it is.")),
        ("a bold final answer", "**Final Answer:** It is **84**.", .reply("It is **84**.")),
        ("an answer", "Thought: I know.\nAnswer: It is 84.", .reply("It is 84.")),
        ("no action, and an answer", "Thought: I know.\nAction: None\nFinal Answer: It is 84.", .reply("It is 84.")),
        ("no headings", "  It is 84.\n\nAnswers: one.\n", .reply("It is 84.\n\nAnswers: one.")),
        ("a thought alone", "Thought: I compute.", .unreadable("there is a Thought and no Action")),
        ("nothing", "<think>Well</think>\n", .unreadable("it says nothing")),
        ("no such tool", "Action: browse\nAction Input: {}", .unreadable("there is no tool \"browse\"; the tools are calculator, write_file, current_time, repeat, and finish")),
        ("half an object", "Action: calculator\nAction Input: {\"expression\": ", .unreadable("the Action Input is not one whole JSON object")),
        ("no input where one is needed", "Action: calculator", .unreadable("there is no Action Input; calculator takes expression (string, required)")),
        ("an empty answer", "Action: finish\nAction Input: {\"answer\": \" \"}", .unreadable("the answer is empty")),
    ]

    @Test(arguments: forms.indices)
    func eachFormIsRead(index: Int) {
        let (form, text, expected) = Self.forms[index]
        var reader = ReactReader(ReactForm(Self.request))
        _ = reader.consume(text)
        let step = reader.step()
        if case .call(let thought, let name, let arguments) = step, case .call(_, name, arguments) = expected {
            // What decorates a thought may stay with it.
            #expect(thought.contains("I compute.") || expected == step, "\(form)")
            return
        }
        #expect(step == expected, "\(form)")
    }

    /// Cut anywhere, an answer means the same, and what is shown is how the reply begins.
    @Test(arguments: forms.indices)
    func eachFormMeansTheSameInPieces(index: Int) {
        let (form, text, _) = Self.forms[index]
        let scalars = Array(text.unicodeScalars)
        func slice(_ range: Range<Int>) -> String { String(String.UnicodeScalarView(scalars[range])) }
        var whole = ReactReader(ReactForm(Self.request))
        _ = whole.consume(text)
        let expected = whole.step()
        for cut in 0...scalars.count {
            var reader = ReactReader(ReactForm(Self.request))
            let shown = reader.consume(slice(0..<cut)) + reader.consume(slice(cut..<scalars.count))
            #expect(reader.step() == expected, "\(form), cut at \(cut)")
            expectShown(shown, beginning: expected)
        }
        var single = ReactReader(ReactForm(Self.request))
        let shown = scalars.map { single.consume(String(Character($0))) }.joined()
        #expect(single.step() == expected, "\(form), one by one")
        expectShown(shown, beginning: expected)
    }

    private func expectShown(_ shown: String, beginning step: ReactStep) {
        switch step {
        case .reply(let text): #expect(Array(text.utf8).starts(with: Array(shown.utf8)))
        case .call, .cut: #expect(shown.isEmpty)
        case .unreadable: #expect(shown.isBlank)
        }
    }

    @Test func theReplyIsShownWhileItComes() {
        var reader = ReactReader(ReactForm(Self.request))
        #expect(reader.consume("Thought: I know.\nAction: finish\nAction Input: {\"answer\": \"It is") == "It is")
        #expect(reader.consume(" 84 \\ud83d") == " 84 ")
        #expect(reader.consume("\\ude00.\"}") == "😀.")
        var answer = ReactReader(ReactForm(Self.request))
        #expect(answer.consume("Final Answer: It is 84.  ") == "It is 84.")
        #expect(answer.consume("Really.\n") == "  Really.")
        #expect(answer.step() == .reply("It is 84.  Really."))
    }

    @Test(arguments: [
        ("Thought: I compute.\nAction: calcu", ReactStep.cut(thought: "I compute.")),
        ("Thought: I compute.\nAction: calculator\nAction Input: {\"expr", .cut(thought: "I compute.")),
        ("Thought: I com", .cut(thought: "I com")), ("It is 8", .reply("It is 8")),
        ("Action: finish\nAction Input: {\"answer\": \"It is 8", .reply("It is 8")),
        ("Action: current_time\nAction Input: {}\nObs", .call(thought: "", name: "current_time", arguments: "{}")),
    ])
    func whatIsCutIsNoAction(text: String, expected: ReactStep) {
        var reader = ReactReader(ReactForm(Self.request))
        _ = reader.consume(text)
        #expect(reader.step(isCut: true) == expected)
    }

    @Test(arguments: [
        (#"{"type":"object","properties":{"city":{"type":"string"}}}"#, #"{"city": "Paris"}"#, #"{"city": "Paris"}"#),
        (#"{"type":"object","properties":{"city":{"type":"string"}}}"#, #"{"answer": {"city": "Paris"}}"#, #"{"city":"Paris"}"#),
        (#"{"type":"object","properties":{"answer":{"type":"object"}}}"#, #"{"answer": {"a": 1}}"#, #"{"answer": {"a": 1}}"#),
        (#"{"type":"array","items":{"type":"integer"}}"#, #"{"answer": [1, 2]}"#, "[1,2]"),
    ])
    func anAnswerThatFitsASchemaIsTheInputOfFinish(schema: String, input: String, reply: String) throws {
        var request = Self.request
        request.outputSchema = try JSONValue(parsing: schema)
        var reader = ReactReader(ReactForm(request))
        #expect(reader.consume("Action: finish\nAction Input: \(input)") == "")
        #expect(reader.step() == .reply(reply))
        var answer = ReactReader(ReactForm(request))
        _ = answer.consume("Final Answer: Here it is: {\"city\": \"Paris\"}")
        #expect(answer.step() == .reply(#"{"city": "Paris"}"#))
    }
}
