import Conversation
import Definitions
internal import HTTP
internal import HTTPTypes
internal import Wire

/// The server of a model: where it is, with which key it is asked, and how long it is waited for.
///
/// What is the same in every dialect is here. Answers are streamed; a server that ignores `stream` and answers with plain
/// JSON is understood too. Whatever a server does wrong becomes a ``ModelError``, and no answer is held in memory beyond
/// the model's limit of bytes.
struct ModelServer: Sendable {
    /// What differs between the dialects.
    struct Dialect: Sendable {
        /// The path after the base URL, such as `/chat/completions`.
        let path: String
        /// Headers that each request has.
        var headers: [(name: String, value: String)] = []
        /// The header that holds the key, and what is before the key in it.
        var keyHeader = (name: "authorization", prefix: "Bearer ")
        /// How many bytes may be on the wire for one byte of the model's limit; more than 1 where the assembler counts
        /// what it holds.
        var envelopes = 1

        /// For dialects in which each token comes in an event of 150 to 300 bytes, and the whole answer again at the end.
        private static let largeEnvelopes = 8

        static let chatCompletions = Dialect(path: "/chat/completions")
        static let responses = Dialect(path: "/responses", envelopes: largeEnvelopes)
        static let embeddings = Dialect(path: "/embeddings")
        static let messages = Dialect(
            path: "/messages",
            headers: [("anthropic-version", "2023-06-01")],
            keyHeader: (name: "x-api-key", prefix: ""),
            envelopes: largeEnvelopes
        )

        /// The headers of a request with a key; nil for none.
        func headers(key: String?) -> [(name: String, value: String)] {
            headers + (key.map { [(name: keyHeader.name, value: keyHeader.prefix + $0)] } ?? [])
        }
    }

    /// The model's row.
    let model: Model
    private let dialect: Dialect
    private let url: String
    private let key: String?
    private let http: HTTPClient
    private let proxy: HTTPProxy
    private let patienceAfterEnd: Duration

    /// The server of a model.
    ///
    /// - Parameters:
    ///   - model: The model's row. The key is read from the variable that it names; without a name, none is sent.
    ///   - dialect: How it is spoken to.
    ///   - http: The client to use.
    ///   - environment: Where the variable is looked up, and those that name proxies.
    ///   - patienceAfterEnd: How long what may follow a whole answer is waited for: its usage, and the end of the stream.
    /// - Throws: ``ModelError/Code/configuration`` if the row lacks a usable URL or model id, or the variable is not set.
    init(
        _ model: Model,
        _ dialect: Dialect,
        http: HTTPClient,
        environment: [String: String],
        patienceAfterEnd: Duration = .seconds(1)
    ) throws(ModelError) {
        var problems: [DocumentProblem] = []
        if model.modelID.isEmpty {
            problems.append(DocumentProblem(path: "model", message: "expected the model's id at the server"))
        }
        url = (model.baseURL ?? "").trimmingSlashes + dialect.path
        if let message = Self.problem(withBaseURL: model.baseURL, before: dialect.path) {
            problems.append(DocumentProblem(path: "base_url", message: message))
        }
        key = model.apiKeyEnvironmentVariable.flatMap { environment[$0]?.trimmingWhitespace }
        if let message = Self.problem(withKey: key, variable: model.apiKeyEnvironmentVariable) {
            problems.append(DocumentProblem(path: "api_key_env", message: message))
        }
        guard problems.isEmpty else { throw ModelError(model: model.name, problems: problems) }
        self.model = model
        self.dialect = dialect
        self.http = http
        proxy = Self.proxy(in: environment)
        self.patienceAfterEnd = patienceAfterEnd
    }

    /// Sends a request and reads its answer.
    ///
    /// - Parameters:
    ///   - body: The request's body.
    ///   - request: What it asks.
    ///   - assembler: Puts the answer together.
    ///   - onDelta: Receives each piece of the answer as it arrives.
    /// - Returns: What was read.
    /// - Throws: ``ModelError`` for whatever goes wrong.
    func ask<Assembler: AnswerAssembler>(
        _ body: [UInt8],
        of request: ModelRequest,
        into assembler: Assembler,
        onDelta: @escaping @Sendable (ModelDelta) -> Void
    ) async throws(ModelError) -> AnswerReading<Assembler> {
        let started = ContinuousClock.now
        let answer: HTTPClientResponse
        do {
            answer = try await http.execute(httpRequest(body))
        } catch {
            throw ModelError(http: error)
        }
        let scrubber = SecretScrubber(secrets: key.map { [$0] } ?? [], prompts: request.messages.map(\.content))
        guard (200..<300).contains(answer.status) else { throw await failure(of: answer, scrubber: scrubber) }
        var reading = AnswerReading(
            into: assembler,
            maximumBytes: model.maximumResponseBytes,
            patience: patienceAfterEnd,
            started: started,
            scrubber: scrubber,
            onDelta: onDelta
        )
        try await reading.read(answer)
        return reading
    }

