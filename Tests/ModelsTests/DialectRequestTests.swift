import HTTP
import HTTPTypes
import JSON
import TestSupport
import Testing

@testable import Conversation
@testable import Models
@testable import Wire

/// What is sent to servers of Messages and Responses.
@Suite struct DialectRequestTests {
    private func call(_ id: String, thoughts: [JSONValue] = [], from model: Model) -> ToolCallRequest {
        var call = ToolCallRequest(id: id, name: "f", arguments: #"{"a":1}"#)
        if !thoughts.isEmpty { call.native = NativeCall(origin: model.origin, message: ["content": .array(thoughts)]) }
        return call
    }

    private func model(_ provider: String, options: JSONObject = [:], omit: Set<String> = []) -> Model {
        var model = Model(name: "m", versionID: 1, provider: provider, baseURL: "http://a/v1", modelID: "m-1")
        model.changes = RequestChanges(options: options, omittedMembers: omit)
        return model
    }

    private func body(_ bytes: [UInt8]) throws -> JSONValue { try JSONValue(parsing: bytes) }

    @Test func anthropicIsSentExactlyThis() async throws {
        try await withMockModel { _ in
            .text("2")
        } perform: { mock in
            _ = try await withProvider(mock.baseURL, key: "the-key", provider: "anthropic") { provider in
                try await provider.respond(to: ModelRequest(messages: [.system("Be brief."), .user("1 + 1?")]))
            }
            let sent = try #require(await mock.server.requests.first)
            #expect(sent.path == "/v1/messages")
            #expect(sent.headers.first(name: "x-api-key") == "the-key")
            #expect(sent.headers.first(name: "authorization") == nil)
            #expect(sent.headers.first(name: "anthropic-version") == "2023-06-01")
            #expect(
                sent.text == """
                    {"model":"m-1","max_tokens":4096,"system":"Be brief.",\
                    "messages":[{"role":"user","content":"1 + 1?"}],"stream":true}
                    """
            )
        }
    }

