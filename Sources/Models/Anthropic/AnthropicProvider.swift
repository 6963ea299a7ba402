package import Conversation
package import HTTP
internal import Wire

/// Asks any server that speaks Anthropic's Messages API.
package struct AnthropicProvider: ModelProvider {
    /// How often a model that pauses in the middle of its answer is asked to continue.
    private static let mostPauses = 8

    private let server: ModelServer
    private let refused = RefusedMembers()

    /// A provider for a model.
    ///
    /// - Parameters:
    ///   - model: The model's row. The key is read from the variable that it names; without a name, none is sent.
    ///   - http: The client to use.
    ///   - environment: Where the variable is looked up, and those that name proxies.
    ///   - patienceAfterEnd: How long what may follow a whole answer is waited for: the end of the stream.
    /// - Throws: ``ModelError/Code/configuration`` if the row lacks a usable URL or model id, or the variable is not set.
    package init(
        model: Model,
        http: HTTPClient,
        environment: [String: String],
        patienceAfterEnd: Duration = .seconds(1)
    ) throws(ModelError) {
        server = try ModelServer(
            model,
            .messages,
            http: http,
            environment: environment,
            patienceAfterEnd: patienceAfterEnd
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
        let wanted = RefusedMembers.Extras(hasStop: !request.stop.isEmpty, structuredOutput: form)
        return try await refused.asking(
            for: wanted,
            with: request,
            onDelta: onDelta
        ) { (extras, hasNatives, onDelta) throws(ModelError) in
            var asked = MessagesRequest(request, to: model, origin: server.origin, hasNatives: hasNatives)
            asked.structuredOutput = extras.structuredOutput
            if !extras.hasStop { asked.content.stop = [] }
            let reading = try await self.reading(of: asked, for: request, onDelta: onDelta)
            return try reading.response(to: request, sent: asked.content.messages, from: server.origin)
        }
    }

    /// Asks, and again each time the model pauses.
    private func reading(
        of asked: MessagesRequest,
        for request: ModelRequest,
        onDelta: @escaping @Sendable (ModelDelta) -> Void
    ) async throws(ModelError) -> AnswerReading<MessagesAssembler> {
        var asked = asked
        var assembler = MessagesAssembler(maximumToolCalls: server.model.maximumToolCalls)
        var pauses = 0
        while true {
            let reading = try await server.ask(asked.bytes, of: request, into: assembler, onDelta: onDelta)
            guard reading.assembler.isPaused else { return reading }
            pauses += 1
            guard pauses <= Self.mostPauses else {
                throw ModelError(.truncated, "the model paused more than \(Self.mostPauses) times in one answer")
            }
            asked.continuedBlocks = reading.assembler.blocks
            assembler = reading.assembler.continued
        }
    }
}
