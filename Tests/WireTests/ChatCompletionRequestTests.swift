import JSON
import Testing

@testable import Conversation
@testable import Wire

@Suite struct ChatCompletionRequestTests {
    private func text(_ request: ModelRequest) -> String {
        String(decoding: ChatCompletionRequest(modelID: "m-1", content: request).bytes, as: UTF8.self)
    }

    @Test func plainRequest() {
        let request = ModelRequest(messages: [.system("Be brief."), .user("Say \"hi\"\n")])
        #expect(
            text(request) == """
                {"model":"m-1","messages":[{"role":"system","content":"Be brief."},\
                {"role":"user","content":"Say \\"hi\\"\\n"}],"stream":true,"stream_options":{"include_usage":true}}
                """
        )
    }

    @Test func everything() throws {
        let call = ToolCallRequest(id: "call_1", name: "calculator", arguments: #"{"expression":"1+1"}"#)
        let schema = #"{"type":"object","properties":{"z":{},"a":{}}}"#
        let tool = ToolSpecification(
            name: "calculator",
            description: "Computes.",
            inputSchema: try JSONText(validating: schema)
        )
        let request = ModelRequest(
            messages: [
                ChatMessage(role: .user, content: "1+1?", name: "ada"), .assistant("", toolCalls: [call]),
                .tool("2", for: call), .assistant("Let me see.", toolCalls: [call]), .tool("2", for: call),
            ],
            tools: [tool],
            temperature: 0.7,
            topP: 1,
            presencePenalty: 0,
            frequencyPenalty: -0.5,
            maximumOutputTokens: 100,
            outputSchema: ["type": "object", "additionalProperties": false]
        )
        let calls = """
            [{"id":"call_1","type":"function","function":{"name":"calculator",\
            "arguments":"{\\"expression\\":\\"1+1\\"}"}}]
            """
        #expect(
            text(request) == """
                {"model":"m-1","messages":[{"role":"user","name":"ada","content":"1+1?"},\
                {"role":"assistant","content":null,"tool_calls":\(calls)},\
                {"role":"tool","tool_call_id":"call_1","content":"2"},\
                {"role":"assistant","content":"Let me see.","tool_calls":\(calls)},\
                {"role":"tool","tool_call_id":"call_1","content":"2"}],\
                "tools":[{"type":"function","function":{"name":"calculator","description":"Computes.",\
                "parameters":\(schema)}}],\
                "temperature":0.7,"top_p":1.0,"presence_penalty":0.0,"frequency_penalty":-0.5,"max_tokens":100,\
                "response_format":{"type":"json_schema","json_schema":{"name":"answer",\
                "schema":{"type":"object","additionalProperties":false}}},\
                "stream":true,"stream_options":{"include_usage":true}}
                """
        )
    }

    @Test func outputLimitUnderItsOtherName() throws {
        let content = ModelRequest(messages: [], maximumOutputTokens: 7)
        let request = ChatCompletionRequest(
            modelID: "m-1",
            content: content,
            outputLimitMember: .maximumCompletionTokens
        )
        let body = try JSONValue(parsing: request.bytes)
        #expect(body["max_completion_tokens"] == 7)
        #expect(body["max_tokens"] == nil)
    }

    /// Servers parse the arguments in the history, and would refuse every later request.
    @Test(arguments: [
        ("", "{}"), (#"{"a": 1}"#, #"{"a": 1}"#), ("{\"a\":", #"{"invalid_arguments":"{\"a\":"}"#),
        ("[1]", #"{"invalid_arguments":"[1]"}"#), ("oops", #"{"invalid_arguments":"oops"}"#),
    ])
    func argumentsInTheHistoryAreObjects(written: String, sent: String) {
        #expect(written.argumentsForHistory == sent)
    }
}
