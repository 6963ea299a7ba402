import HTTP
import HTTPTypes
import Wire

/// A language model behind a real HTTP server that speaks Chat Completions, Messages and Responses; made by
/// ``withMockModel(keepsRequests:_:perform:)``.
///
/// It answers `POST /v1/chat/completions`, `/v1/messages` and `/v1/responses`, streamed or whole, as its script says and without any delay, and keeps every
/// request, so that a test can assert what the model was told.
public final class MockModel: Sendable {
    /// Makes the reply to a request; an error it throws closes the connection.
    public typealias Script = @Sendable (MockModelRequest) async throws -> MockModelReply

    /// The server below, to ask about connections.
    public let server: MockServer

    init(_ server: MockServer) {
        self.server = server
    }

    /// The base URL, as a model's definition names it.
    public var baseURL: String { "\(server.url)/v1" }

    /// The requests received so far that were JSON, in order.
    public var requests: [MockModelRequest] {
        get async { await server.requests.compactMap(MockModelRequest.init) }
    }

    /// Waits until at least `count` requests have been received.
    ///
    /// - Returns: All requests received by then.
    /// - Throws: `CancellationError` if the task is cancelled.
    public func requests(count: Int) async throws -> [MockModelRequest] {
        try await server.requests(count: count).compactMap(MockModelRequest.init)
    }
}

/// Runs a model for as long as `body` runs.
///
/// ```swift
/// try await withMockModel { request in .text("You said: \(request.lastText)") } perform: { model in
///     let response = try await provider(model.baseURL).respond(to: request)
/// }
/// ```
///
/// - Parameters:
///   - keepsRequests: Whether requests are recorded; benchmarks do without.
///   - script: Makes the reply to each request.
///   - body: What is done with the model.
/// - Returns: What `body` returns.
/// - Throws: What `body` throws, or an error of the system when no port can be had.
public func withMockModel<Result>(
    keepsRequests: Bool = true,
    _ script: @escaping MockModel.Script,
    perform body: (MockModel) async throws -> Result
) async throws -> Result {
    try await withMockServer(keepsRequests: keepsRequests) {
        try await MockModel.answer($0, script)
    } perform: { server in
        try await body(MockModel(server))
    }
}

extension MockModel {
    static func answer(_ request: MockRequest, _ script: Script) async throws -> MockResponse {
        guard request.method == "POST", MockModelRequest.Dialect(rawValue: request.path) != nil else {
            return refusal("unknown path \(request.path)", status: 404)
        }
        guard let decoded = MockModelRequest(request) else {
            return refusal("the body is no JSON object", status: 400)
        }
        if case .failure(let error) = decoded.reading { return refusal(error.message, status: 400) }
        let reply = try await script(decoded)
        if case .response(let response) = reply.kind { return response(decoded) }
        let wire = MockModelWire(decoded)
        guard decoded.isStreaming else {
            try await reply.gate?.pass()
            return .bytes(Array(wire.completion(reply).utf8), headers: [.contentType: "application/json"])
        }
        let events = wire.events(reply)
        return .events { writer in
            guard let gate = reply.gate else { return try await writer.write(events.map(\.wireText).joined()) }
            for event in events {
                try await gate.pass()
                try await writer.write(event)
            }
        }
    }

    private static func refusal(_ message: String, status: Int) -> MockResponse {
        .json(ServerErrorReport(message: message, type: "invalid_request_error").json, status: status)
    }
}