    /// Sends a request whose answer is one JSON value, and reads it.
    ///
    /// - Parameters:
    ///   - body: The request's body.
    ///   - texts: What it asks about, which no error may repeat.
    ///   - timeout: The longest time from request to the end of the answer.
    ///   - read: Reads the answer's body.
    /// - Returns: What `read` returns.
    /// - Throws: ``ModelError`` for whatever goes wrong.
    func ask<Answer>(
        _ body: [UInt8],
        about texts: [String],
        within timeout: Duration,
        read: (String) throws(ServerAnswerError) -> Answer
    ) async throws(ModelError) -> Answer {
        var request = httpRequest(body)
        request.headers[.accept] = "application/json"
        request.totalTimeout = timeout
        let answer: HTTPClientResponse
        do { answer = try await http.execute(request) } catch { throw ModelError(http: error) }
        let scrubber = SecretScrubber(secrets: key.map { [$0] } ?? [], prompts: texts)
        guard (200..<300).contains(answer.status) else { throw await failure(of: answer, scrubber: scrubber) }
        var bytes: [UInt8] = []
        do {
            for try await piece in answer.body { bytes += piece }
        } catch {
            throw ModelError(http: error, duringAnswer: true)
        }
        do throws(ServerAnswerError) {
            return try read(String(decoding: bytes, as: UTF8.self))
        } catch {
            throw ModelError(error, scrubber: scrubber)
        }
    }

    private func httpRequest(_ body: [UInt8]) -> HTTPClientRequest {
        var request = HTTPClientRequest(method: .post, url: url)
        request.headers[.contentType] = "application/json"
        request.headers[.accept] = "text/event-stream, application/json"
        for header in dialect.headers(key: key) {
            if let name = HTTPField.Name(header.name) { request.headers[name] = header.value }
        }
        request.body = body
        request.idleTimeout = model.idleTimeout
        request.totalTimeout = model.totalTimeout
        request.maximumBodyBytes = model.maximumResponseBytes * dialect.envelopes
        request.proxy = proxy
        // A model that is asked twice has answered once.
        request.isRepeatable = true
        return request
    }

    /// The error that an answer with another status than 2xx stands for.
    private func failure(of answer: HTTPClientResponse, scrubber: SecretScrubber) async -> ModelError {
        let body = await errorBody(of: answer)
        if Task.isCancelled { return ModelError(.cancelled, "the call was cancelled") }
        if (300..<400).contains(answer.status), let location = answer.headers.first(name: "location") {
            return ModelError(redirect: location, of: dialect.path, status: answer.status, scrubber: scrubber)
        }
        return ModelError(
            ServerErrorReport(body: body),
            status: answer.status,
            retryAfter: RetryAfter.duration { answer.headers.first(name: $0) },
            shouldRetry: answer.headers.first(name: "x-should-retry").flatMap { Bool($0.lowercased()) },
            scrubber: scrubber
        )
    }

    /// The most bytes of an error's body that are read: enough for any message.
    private static let maximumErrorBytes = 65_536

    /// The beginning of an error's body; empty if none can be read.
    private func errorBody(of answer: HTTPClientResponse) async -> String {
        var bytes: [UInt8] = []
        do {
            for try await piece in answer.body {
                bytes += piece.prefix(Self.maximumErrorBytes - bytes.count)
                if bytes.count >= Self.maximumErrorBytes { break }
            }
        } catch {
            // What arrived before the failure may still say what is wrong; the status says the rest.
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension Model {
    /// The headers that its server wants with any request.
    ///
    /// - Parameter key: The key; nil for none.
    package func serverHeaders(key: String?) -> [(name: String, value: String)] {
        let dialect: ModelServer.Dialect = provider == "anthropic" ? .messages : .chatCompletions
        return dialect.headers(key: key)
    }
}

// MARK: - What the row and the environment say

extension ModelServer {
    /// The proxies that the customary variables name.
    ///
    /// This machine is always reached directly: that is where models run that need none.
    private static func proxy(in environment: [String: String]) -> HTTPProxy {
        var proxy = HTTPProxy.environment(environment)
        guard proxy.http != nil || proxy.https != nil, proxy.exceptions != "*" else { return proxy }
        proxy.exceptions = [proxy.exceptions, "localhost", "127.0.0.1", "::1"].filter { !$0.isEmpty }.joined(
            separator: ","
        )
        return proxy
    }

    private static func problem(withBaseURL url: String?, before path: String) -> String? {
        guard let url else { return "expected the URL before \(path), such as http://127.0.0.1:8080/v1" }
        do throws(WebAddress.Malformed) {
            _ = try WebAddress(url)
        } catch {
            return "expected a URL that begins with http:// or https://, without credentials: \(error.message)"
        }
        if url.contains("?") || url.contains("#") { return "expected no query in the URL" }
        return nil
    }

    private static func problem(withKey key: String?, variable: String?) -> String? {
        guard let variable else { return nil }
        guard let key, !key.isEmpty else {
            return "the environment variable \(variable), which holds the key, is not set"
        }
        // A line break in a header's value would smuggle another header in.
        guard key.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            return "the environment variable \(variable) holds characters that no key has"
        }
        return nil
    }
}

extension String {
    fileprivate var trimmingSlashes: String {
        var result = self
        while result.hasSuffix("/") { result.removeLast() }
        return result
    }

    fileprivate var trimmingWhitespace: String {
        let start = drop(while: \.isWhitespace)
        var result = String(start)
        while result.last?.isWhitespace == true { result.removeLast() }
        return result
    }
}
