import HTTP
import HTTPTypes
import JSON
import TestSupport
import Testing

@testable import Conversation
@testable import Models

/// Whatever a server does wrong becomes a typed error.
@Suite struct OpenAIFailureTests {
    private let request = ModelRequest(messages: [.user("What is the launch code?")])

    /// The error of a call to a server that answers in a certain way.
    private func error(
        key: String? = nil,
        idleTimeout: Duration = .seconds(20),
        totalTimeout: Duration = .seconds(60),
        maximumResponseBytes: Int = 4 << 20,
        _ reply: MockModelReply
    ) async throws -> ModelError? {
        try await withMockModel { _ in
            reply
        } perform: { mock in
            try await withProvider(
                mock.baseURL,
                key: key,
                idleTimeout: idleTimeout,
                totalTimeout: totalTimeout,
                maximumResponseBytes: maximumResponseBytes
            ) { provider in
                await #expect(throws: ModelError.self) { try await provider.respond(to: request) }
            }
        }
    }

    private let silence = ModelError(.timeout, "the server fell silent for longer than the idle timeout")

    @Test func silenceBeforeTheAnswer() async throws {
        let error = try await error(idleTimeout: .milliseconds(200), .response(.hang))
        #expect(error == silence)
    }

    @Test func silenceInTheMiddle() async throws {
        let error = try await error(idleTimeout: .milliseconds(200), .hang(after: "Once upon"))
        #expect(error == silence)
    }

    @Test func anAnswerThatTakesTooLong() async throws {
        let drip = MockResponse.drip(Array(repeating: ": still here\n\n", count: 1_000), every: .milliseconds(20))
        let error = try await error(totalTimeout: .milliseconds(300), .response(drip))
        #expect(error == ModelError(.timeout, "the answer took longer than the total timeout"))
    }

    @Test func aConnectionThatIsCut() async throws {
        let error = try await error(.cut(after: "Once upon"))
        #expect(error == ModelError(.truncated, "the connection was cut in the middle of the answer"))
    }

    @Test func aStreamThatEndsInTheMiddle() async throws {
        let error = try await error(.unfinished(after: "Once upon"))
        #expect(error == ModelError(.truncated, "the answer broke off after 1 chunks"))
    }

