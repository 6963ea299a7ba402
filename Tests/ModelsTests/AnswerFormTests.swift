import HTTP
import HTTPTypes
import JSON
import TestSupport
import Testing

@testable import Conversation
@testable import Models

/// The form of a body is found in the body, whatever its label says.
@Suite struct AnswerFormTests {
    private static let stream =
        #"data: {"choices":[{"index":0,"delta":{"content":"Hello."}}]}"# + "\n\n"
        + #"data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}"# + "\n\ndata: [DONE]\n\n"
    private static let plain = #"{"choices":[{"index":0,"message":{"content":"Hello."},"finish_reason":"stop"}]}"#

    static let bodies: [(body: String, types: [String?])] = [
        (stream, ["text/event-stream", "application/json", nil, "text/plain; charset=utf-8", "text/html"]),
        ("\u{FEFF}\n: hi\n\n" + stream, ["application/json"]),
        (stream.replacing("\n\n", with: "\n"), ["text/event-stream", "application/json"]),
        (String(stream.dropLast(2)), ["text/event-stream"]),
        (plain, ["application/json", "text/event-stream", nil, "text/plain", "application/octet-stream"]),
        ("\n\n  " + plain + "\n\ndata: [DONE]\n\n", ["text/event-stream"]),
        (
            #"{"choices":[{"delta":{"content":"Hello."}}]}"# + "\n"
                + #"{"choices":[{"delta":{},"finish_reason":"stop"}]}"#, ["application/x-ndjson"]
        ),
    ]

    @Test(arguments: bodies.indices)
    func theLabelDoesNotDecide(index: Int) async throws {
        let (body, types) = Self.bodies[index]
        for type in types {
            let headers: HTTPFields = type.map { [HTTPField("Content-Type", $0)] } ?? [:]
            try await withMockServer { _ in
                .stream(headers: headers) { writer in for byte in body.utf8 { try await writer.write([byte]) } }
            } perform: { server in
                let response = try await withProvider(server.url) {
                    try await $0.respond(to: ModelRequest(messages: [.user("Hi")]))
                }
                #expect(response.message == .assistant("Hello."), "\(type ?? "none")")
            }
        }
    }

    @Test func aPlainErrorThatIsLabelledAsAStreamIsRead() async throws {
        try await withMockServer { _ in
            .bytes(
                Array(#"{"error":{"message":"no such model","code":"model_not_found"}}"#.utf8),
                headers: [HTTPField("Content-Type", "text/event-stream")]
            )
        } perform: { server in
            let error = try await withProvider(server.url) { provider in
                await #expect(throws: ModelError.self) {
                    try await provider.respond(to: ModelRequest(messages: [.user("Hi")]))
                }
            }
            #expect(error?.message.contains("no such model") == true)
        }
    }

    /// The answer is whole: neither the end mark nor the end of the stream is waited for.
    @Test(arguments: ["", "data: [DONE]\n\n"])
    func aStreamThatStaysOpenAfterItsEnd(mark: String) async throws {
        let body = Self.stream.replacing("data: [DONE]\n\n", with: mark)
        try await withMockServer { _ in
            .hang(after: Array(body.utf8), headers: [HTTPField("Content-Type", "text/event-stream")])
        } perform: { server in
            // The idle timeout would fail the turn, and the total one the test.
            let response = try await withProvider(
                server.url,
                idleTimeout: .seconds(3_600),
                totalTimeout: .seconds(3_600)
            ) {
                try await $0.respond(to: ModelRequest(messages: [.user("Hi")]))
            }
            #expect(response.message == .assistant("Hello."))
        }
    }
}
