package import Conversation
import Definitions
package import HTTP
import HTTPTypes
internal import Wire

/// Asks any server that speaks OpenAI's Chat Completions: hosted services, llama.cpp, vLLM, Ollama.
///
/// Answers are streamed; a server that ignores `stream` and answers with plain JSON is understood too. Whatever a server
/// does wrong becomes a ``ModelError``, and no answer is held in memory beyond the model's limit of bytes.
package struct OpenAIProvider: ModelProvider {
    private let model: Model
    private let url: String
    private let key: String?
    private let http: HTTPClient
    private let proxy: HTTPProxy
    private let refused = RefusedMembers()
    private let patienceAfterEnd: Duration

    /// A provider for a model.
    ///
    /// - Parameters:
    ///   - model: The model's row. The key is read from the variable that it names; without a name, none is sent.
    ///   - http: The client to use.
    ///   - environment: Where the variable is looked up, and those that name proxies.
    ///   - patienceAfterEnd: How long what may follow a whole answer is waited for: its usage, and the end of the stream.
    /// - Throws: ``ModelError/Code/configuration`` if the row lacks a usable URL or model id, or the variable is not set.
    package init(
        model: Model,
        http: HTTPClient,
        environment: [String: String],
        patienceAfterEnd: Duration = .seconds(1)
    ) throws(ModelError) {
        var problems: [DocumentProblem] = []
        if model.modelID.isEmpty {
            problems.append(DocumentProblem(path: "model", message: "expected the model's id at the server"))
        }
        url = (model.baseURL ?? "").trimmingSlashes + "/chat/completions"
        if let message = Self.problem(withBaseURL: model.baseURL) {
            problems.append(DocumentProblem(path: "base_url", message: message))
        }
        key = model.apiKeyEnvironmentVariable.flatMap { environment[$0]?.trimmingWhitespace }
        if let message = Self.problem(withKey: key, variable: model.apiKeyEnvironmentVariable) {
            problems.append(DocumentProblem(path: "api_key_env", message: message))
        }
        guard problems.isEmpty else { throw ModelError(model: model.name, problems: problems) }
        self.model = model
        self.http = http
        proxy = Self.proxy(in: environment)
        self.patienceAfterEnd = patienceAfterEnd
    }

    /// Asks the model and waits for its whole answer.
    ///
    /// - Parameters:
    ///   - request: The conversation, the tools on offer and the settings.
    ///   - onDelta: Told each piece of the answer as it arrives.
    /// - Returns: The whole answer.
    /// - Throws: ``ModelError`` for whatever goes wrong.
    package func respond(
        to request: ModelRequest,
        onDelta: @escaping @Sendable (ModelDelta) -> Void
    ) async throws(ModelError) -> ModelResponse {
        let wanted = ChatCompletionRequest(request, to: model)
        while true {
            let asked = refused.without(wanted)
            do throws(ModelError) {
                return try await respond(to: asked, of: request, onDelta: onDelta)
            } catch {
                // Each time less is asked for, three times at most.
                guard refused.learn(from: error, to: asked) else { throw RefusedMembers.hinting(error) }
            }
        }
    }

    private func respond(
        to asked: ChatCompletionRequest,
        of request: ModelRequest,
        onDelta: @escaping @Sendable (ModelDelta) -> Void
    ) async throws(ModelError) -> ModelResponse {
        let started = ContinuousClock.now
        let answer: HTTPClientResponse
        do {
            answer = try await http.execute(httpRequest(for: asked))
        } catch {
            throw ModelError(http: error)
        }
        let scrubber = SecretScrubber(secrets: key.map { [$0] } ?? [], prompts: request.messages.map(\.content))
        guard (200..<300).contains(answer.status) else { throw await failure(of: answer, scrubber: scrubber) }
        let assembler = ChatCompletionAssembler(
            maximumToolCalls: model.maximumToolCalls,
            toolNames: Set(request.tools.map(\.name))
        )
        var reading = OpenAIAnswerReading(
            into: assembler,
            maximumBytes: model.maximumResponseBytes,
            patience: patienceAfterEnd,
            started: started,
            scrubber: scrubber,
            onDelta: onDelta
        )
        try await reading.read(answer)
        return try reading.response(to: request, from: model.origin)
    }

    private func httpRequest(for request: ChatCompletionRequest) -> HTTPClientRequest {
        var httpRequest = HTTPClientRequest(method: .post, url: url)
        httpRequest.headers[.contentType] = "application/json"
        httpRequest.headers[.accept] = "text/event-stream, application/json"
        httpRequest.headers[.authorization] = key.map { "Bearer \($0)" }
        httpRequest.body = request.bytes
        httpRequest.idleTimeout = model.idleTimeout
        httpRequest.totalTimeout = model.totalTimeout
        httpRequest.maximumBodyBytes = model.maximumResponseBytes
        httpRequest.proxy = proxy
        // A model that is asked twice has answered once.
        httpRequest.isRepeatable = true
        return httpRequest
    }

    /// The error that an answer with another status than 2xx stands for.
    private func failure(of answer: HTTPClientResponse, scrubber: SecretScrubber) async -> ModelError {
        let body = await OpenAIAnswerReading.errorBody(of: answer)
        if Task.isCancelled { return ModelError(.cancelled, "the call was cancelled") }
        if (300..<400).contains(answer.status), let location = answer.headers.first(name: "location") {
            return ModelError(redirect: location, status: answer.status, scrubber: scrubber)
        }
        let retryAfter = RetryAfter.duration { answer.headers.first(name: $0) }
        let report = ChatCompletionErrorReport(body: body)
        return ModelError(report, status: answer.status, retryAfter: retryAfter, scrubber: scrubber)
    }
}

extension OpenAIProvider {
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

    private static func problem(withBaseURL url: String?) -> String? {
        guard let url else { return "expected the URL before /chat/completions, such as http://127.0.0.1:8080/v1" }
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