    @Test func aPlainAnswerThatIsCut() async throws {
        let cut = MockResponse.raw { connection in
            let headers: HTTPFields = [
                HTTPField("Content-Type", "application/json"), HTTPField("Content-Length", "1000"),
            ]
            try await connection.writeHead(status: 200, headers: headers)
            try await connection.write(Array(#"{"choices":[{"message":"#.utf8))
        }
        #expect(try await error(.response(cut))?.code == .truncated)
    }

    @Test func anEventThatEndsInItsMiddle() async throws {
        let error = try await error(.notJSON)
        #expect(error == ModelError(.truncated, "the answer broke off after 0 chunks"))
    }

    @Test func aBodyThatIsNotJSON() async throws {
        let json: HTTPFields = [HTTPField("Content-Type", "application/json")]
        let error = try await error(.response(.bytes(Array("[{".utf8), headers: json)))
        #expect(error == ModelError(.malformed, "the body of the answer is not JSON: unexpectedEnd at byte 2"))
    }

    @Test func eventsOfAnotherShape() async throws {
        #expect(try await error(.noChoices)?.code == .truncated)
    }

    @Test func garbageInPlaceOfEvents() async throws {
        let events: HTTPFields = [HTTPField("Content-Type", "text/event-stream")]
        let garbage = MockResponse.bytes((0..<10_000).map { UInt8($0 * 7 % 251) }, headers: events)
        #expect(try await error(.response(garbage)) == ModelError(.malformed, "the server sent no answer"))
    }

    @Test func garbageInPlaceOfHTTP() async throws {
        #expect(try await error(.response(.garbage(Array("SSH-2.0-OpenSSH\r\n".utf8))))?.code == .malformed)
    }

    @Test func aWebPage() async throws {
        let html: HTTPFields = [HTTPField("Content-Type", "text/html")]
        let error = try await error(.response(.bytes(Array("<h1>Hi</h1>".utf8), headers: html)))
        #expect(error == ModelError(.malformed, "the server answered with a web page; is base_url right?"))
    }

    @Test(arguments: ["text/event-stream", "application/json"])
    func anAnswerOfTenMegabytes(type: String) async throws {
        let huge = MockResponse.stream(headers: [HTTPField("Content-Type", type)]) { writer in
            for _ in 0..<160 { try await writer.write([UInt8](repeating: UInt8(ascii: "x"), count: 65_536)) }
        }
        let error = try await error(.response(huge))
        #expect(error == ModelError(.tooLarge, "the answer is larger than the limit of bytes"))
    }

    @Test func anAnswerOfManySmallEvents() async throws {
        let text = String(repeating: "word ", count: 4_000)
        let error = try await error(maximumResponseBytes: 16_384, .text(text))
        #expect(error == ModelError(.tooLarge, "the answer is larger than the limit of bytes"))
    }

    @Test func tooManyToolCalls() async throws {
        let calls = (0..<65).map { MockModelReply.ToolCall(id: "c\($0)", name: "f") }
        let error = try await error(.toolCalls(calls))
        #expect(error == ModelError(.tooLarge, "the answer asks for more than 64 tool calls"))
    }

    @Test func anErrorInsideTheStream() async throws {
        let stream = MockResponse.events { writer in
            let message = "boom sk-abcdefgh1234: What is the launch code?"
            try await writer.write(#"data: {"error":{"message":"\#(message)","code":503}}"# + "\n\n")
        }
        let error = try await error(.response(stream))
        #expect(error == ModelError(.server, "the server answered with status 503: boom [key]: [prompt]", status: 503))
    }

    private static let half =
        #"data: {"choices":[{"index":0,"delta":{"content":"The transfer of 500 Euro is"}}]}"# + "\n\n"

    static let ends: [(bytes: String, code: ModelError.Code, said: String)] = [
        (#"data: {"choices":[{"index":0,"delta":{},"finish_reason":"error"}]}"#, .server, "error"),
        (#"data: {"choices":[{"index":0,"delta":{},"finish_reason":"SAFETY"}]}"#, .contentFiltered, "SAFETY"),
        (#"data: {"choices":[{"index":0,"delta":{},"finish_reason":"abort"}]}"#, .truncated, "abort"),
        (
            #"data: {"choices":[{"index":0,"delta":{},"error":{"code":502,"message":"upstream failed"}}]}"#, .server,
            "upstream failed"
        ),
        (
            "event: error\n" + #"data: {"code":500,"message":"context size exceeded"}"#, .contextExceeded,
            "context size exceeded"
        ),
        (#"error: {"code":400,"message":"too long","type":"exceed_context_size_error"}"#, .contextExceeded, "too long"),
        (#"data: {"detail":"the model is gone"}"#, .server, "the model is gone"),
        (#"data: {"choices":[],"code":500,"message":"out of memory"}"#, .server, "out of memory"),
        (#"data: {"choices":[],"detail":"the model is gone"}"#, .server, "the model is gone"),
        (#"data: {"choices":[{"index":0,"code":503,"message":"overloaded"}]}"#, .server, "overloaded"),
        (#"data: {"choices":[{"index":1,"delta":{},"error":{"message":"lost"}}]}"#, .server, "lost"),
        (#"data: {"choices":[{"index":0,"delta":{},"stop_reason":"error"}]}"#, .server, "error"),
        (
            #"data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop","native_finish_reason":"SAFETY"}]}"#,
            .contentFiltered, "SAFETY"
        ),
        (#"data: {"base_resp":{"status_code":1004,"status_msg":"no"}}"#, .truncated, "broke off"),
        (#"data: {"success":false,"errorMessage":"no"}"#, .truncated, "broke off"),
        (#"data: {"choices":[],"status":"error","reason":"no"}"#, .truncated, "broke off"),
        ("event: exception\ndata: {}", .truncated, "broke off"),
        (
            #"data: {"choices":[{"index":0,"delta":{},"finish_reason":"FINISH_REASON_UNSPECIFIED"}]}"#, .truncated,
            "broke off"
        ),
    ]

    /// The bytes of real servers: half an answer, its end, and an end mark as if all were well.
    @Test(arguments: ends)
    func halfAnAnswerIsNoAnswer(bytes: String, code: ModelError.Code, said: String) async throws {
        let events: HTTPFields = [HTTPField("Content-Type", "text/event-stream")]
        let body = Self.half + bytes + "\n\ndata: [DONE]\n\n"
        let error = try await error(.response(.bytes(Array(body.utf8), headers: events)))
        #expect(error?.code == code)
        #expect(error?.message.contains(said) == true, "\(error?.message ?? "")")
    }

    /// What servers add to good answers is no failure.
    @Test(arguments: [
        #"data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}],"error":{"code":0,"message":""}}"#,
        #"data: {"choices":[{"index":0,"delta":{},"finish_reason":"done"}],"error":0}"#,
        #"data: {"type":"ping","message":"processing"}"#,
        #"data: {"choices":[],"usage":{"prompt_tokens":1,"completion_tokens":2}}"#,
        "event: message\ndata: {\"choices\":[{\"delta\":{\"content\":\"\"}}]}",
    ])
    func aWholeAnswerStaysOne(bytes: String) async throws {
        let events: HTTPFields = [HTTPField("Content-Type", "text/event-stream")]
        let body = Self.half + bytes + "\n\ndata: [DONE]\n\n"
        let response = try await withMockModel { _ in
            .response(.bytes(Array(body.utf8), headers: events))
        } perform: { mock in
            try await withProvider(mock.baseURL) { try await $0.respond(to: request) }
        }
        #expect(response.message.content == "The transfer of 500 Euro is")
    }

    /// A server that says `stop` in each chunk has not ended with the first.
    @Test func textAfterAGoodEndTakesItBack() async throws {
        let piece = #"data: {"choices":[{"delta":{"content":"It"},"finish_reason":"stop"}]}"# + "\n\n"
        let more = #"data: {"choices":[{"delta":{"content":" is"}}]}"# + "\n\n"
        let stream = MockResponse.events { writer in
            try await writer.write(piece + more)
            try await writer.connection.close()
        }
        #expect(try await error(.response(stream))?.code == .truncated)
    }

    @Test(arguments: ["", "null"])
    func aPlaceholderBeforeACutIsNoEnd(reason: String) async throws {
        let piece = "data: {\"choices\":[{\"delta\":{\"content\":\"It\"},\"finish_reason\":\"\(reason)\"}]}\n\n"
        for isCut in [false, true] {
            let stream = MockResponse.events { writer in
                try await writer.write(piece)
                if isCut { try await writer.connection.close() }
            }
            #expect(try await error(.response(stream))?.code == .truncated, "cut: \(isCut)")
        }
    }

    @Test func aPlainAnswerThatFailedIsNone() async throws {
        let failed: JSONValue = [
            "choices": [["message": ["content": "The transfer"], "finish_reason": "error", "error": ["code": 502]]]
        ]
        let error = try await error(.response(.json(failed)))
        #expect(error == ModelError(.server, "the server answered with status 502", status: 502))
    }

    static let statusCodes: [(status: Int, code: ModelError.Code)] = [
        (301, .invalidRequest), (400, .invalidRequest), (401, .authentication), (403, .authentication),
        (404, .invalidRequest), (408, .timeout), (409, .server), (422, .invalidRequest), (425, .server),
        (429, .rateLimited), (500, .server), (502, .server), (503, .server), (504, .timeout), (529, .server),
    ]

    @Test(arguments: statusCodes)
    func statuses(status: Int, code: ModelError.Code) async throws {
        let expected = ModelError(
            code,
            "the server answered with status \(status) (some_type): It failed.",
            status: status,
            serverCode: "some_type"
        )
        #expect(try await error(.error(status: status, message: "It failed.", type: "some_type")) == expected)
    }

    @Test func retryAfter() async throws {
        let error = try await error(.error(status: 429, message: "Slow down.", type: "requests", retryAfter: 7))
        #expect(error?.code == .rateLimited)
        #expect(error?.retryAfter == .seconds(7))
    }

    static let bodies: [(body: String, message: String)] = [
        ("", "the server answered with status 400"), ("<html>", "the server answered with status 400"),
        (#"{"error":null}"#, "the server answered with status 400"), ("[]", "the server answered with status 400"),
        (#"{"error":"no"}"#, "the server answered with status 400: no"),
        (#"{"message":"no"}"#, "the server answered with status 400: no"),
        (#"{"detail":"no"}"#, "the server answered with status 400: no"),
        (#"{"detail":[{"msg":"no"}]}"#, "the server answered with status 400: no"),
        (#"[{"error":{"message":"no","status":"BAD"}}]"#, "the server answered with status 400 (BAD): no"),
        (
            #"{"error":{"message":"no","type":"t","code":"some_code"}}"#,
            "the server answered with status 400 (some_code): no"
        ),
    ]

    @Test(arguments: bodies.indices)
    func errorBodies(index: Int) async throws {
        let response = MockResponse.text(Self.bodies[index].body, status: 400)
        let error = try await error(.response(response))
        #expect(error?.code == .invalidRequest)
        #expect(error?.message == Self.bodies[index].message)
    }

    /// Servers repeat the key and the prompt; neither gets into the error.
    @Test func errorsHoldNoSecrets() async throws {
        let message = "Key topsecretkey (sk-1234567890abcdef) may not ask: What is the launch code?\n\u{1B}[31m"
        let error = try await error(key: "topsecretkey", .error(status: 401, message: message, type: "invalid_api_key"))
        let expected =
            "the server answered with status 401 (invalid_api_key): Key [key] ([key]) may not ask: [prompt]  [31m"
        #expect(error?.message == expected)
        #expect(error?.code == .authentication)
    }

    @Test func longErrorsAreCut() async throws {
        let long = String(repeating: "too many words ", count: 500_000)
        let error = try await error(.error(status: 500, message: long))
        #expect(error?.code == .server)
        #expect((error?.message.utf8.count ?? 0) <= 400)
    }

    @Test func anErrorWhoseBodyHangs() async throws {
        let hang = MockResponse.raw { connection in
            try await connection.writeHead(status: 503, headers: [HTTPField("Content-Length", "100")])
            try await connection.untilClientHasGone()
        }
        let error = try await error(idleTimeout: .seconds(2), .response(hang))
        #expect(error == ModelError(.server, "the server answered with status 503", status: 503))
    }

    @Test func nobodyListens() async throws {
        try await withProvider("http://127.0.0.1:1") { provider in
            let error = await #expect(throws: ModelError.self) { try await provider.respond(to: request) }
            #expect(error?.code == .unreachable)
        }
    }

    @Test func cancellationEndsTheTransfer() async throws {
        try await withMockModel { _ in
            .hang(after: "Once upon")
        } perform: { mock in
            try await withProvider(mock.baseURL) { provider in
                let (begun, continuation) = AsyncStream.makeStream(of: Void.self)
                let call = Task { try await provider.respond(to: request) { _ in continuation.finish() } }
                for await _ in begun {}
                call.cancel()
                await #expect(throws: ModelError(.cancelled, "the call was cancelled")) { try await call.value }
                try await mock.server.disconnections(count: 1)
            }
        }
    }

    @Test func aClientThatIsShutDown() async throws {
        let http = HTTPClient()
        await http.shutdown()
        let model = Model(name: "m", versionID: 1, provider: "openai", baseURL: "http://127.0.0.1:9", modelID: "m")
        let provider = try OpenAIProvider(model: model, http: http, environment: [:])
        let error = await #expect(throws: ModelError.self) { try await provider.respond(to: request) }
        #expect(error == ModelError(.unreachable, "the HTTP client is shut down"))
    }
}
