import Conversation
import Definitions
package import HTTP
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
        var keyHeader = (name: "Authorization", prefix: "Bearer ")
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
    }

    /// The model's row.
    let model: Model
    /// What identifies the model at its server.
    let origin: String
    private let dialect: Dialect
    private let access: ServerAccess
    private let http: HTTPClient
    private let proxy: HTTPProxy
    private let patienceAfterEnd: Duration
    private let clock: any Clock<Duration>

    /// The server of a model.
    ///
    /// - Parameters:
    ///   - model: The model's row. The key is read from the variable or file that it names; without one, none is sent.
    ///   - dialect: How it is spoken to.
    ///   - http: The client to use.
    ///   - environment: Where the variable is looked up, and those that name proxies.
    ///   - patienceAfterEnd: How long what may follow a whole answer is waited for: its usage, and the end of the stream.
    ///   - clock: What the first piece of an answer is waited for by.
    /// - Throws: ``ModelError/Code/configuration`` if the row lacks a usable URL or model id, or the variable is not set.
    init(
        _ model: Model,
        _ dialect: Dialect,
        http: HTTPClient,
        environment: [String: String],
        patienceAfterEnd: Duration = .seconds(1),
        clock: any Clock<Duration> = ContinuousClock()
    ) throws(ModelError) {
        var problems: [DocumentProblem] = []
        if model.modelID.isEmpty {
            problems.append(DocumentProblem(path: "model", message: "expected the model's id at the server"))
        }
        access = ServerAccess(model, dialect, environment: environment, problems: &problems)
        guard problems.isEmpty else { throw ModelError(model: model.name, problems: problems) }
        self.model = model
        origin = model.origin
        self.dialect = dialect
        self.http = http
        proxy = Self.proxy(in: environment)
        self.patienceAfterEnd = patienceAfterEnd
        self.clock = clock
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
        guard let limit = model.firstTokenTimeout else {
            return try await answer(to: body, of: request, into: assembler, noting: nil, onDelta: onDelta)
        }
        let first = FirstToken()
        return try await first.awaited(for: limit, by: clock) { () throws(ModelError) in
            try await answer(to: body, of: request, into: assembler, noting: first, onDelta: onDelta)
        }
    }

    private func answer<Assembler: AnswerAssembler>(
        to body: [UInt8],
        of request: ModelRequest,
        into assembler: Assembler,
        noting first: FirstToken?,
        onDelta: @escaping @Sendable (ModelDelta) -> Void
    ) async throws(ModelError) -> AnswerReading<Assembler> {
        let started = ContinuousClock.now
        let headers = try access.requestHeaders()
        let answer: HTTPClientResponse
        do {
            answer = try await http.execute(httpRequest(body, headers))
        } catch {
            throw ModelError(http: error)
        }
        let scrubber = SecretScrubber(secrets: headers.secrets, prompts: request.messages.map(\.content))
        guard (200..<300).contains(answer.status) else { throw await failure(of: answer, scrubber: scrubber) }
        var reading = AnswerReading(
            into: assembler,
            maximumBytes: model.maximumResponseBytes,
            patience: patienceAfterEnd,
            started: started,
            scrubber: scrubber,
            first: first,
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
        let headers = try access.requestHeaders()
        var request = httpRequest(body, headers)
        request.headers[.accept] = "application/json"
        request.totalTimeout = timeout
        let answer: HTTPClientResponse
        do { answer = try await http.execute(request) } catch { throw ModelError(http: error) }
        let scrubber = SecretScrubber(secrets: headers.secrets, prompts: texts)
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

    private func httpRequest(_ body: [UInt8], _ headers: ServerAccess.Headers) -> HTTPClientRequest {
        var request = HTTPClientRequest(method: .post, url: access.url(dialect.path))
        request.headers[.contentType] = "application/json"
        request.headers[.accept] = "text/event-stream, application/json"
        request.headers.set(headers.fields)
        request.body = body
        if let endpoint = model.sharedEndpoint { request.connectTimeout = endpoint.connectTimeout }
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
    /// A request for something else than an answer, such as `/models`, of its server.
    ///
    /// - Parameters:
    ///   - path: What follows the base URL.
    ///   - environment: Where the variables are looked up that hold keys.
    /// - Throws: ``ModelError/Code/configuration`` if the row or the environment is not right.
    package func serverRequest(
        for path: String,
        environment: [String: String]
    ) throws(ModelError) -> HTTPClientRequest {
        var problems: [DocumentProblem] = []
        let dialect: ModelServer.Dialect = provider == "anthropic" ? .messages : .chatCompletions
        let access = ServerAccess(self, dialect, environment: environment, problems: &problems)
        guard problems.isEmpty else { throw ModelError(model: name, problems: problems) }
        var request = HTTPClientRequest(url: access.url(path))
        request.headers.set(try access.requestHeaders().fields)
        return request
    }
}

// MARK: - Proxies

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
}
