import HTTPTypes
public import JSON
import Wire

/// A model that makes vectors, behind a real HTTP server that speaks `POST /v1/embeddings`; made by
/// ``withMockEmbedder(_:perform:)``.
public final class MockEmbedder: Sendable {
    /// What a client asked for.
    public struct Request: Sendable, Hashable {
        /// The model's id.
        public let model: String
        /// The texts, in order.
        public let inputs: [String]
        /// How many dimensions were asked for; nil for none.
        public let dimensions: Int?
        /// The whole body, as it was sent.
        public let body: JSONValue
        /// Whether the vectors are wanted in base64.
        let isBase64: Bool

        init?(_ request: MockRequest) {
            guard let body = try? JSONValue(parsing: request.body), let read = try? EmbeddingRequest(body: body) else {
                return nil
            }
            self.body = body
            (model, inputs, dimensions) = (read.modelID, read.inputs, read.dimensions)
            isBase64 = read.encoding == .base64
        }
    }

    /// What it answers.
    public enum Reply: Sendable {
        /// Vectors, in the order of the texts.
        case vectors([[Float]], tokens: Int? = nil, isBase64: Bool = false)
        /// Any answer.
        case response(MockResponse)

        /// An error as a server reports it.
        public static func error(status: Int, message: String = "scripted error") -> Reply {
            .response(.json(ServerErrorReport(message: message, type: "server_error").json, status: status))
        }
    }

    /// The server below.
    public let server: MockServer

    init(_ server: MockServer) {
        self.server = server
    }

    /// The base URL, as a model's definition names it.
    public var baseURL: String { "\(server.url)/v1" }

    /// The requests received so far, in order.
    public var requests: [Request] {
        get async { await server.requests.compactMap(Request.init) }
    }
}

/// Runs a model that makes vectors for as long as `body` runs.
///
/// - Parameters:
///   - script: Makes the reply to each request; an error it throws closes the connection.
///   - body: What is done with it.
/// - Returns: What `body` returns.
/// - Throws: What `body` throws, or an error of the system when no port can be had.
public func withMockEmbedder<Result>(
    _ script: @escaping @Sendable (MockEmbedder.Request) async throws -> MockEmbedder.Reply,
    perform body: (MockEmbedder) async throws -> Result
) async throws -> Result {
    try await withMockServer {
        guard $0.path == "/v1/embeddings", let request = MockEmbedder.Request($0) else {
            let report = ServerErrorReport(message: "no request for embeddings", type: "invalid_request_error")
            return .json(report.json, status: 400)
        }
        switch try await script(request) {
        case .response(let response): return response
        case .vectors(let vectors, let tokens, let isBase64):
            let answer = EmbeddingAnswer(vectors: vectors, inputTokens: tokens)
            return .json(answer.json(model: request.model, encoding: isBase64 || request.isBase64 ? .base64 : .float))
        }
    } perform: { server in
        try await body(MockEmbedder(server))
    }
}
