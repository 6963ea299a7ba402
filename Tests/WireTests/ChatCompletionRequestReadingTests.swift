import Definitions
import JSON
import Testing

@testable import Conversation
@testable import Wire

/// Requests as other clients write them, and what a server refuses.
@Suite struct ChatCompletionRequestReadingTests {
    private func read(_ body: String) throws -> ChatCompletionRequest {
        try ChatCompletionRequest(body: JSONValue(parsing: body))
    }

    @Test func whatAClientLeavesOutIsLeftToTheServer() throws {
        let request = try read(#"{"model":"m","messages":[{"role":"user","content":"Hi"}]}"#)
        let expected = ChatCompletionRequest(
            modelID: "m",
            content: ModelRequest(messages: [.user("Hi")]),
            isStreaming: false,
            includesUsage: false
        )
        #expect(request == expected)
        let nulls = """
            {"model":"m","messages":[{"role":"user","content":"Hi","name":null}],"tools":null,"temperature":null,\
            "max_tokens":null,"response_format":null,"stream":null,"stream_options":null,"seed":7,"n":1}
            """
        #expect(try read(nulls) == expected)
    }

    @Test func otherFormsOfTheSame() throws {
        let request = try read(
            """
            {"model":"m","messages":[{"role":"developer","content":[{"type":"text","text":"Be "},\
            {"type":"text","text":"brief."}]},{"role":"user","content":"a\\u0000b"},\
            {"role":"assistant","reasoning_content":"Hm.","tool_calls":[{"id":"c","function":{"name":"f","arguments":"{}"}}]},\
            {"role":"tool","tool_call_id":"c","content":"2"}],\
            "tools":[{"function":{"name":"f"}}],"response_format":{"type":"json_object"},"temperature":1}
            """
        )
        let call = ToolCallRequest(id: "c", name: "f", arguments: "{}")
        #expect(
            request.content.messages == [
                .system("Be brief."), .user("a\u{FFFD}b"), .assistant("", toolCalls: [call]), .tool("2", for: call),
            ]
        )
        let tool = ToolSpecification(name: "f", description: "", inputSchema: JSONText(["type": "object"]))
        #expect(request.content.tools == [tool])
        #expect(request.content.outputSchema == ["type": "object"])
        #expect(request.content.temperature == 1)
    }

    @Test func allMistakesAreReportedWithTheirPlaces() throws {
        let body: JSONValue = [
            "messages": [
                7, ["role": "function", "content": "x"], ["role": "user"],
                [
                    "role": "user",
                    "content": [["type": "image_url", "image_url": ["url": "data:,"]], ["type": "text"]],
                ],
                ["role": "tool", "content": "x"],
                [
                    "role": "assistant",
                    "tool_calls": [
                        ["id": "c"], ["id": "c", "type": "x", "function": ["name": "f", "arguments": [:]]],
                    ],
                ],
            ],
            "tools": [["function": ["description": 1, "parameters": "x"]]], "temperature": "hot", "max_tokens": 0,
            "response_format": ["type": "grammar"], "stream": 1,
        ]
        let error = #expect(throws: RequestError.self) { try ChatCompletionRequest(body: body) }
        #expect(
            error?.problems.map(\.description) == [
                "messages[0]: expected an object, found integer",
                "messages[1].role: expected one of system, user, assistant, tool",
                "messages[2].content: expected a string or an array of parts, found null",
                "messages[3].content[0].type: expected \"text\", found \"image_url\"",
                "messages[3].content[1].text: expected a string",
                "messages[4]: expected a member \"tool_call_id\"",
                "messages[5].tool_calls[0]: expected a member \"function\"",
                "messages[5].tool_calls[1].type: expected \"function\"",
                "messages[5].tool_calls[1].function.arguments: expected a string",
                "tools[0].function: expected a member \"name\"",
                "tools[0].function.description: expected a string, found integer",
                "tools[0].function.parameters: expected an object, found string",
                "temperature: expected a number, found string",
                "max_tokens: expected an integer from 1 to 2147483647",
                "response_format.type: expected one of text, json_object, json_schema",
                "expected a member \"model\"", "stream: expected a boolean, found integer",
            ]
        )
    }

    @Test(arguments: [
        (#"{"model":"m"}"#, "messages: expected at least one message"),
        (#"{"model":"m","messages":[]}"#, "messages: expected at least one message"),
        (#"{"model":"m","messages":{}}"#, "messages: expected an array, found object"),
        ("[]", "expected an object, found array"),
    ])
    func whatIsNoConversationIsRefused(body: String, message: String) throws {
        let error = #expect(throws: RequestError.self) { try read(body) }
        let report = ServerErrorReport(message: message, type: "invalid_request_error")
        #expect(error?.report == report)
        let json: JSONValue = ["error": ["message": .string(message), "type": "invalid_request_error"]]
        #expect(report.json == json)
    }
}
