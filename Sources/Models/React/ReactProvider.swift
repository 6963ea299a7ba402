package import Conversation
internal import Definitions
internal import Synchronization
internal import Wire

/// Asks a plain chat model for calls of tools: in writing, one step at a time.
///
/// Above it nothing differs from a model whose server knows calls. A step that cannot be read is an answer with a
/// ``ModelResponse/complaint``. A request without tools is a request as any other.
package struct ReactProvider: ModelProvider {
    /// The action that ends a turn; no tool can have this name.
    package static let finish = ReactForm.finish

    private let provider: any ModelProvider

    /// Bytes of an answer that cannot be used which its model is shown again.
    private static let longestAnswer = 4_000

    /// A model asked in writing; rules and plans, which are no language models, stay as they are.
    package static func around(_ provider: any ModelProvider) -> any ModelProvider {
        provider.isLanguageModel && !(provider is ReactProvider) ? ReactProvider(provider: provider) : provider
    }

    /// Asks the model and waits for its whole answer.
    ///
    /// - Parameters:
    ///   - request: The conversation, the tools on offer and the settings.
    ///   - onDelta: Receives each piece of the reply as it arrives, and nothing of other steps but the tool's name.
    /// - Returns: The whole answer: a reply, or a call of one tool.
    /// - Throws: ``ModelError`` for whatever goes wrong.
    package func respond(
        to request: ModelRequest,
        onDelta: @escaping @Sendable (ModelDelta) -> Void
    ) async throws(ModelError) -> ModelResponse {
        var asked = request
        guard !request.tools.isEmpty else {
            asked.messages = ReactHistory(nil).messages(request.messages)
            return try await provider.respond(to: asked, onDelta: onDelta)
        }
        let form = ReactForm(request)
        asked.messages = ReactHistory(form).messages(request.messages)
        (asked.tools, asked.outputSchema, asked.stop) = ([], nil, [ReactForm.stop])
        let reading = Mutex(ReactReader(form))
        let response = try await provider.respond(to: asked) { delta in
            guard case .text(let piece) = delta else { return }
            let text = reading.withLock { $0.consume(piece) }
            if !text.isEmpty { onDelta(.text(text)) }
        }
        let reader = reading.withLock { $0 }
        return Self.answer(response, reader, to: request, in: form, onDelta: onDelta)
    }

    /// The answer as that of a model whose server knows calls.
    private static func answer(
        _ response: ModelResponse,
        _ reader: ReactReader,
        to request: ModelRequest,
        in form: ReactForm,
        onDelta: (ModelDelta) -> Void
    ) -> ModelResponse {
        var (reader, response) = (reader, response)
        let written = response.message.written
        // What a server has taken for a call was in no piece of the text.
        if let call = response.message.toolCalls.first { _ = reader.consume(call.written) }
        let step = reader.step(isCut: response.finishReason == .length)
        switch step {
        case .reply(let text):
            let rest = String(decoding: text.utf8.dropFirst(reader.shownText.utf8.count), as: UTF8.self)
            if !rest.isEmpty { onDelta(.text(rest)) }
            response.message = .assistant(text)
            if response.finishReason == .toolCalls { response.finishReason = .stop }
        case .cut(let thought):
            response.message = .assistant(thought)
        case .call(let thought, let name, let arguments):
            if let complaint = ReactForm.repetition(of: name, arguments, after: request.lastCall) {
                response.refuse(written.prefix(utf8: longestAnswer), because: complaint)
                break
            }
            onDelta(.toolCall(name: name))
            let call = ToolCallRequest(id: randomCallID(), name: name, arguments: arguments)
            response.message = .assistant(thought, toolCalls: [call])
            response.finishReason = .toolCalls
        case .unreadable(let what):
            response.refuse(written.prefix(utf8: longestAnswer), because: ReactForm.correction(what))
        }
        return response
    }
}

extension ModelResponse {
    fileprivate mutating func refuse(_ text: String, because complaint: String) {
        message = .assistant(text)
        finishReason = .stop
        self.complaint = complaint
    }
}

extension ChatMessage {
    /// The answer as its model wrote it, without what it made up after its step.
    fileprivate var written: String {
        let text = content + (toolCalls.first?.written ?? "")
        return text.firstRange(of: ReactForm.stop).map { String(text[..<$0.lowerBound]) } ?? text
    }
}

extension ToolCallRequest {
    fileprivate var written: String { "\nAction: \(name)\nAction Input: \(arguments)" }
}