    @Test func responsesAreSentExactlyThis() async throws {
        try await withMockModel { _ in
            .text("2")
        } perform: { mock in
            _ = try await withProvider(mock.baseURL, key: "the-key", provider: "openai_responses") { provider in
                try await provider.respond(to: ModelRequest(messages: [.system("Be brief."), .user("1 + 1?")]))
            }
            let sent = try #require(await mock.server.requests.first)
            #expect(sent.path == "/v1/responses")
            #expect(sent.headers.first(name: "authorization") == "Bearer the-key")
            #expect(
                sent.text == """
                    {"model":"m-1","instructions":"Be brief.","input":[{"role":"user","content":"1 + 1?"}],\
                    "store":false,"include":["reasoning.encrypted_content"],"stream":true,\
                    "stream_options":{"include_obfuscation":false}}
                    """
            )
        }
    }

    @Test func theOutputsOfARoundAreOneMessageBeforeWhatTheUserSays() throws {
        let model = model("anthropic")
        let calls = [call("a", from: model), call("b", from: model)]
        let messages: [ChatMessage] = [
            .user("go"), .assistant("", toolCalls: calls), .tool("1", for: calls[0]), .tool("", for: calls[1]),
            .user("faster"),
        ]
        let sent = try body(MessagesRequest(ModelRequest(messages: messages), to: model).bytes)["messages"]
        #expect(sent?.arrayValue?.count == 3)
        #expect(
            sent?[2]?["content"] == [
                ["type": "tool_result", "tool_use_id": "a", "content": "1"],
                ["type": "tool_result", "tool_use_id": "b", "content": "(no output)"],
                ["type": "text", "text": "faster"],
            ]
        )
        #expect(sent?[1]?["content"]?[0] == ["type": "tool_use", "id": "a", "name": "f", "input": ["a": 1]])
    }

    @Test func thereIsAlwaysRoomForAnAnswer() throws {
        func limit(_ asked: Int?, _ options: JSONObject = [:]) throws -> JSONValue? {
            let request = ModelRequest(messages: [.user("go")], maximumOutputTokens: asked)
            return try body(MessagesRequest(request, to: model("anthropic", options: options)).bytes)["max_tokens"]
        }
        #expect(try limit(nil) == 4_096)
        #expect(try limit(100) == 100)
        #expect(try limit(nil, ["max_tokens": 7]) == 7)
        #expect(try limit(100, ["max_tokens": 7]) == 100)
        #expect(try limit(nil, ["thinking": ["type": "enabled", "budget_tokens": 10_000]]) == 14_096)
        #expect(try limit(20_000, ["thinking": ["type": "enabled", "budget_tokens": 10_000]]) == 20_000)
    }

    /// A thinking model takes the outputs of its own calls only with what it thought before them.
    @Test func aRoundThatBeganElsewhereGoesOnWithoutThinking() throws {
        let model = model("anthropic", options: ["thinking": ["type": "enabled", "budget_tokens": 2_000]])
        let thought: JSONValue = ["type": "thinking", "thinking": "Hm.", "signature": "s"]
        for (own, foreign) in [(true, false), (false, true)] {
            let call = call("a", thoughts: own ? [thought] : [], from: model)
            let messages: [ChatMessage] = [.user("go"), .assistant("", toolCalls: [call]), .tool("1", for: call)]
            let sent = try body(MessagesRequest(ModelRequest(messages: messages), to: model).bytes)
            #expect((sent["thinking"] == nil) == foreign)
            #expect(throws: Never.self) { try MessagesRequest(body: sent) }
            // What the user says meanwhile belongs to the round.
            let steered = ModelRequest(messages: messages + [.user("faster")])
            let more = try body(MessagesRequest(steered, to: model).bytes)
            #expect((more["thinking"] == nil) == foreign)
            #expect((more["messages"]?.text.contains("Hm.") == true) == own)
        }
    }

    /// What the document adds beside them does not take away the form of the answer, or what has to go back.
    @Test func whatTheEngineNeedsIsCompleted() throws {
        let asked = ModelRequest(messages: [.user("Hi")], outputSchema: ["type": "object"])
        let options: JSONObject = [
            "text": ["verbosity": "low"], "include": ["x", "reasoning.encrypted_content"],
            "stream_options": ["include_obfuscation": true],
        ]
        let bytes = ResponsesRequest(asked, to: model("openai_responses", options: options)).bytes
        let responses = try body(bytes)
        #expect(responses["text"]?["verbosity"] == "low" && responses["text"]?["format"]?["type"] == "json_schema")
        #expect(responses["include"] == ["reasoning.encrypted_content", "x"])
        #expect(responses["stream_options"] == ["include_obfuscation": true])
        #expect(String(decoding: bytes, as: UTF8.self).split(separator: "\"verbosity\"").count == 2)
        let effort: JSONObject = ["output_config": ["effort": "low"]]
        let anthropic = try body(MessagesRequest(asked, to: model("anthropic", options: effort)).bytes)
        #expect(anthropic["output_config"]?["effort"] == "low")
        #expect(anthropic["output_config"]?["format"]?["type"] == "json_schema")
        // Without anything of the engine's own, what is added is all there is.
        let plain = ModelRequest(messages: [.user("Hi")])
        let alone = try body(MessagesRequest(plain, to: model("anthropic", options: effort)).bytes)
        #expect(alone["output_config"] == ["effort": "low"])
        let chat: JSONObject = ["stream_options": ["x": 1], "response_format": ["type": "text"]]
        let completions = try body(ChatCompletionRequest(asked, to: model("openai", options: chat)).bytes)
        #expect(completions["stream_options"] == ["include_usage": true, "x": 1])
        #expect(completions["response_format"] == ["type": "text"])
    }

    @Test func membersAreAddedAndLeftOut() throws {
        let asked = ModelRequest(messages: [.user("Hi")], temperature: 1.5, outputSchema: ["type": "object"])
        let cache: JSONObject = ["cache_control": ["type": "ephemeral"], "tool_choice": ["type": "any"]]
        let anthropic = try body(MessagesRequest(asked, to: model("anthropic", options: cache)).bytes)
        #expect(anthropic["cache_control"] == ["type": "ephemeral"] && anthropic["tool_choice"] == ["type": "any"])
        #expect(anthropic["temperature"] == 1)
        #expect(anthropic["output_config"]?["format"]?["schema"] == ["type": "object"])
        let few = try body(
            MessagesRequest(asked, to: model("anthropic", omit: ["temperature", "output_config"])).bytes
        )
        #expect(few["temperature"] == nil && few["output_config"] == nil)
        let responses = try body(ResponsesRequest(asked, to: model("openai_responses", omit: ["temperature"])).bytes)
        #expect(responses["temperature"] == nil)
        #expect(responses["text"]?["format"]?["type"] == "json_schema")
        #expect(responses["text"]?["format"]?["schema"] == ["type": "object"])
    }

    @Test(arguments: [
        ("openai_responses", "Encrypted content is not supported with this model.", "include"),
        ("openai_responses", "Invalid parameter: 'text.format' of type 'json_schema' is not supported.", "text"),
        ("anthropic", "output_config.format: Extra inputs are not permitted", "output_config"),
    ])
    func whatAServerRefusesIsNotSentAgain(provider: String, message: String, member: String) async throws {
        try await withMockModel { request in
            let isRefused = request.body[member] != nil && request.body[member]?["format"]?["type"] != "json_object"
            return isRefused ? .error(status: 400, message: message, type: "invalid_request_error") : .text("{}")
        } perform: { mock in
            try await withProvider(mock.baseURL, provider: provider) { provider in
                let request = ModelRequest(messages: [.user("Hi")], outputSchema: ["type": "object"])
                for _ in 0..<2 { _ = try await provider.respond(to: request) }
            }
            #expect(await mock.requests.count == 3)
        }
    }
}
