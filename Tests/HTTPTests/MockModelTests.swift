import HTTP
import HTTPTypes
import JSON
import TestSupport
import Testing

/// The mock is what the tests of the upper layers believe in, so it has tests itself.
@Suite(.timeLimit(.minutes(5)))
struct MockModelTests {
    private func post(_ body: JSONValue, to model: MockModel, with client: HTTPClient) async throws
        -> HTTPClientResponse
    {
        try await client.execute(
            HTTPClientRequest(method: .post, url: "\(model.baseURL)/chat/completions", body: Array(body.text.utf8))
        )
    }

    @Test func repliesInOnePiece() async throws {
        try await withMockModel { request in
            .text("you said \(request.lastText)", usage: .init(prompt: 10, cached: 4, completion: 3))
        } perform: { model in
            try await withHTTPClient { client in
                let body: JSONValue = ["model": "m", "messages": [["role": "user", "content": "hello"]]]
                let reply = try await JSONValue(parsing: post(body, to: model, with: client).collect())
                #expect(reply["model"] == "m")
                #expect(
                    reply["choices"] == [
                        [
                            "index": 0, "message": ["role": "assistant", "content": "you said hello"],
                            "finish_reason": "stop",
                        ]
                    ]
                )
                #expect(
                    reply["usage"] == [
                        "prompt_tokens": 10, "completion_tokens": 3, "total_tokens": 13,
                        "prompt_tokens_details": ["cached_tokens": 4],
                    ]
                )
                #expect(await model.requests.map(\.body) == [body])
            }
        }
    }

    @Test func streamsTextAndCallsOfToolsAndTheUsageWhereItIsAskedFor() async throws {
        let calls = [
            MockModelReply.ToolCall(id: "c1", name: "first", arguments: #"{"path":"a long one"}"#),
            MockModelReply.ToolCall(id: "c2", name: "second", arguments: "{}"),
        ]
        try await withMockModel { _ in
            .toolCalls(calls, text: "let me look that up")
        } perform: { model in
            try await withHTTPClient { client in
                let body: JSONValue = [
                    "model": "m", "messages": [["role": "user", "content": "hello"]], "stream": true,
                    "stream_options": ["include_usage": true],
                ]
                let response = try await post(body, to: model, with: client)
                #expect(response.headers.first(name: "content-type") == "text/event-stream")
                var data: [String] = []
                for try await event in response.body.serverSentEvents() { data.append(event.data) }
                #expect(data.last == "[DONE]")
                let chunks = try data.dropLast().map { try JSONValue(parsing: $0) }
                let deltas = chunks.compactMap { $0["choices"]?[0]?["delta"] }
                #expect(deltas.compactMap { $0["content"]?.stringValue }.joined() == "let me look that up")
                var assembled: [JSONValue: (id: String, name: String, arguments: String)] = [:]
                for call in deltas.compactMap({ $0["tool_calls"]?[0] }) {
                    let index = try #require(call["index"])
                    if let id = call["id"]?.stringValue {
                        assembled[index] = (id, call["function"]?["name"]?.stringValue ?? "", "")
                    }
                    assembled[index]?.arguments += call["function"]?["arguments"]?.stringValue ?? ""
                }
                #expect(assembled[0]! == (calls[0].id, calls[0].name, calls[0].arguments))
                #expect(assembled[1]! == (calls[1].id, calls[1].name, calls[1].arguments))
                #expect(chunks.compactMap { $0["choices"]?[0]?["finish_reason"]?.stringValue } == ["tool_calls"])
                #expect(chunks.last?["usage"]?["total_tokens"] == 11)
            }
        }
    }

    @Test func refusesWhatIsNoChatCompletion() async throws {
        try await withMockModel { _ in
            .text("")
        } perform: { model in
            try await withHTTPClient { client in
                let noMessages = try await post(["model": "m"], to: model, with: client)
                #expect(noMessages.status == 400)
                let wrongPath = try await client.execute(HTTPClientRequest(url: model.baseURL))
                #expect(wrongPath.status == 404)
            }
        }
    }

    @Test func errorsAndMalformedReplies() async throws {
        let replies: [MockModelReply] = [
            .error(status: 429, retryAfter: 7), .notJSON, .noChoices, .unfinished(after: "half"), .cut(after: "half"),
        ]
        for streams in [false, true] {
            for (index, reply) in replies.enumerated() {
                try await withMockModel { _ in
                    reply
                } perform: { model in
                    try await withHTTPClient { client in
                        let body: JSONValue = [
                            "model": "m", "messages": [["role": "user", "content": "x"]], "stream": .bool(streams),
                        ]
                        let response = try await post(body, to: model, with: client)
                        #expect(response.status == (index == 0 ? 429 : 200))
                        #expect(response.headers.first(name: "Retry-After") == (index == 0 ? "7" : nil))
                        let code = await httpErrorCode { _ = try await response.collect() }
                        #expect(code == (index == 4 ? .truncated : nil))
                    }
                }
            }
        }
    }

    @Test func holdsAStreamBackAtAGate() async throws {
        let gate = MockGate()
        try await withMockModel { _ in
            .text("12345678abcdefgh").held(at: gate)
        } perform: { model in
            try await withHTTPClient { client in
                let body: JSONValue = ["model": "m", "messages": [["role": "user", "content": "x"]], "stream": true]
                let response = try await post(body, to: model, with: client)
                var events = response.body.serverSentEvents().makeAsyncIterator()
                for expected in ["", "12345678", "abcdefgh"] {
                    await gate.open()
                    let event = try #require(try await events.next())
                    let chunk = try JSONValue(parsing: event.data)
                    #expect(chunk["choices"]?[0]?["delta"]?["content"]?.stringValue == expected)
                }
            }
        }
    }
}
