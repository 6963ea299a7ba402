internal import Conversation
internal import Definitions
package import HTTP
internal import Wire

/// Asks any server that speaks `POST /v1/embeddings`: hosted services, llama.cpp, vLLM, Ollama.
///
/// An answer is used as a whole or not at all: exactly one vector for each text, each of the model's dimensions, of
/// finite numbers.
package struct EmbeddingProvider: Sendable {
    /// The model's row.
    package let model: EmbeddingModel
    private let server: ModelServer

    /// A provider for a model.
    ///
    /// - Parameters:
    ///   - model: The model's row. The key is read from the variable that it names; without a name, none is sent.
    ///   - http: The client to use.
    ///   - environment: Where the variable is looked up, and those that name proxies.
    /// - Throws: ``ModelError/Code/configuration`` if the row lacks a usable URL or model id, or the variable is not set.
    package init(
        model: EmbeddingModel,
        http: HTTPClient,
        environment: [String: String]
    ) throws(ModelError) {
        self.model = model
        server = try ModelServer(model.model, .embeddings, http: http, environment: environment)
    }

    /// Vectors of texts that are to be found.
    ///
    /// - Parameter texts: At most the model's ``EmbeddingModel/batch``; what is too long is cut.
    /// - Returns: A vector for each, in order.
    /// - Throws: ``ModelError`` for whatever goes wrong.
    package func embed(documents texts: [String]) async throws(ModelError) -> Embeddings {
        try await embed(texts.map { model.documentPrefix + $0 }, within: model.model.totalTimeout)
    }

    /// The vector of a question.
    ///
    /// - Parameters:
    ///   - text: The question; what is too long is cut.
    ///   - timeout: How long it is waited for.
    /// - Throws: ``ModelError`` for whatever goes wrong.
    package func embed(
        question text: String,
        within timeout: Duration? = nil
    ) async throws(ModelError) -> Embeddings {
        try await embed([model.questionPrefix + text], within: timeout ?? model.model.totalTimeout)
    }

    private func embed(_ texts: [String], within timeout: Duration) async throws(ModelError) -> Embeddings {
        guard !texts.isEmpty else { return Embeddings(vectors: [], tokens: 0, isEstimated: false, cost: 0) }
        let inputs = texts.map { $0.prefix(utf8: model.maximumInputBytes) }
        let request = EmbeddingRequest(
            modelID: model.model.modelID,
            inputs: inputs,
            dimensions: model.sendsDimensions ? model.dimensions : nil
        )
        let answer = try await server.ask(
            request.bytes,
            about: inputs,
            within: timeout
        ) { body throws(ServerAnswerError) in
            try EmbeddingAnswer(body: body, count: inputs.count, dimensions: model.dimensions)
        }
        let estimate = (inputs.reduce(0) { $0 + $1.utf8.count } + 3) / 4
        let tokens = answer.inputTokens ?? estimate
        return Embeddings(
            vectors: answer.vectors,
            tokens: tokens,
            isEstimated: answer.inputTokens == nil,
            cost: model.model.prices.cost(of: TokenUsage(input: tokens, output: 0))
        )
    }
}

/// Vectors of texts, and what they cost.
package struct Embeddings: Sendable, Hashable {
    /// A vector for each text, in order.
    package let vectors: [[Float]]
    /// The tokens of the texts.
    package let tokens: Int
    /// Whether the server did not count them.
    package let isEstimated: Bool
    /// The cost in US dollars.
    package let cost: Double
}
