package import Conversation
package import HTTP
internal import Wire

/// Asks any server that speaks OpenAI's Chat Completions: hosted services, llama.cpp, vLLM, Ollama.
package struct OpenAIProvider: ModelProvider {
    private let server: ModelServer
    private let refused = RefusedMembers()

    /// A provider for a model.
    ///
    /// - Parameters:
    ///   - model: The model's row. The key is read from the variable that it names; without a name, none is sent.
    ///   - http: The client to use.
    ///   - environment: Where the variable is looked up, and those that name proxies.
    ///   - patienceAfterEnd: How long what may follow a whole answer is waited for: its usage, and the end of the stream.
    ///   - clock: What the first piece of an answer is waited for by.
    /// - Throws: ``ModelError/Code/configuration`` if the row lacks a usable URL or model id, or the variable is not set.
    package init(
        model: Model,
        http: HTTPClient,
        environment: [String: String],
        patienceAfterEnd: Duration = .seconds(1),
        clock: any Clock<Duration> = ContinuousClock()
    ) throws(ModelError) {
        server = try ModelServer(
            model,
            .chatCompletions,
            http: http,
            environment: environment,
            patienceAfterEnd: patienceAfterEnd,
            clock: clock
        )
    }

    /// Asks the model and waits for its whole answer.
    ///
    /// - Parameters:
    ///   - request: The conversation, the tools on offer and the settings.
    ///   - onDelta: Receives each piece of the answer as it arrives.
    /// - Returns: The whole answer.
    /// - Throws: ``ModelError`` for whatever goes wrong.
    package func respond(
        to request: ModelRequest,
        onDelta: @escaping @Sendable (ModelDelta) -> Void
    ) async throws(ModelError) -> ModelResponse {
        let model = server.model
        let form = request.outputSchema == nil ? StructuredOutput.none : model.structuredOutput
        let wanted = RefusedMembers.Extras(
            hasStreamOptions: true,
            hasStop: !request.stop.isEmpty,
            structuredOutput: form
        )
        return try await refused.asking(
            for: wanted,
            with: request,
            onDelta: onDelta
        ) { (extras, hasNatives, onDelta) throws(ModelError) in
            var asked = ChatCompletionRequest(request, to: model, origin: server.origin, hasNatives: hasNatives)
            asked.includesUsage = extras.hasStreamOptions
            asked.structuredOutput = extras.structuredOutput
            if !extras.hasStop { asked.content.stop = [] }
            let assembler = ChatCompletionAssembler(
                maximumToolCalls: model.maximumToolCalls,
                toolNames: Set(request.tools.map(\.name))
            )
            let reading = try await server.ask(asked.bytes, of: request, into: assembler, onDelta: onDelta)
            return try reading.response(to: request, sent: asked.content.messages, from: server.origin)
        }
    }
}
