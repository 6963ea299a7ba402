package import Conversation
import Definitions
internal import JSON
internal import Patterns

/// A deterministic provider that needs no network: its answers follow from ordered rules in the model's row.
///
/// The last message of the user decides: the first rule whose pattern it contains applies, and either says a text or
/// calls tools. When the last message is a tool's, the same rule's `then` is said with the results. Nothing is
/// remembered between two calls. Tokens are counted as one for every four bytes, and marked as an estimate.
///
/// ```yaml
/// rules:
///   - when: '(?i)what is ([-+*/().\d\s%of]+)\??'
///     call: {tool: calculator, arguments: {expression: '$1'}}
///     then: 'It is {{result}}.'
///   - when: '(?i)^hello, (\w+)'
///     say: 'Hello, $1.'
///   - otherwise: 'I can calculate.'
/// ```
package struct RulesProvider: ModelProvider {
    private let rules: [Rule]
    private let modelName: String

    /// Rules answer, and no language model.
    package var isLanguageModel: Bool { false }

    /// A provider with the rules of a model.
    ///
    /// - Parameter model: The model's row; its `rules` are compiled here, once.
    /// - Throws: ``ModelError/Code/configuration`` with every mistake in the rules and its place in the document.
    package init(model: Model) throws(ModelError) {
        let problems = DocumentReader.Problems()
        rules = Rule.rules(from: model.rules, problems: problems)
        modelName = model.name
        guard problems.list.isEmpty else { throw ModelError(model: model.name, problems: problems.list) }
    }

    /// Answers by the rules.
    ///
    /// - Parameters:
    ///   - request: The conversation and the tools on offer; its settings have no effect.
    ///   - onDelta: Told the text word by word, and the calls.
    /// - Returns: The answer.
    /// - Throws: ``ModelError/Code/cancelled`` if the task is cancelled; ``ModelError/Code/invalidRequest`` if a pattern's
    ///   limits do not suffice for the message.
    package func respond(
        to request: ModelRequest,
        onDelta: @escaping @Sendable (ModelDelta) -> Void
    ) async throws(ModelError) -> ModelResponse {
        let started = ContinuousClock.now
        let answer = try answer(to: request)
        var timeToFirstToken: Duration?
        for delta in answer.deltas {
            if Task.isCancelled { throw ModelError(.cancelled, "the call was cancelled") }
            timeToFirstToken = timeToFirstToken ?? (.now - started)
            onDelta(delta)
        }
        return ModelResponse(
            message: answer,
            finishReason: answer.toolCalls.isEmpty ? .stop : .toolCalls,
            usage: .estimate(request: request, answer: answer),
            timeToFirstToken: timeToFirstToken,
            modelID: modelName
        )
    }

    private func answer(to request: ModelRequest) throws(ModelError) -> ChatMessage {
        let input = request.messages.last { $0.role == .user }?.content ?? ""
        var values = RuleTemplate.Values(input: input, results: request.messages.trailingResults)
        for rule in rules {
            guard let captures = try rule.captures(in: input) else { continue }
            values.captures = captures
            return answer(by: rule, to: request, values: values)
        }
        return .assistant("No rule of the model \"\(modelName)\" applies to this message.")
    }

    private func answer(by rule: Rule, to request: ModelRequest, values: RuleTemplate.Values) -> ChatMessage {
        switch rule.action {
        case .say(let text):
            return .assistant(text.rendered(values))
        case .call(_, let then) where !values.results.isEmpty:
            return .assistant(then.rendered(values))
        case .call(let calls, _):
            let offered = Dictionary(request.tools.map { ($0.name, $0) }) { first, _ in first }
            let missing = calls.map(\.tool).filter { offered[$0] == nil }
            guard missing.isEmpty else {
                let names = missing.map { "\"\($0)\"" }.joined(separator: ", ")
                return .assistant("I would need a tool that this agent does not have: \(names).")
            }
            // The number of earlier messages makes the ids differ from those of earlier answers.
            let requests = calls.enumerated().map { index, call in
                let schema = offered[call.tool].flatMap { try? $0.inputSchema.value() }
                return ToolCallRequest(
                    id: "call_\(request.messages.count)_\(index + 1)",
                    name: call.tool,
                    arguments: call.arguments.rendered(values, for: schema).text
                )
            }
            return .assistant("", toolCalls: requests)
        }
    }
}

extension [ChatMessage] {
    /// The contents of the tools' messages at the end of the conversation.
    fileprivate var trailingResults: [String] {
        reversed().prefix { $0.role == .tool }.reversed().map(\.content)
    }
}

extension ChatMessage {
    /// The pieces in which the answer is streamed: words with the white space before them, then the calls.
    fileprivate var deltas: [ModelDelta] {
        var pieces: [ModelDelta] = []
        var piece = ""
        var previous: Character?
        for character in content {
            if character.isWhitespace, let previous, !previous.isWhitespace {
                pieces.append(.text(piece))
                piece = ""
            }
            piece.append(character)
            previous = character
        }
        if !piece.isEmpty { pieces.append(.text(piece)) }
        return pieces + toolCalls.map { .toolCall(name: $0.name) }
    }
}
