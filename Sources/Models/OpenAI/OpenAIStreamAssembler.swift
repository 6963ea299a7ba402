import Conversation
import Definitions
internal import JSON

/// Puts an answer together from the chunks of a Chat Completions stream.
///
/// A pure state machine: it is given the data of one event after the other and knows nothing of time or connections.
/// A plain answer (from a server that ignores `stream`) is one chunk whose choice has a `message` in place of a `delta`.
///
/// Servers differ, so it accepts chunks without choices, deltas with nothing but a role, a missing `[DONE]`, a missing
/// `finish_reason` before `[DONE]`, missing usage, and fragments of calls without an index. What contradicts the
/// protocol is ``ModelError/Code/malformed``.
struct OpenAIStreamAssembler {
    /// Whether the server said that nothing follows.
    package private(set) var isDone = false

    /// Whether the answer is complete: all that may still follow is the usage.
    package var isComplete: Bool { isDone || finishReason != nil }

    /// Whether any piece of text or any tool call has arrived.
    package private(set) var hasBegun = false

    private let scrubber: SecretScrubber
    private var text = ""
    private var calls: OpenAIToolCallAssembler
    private var sawChoice = false
    private var finishReason: String?
    private var usage: TokenUsage?
    private var modelID: String?
    private var answerID = ""
    private var chunkCount = 0

    /// An assembler for one answer.
    ///
    /// - Parameters:
    ///   - maximumToolCalls: The most tool calls that the answer may ask for.
    ///   - scrubber: Takes secrets out of errors that the server reports inside the answer.
    init(maximumToolCalls: Int, scrubber: SecretScrubber = SecretScrubber()) {
        self.scrubber = scrubber
        calls = OpenAIToolCallAssembler(maximumCount: maximumToolCalls)
    }

    /// Takes the data of the next event.
    ///
    /// - Throws: ``ModelError`` if it is no chunk, reports an error of the server, or exceeds a limit.
    package mutating func consume(event data: String, onDelta: (ModelDelta) -> Void) throws(ModelError) {
        guard !isDone else { return }
        let trimmed = data.utf8.drop(while: \.isJSONWhitespace)
        if trimmed.isEmpty { return }
        if trimmed.starts(with: "[DONE]".utf8) {
            isDone = true
            return
        }
        try consume(chunk: Self.parse(data, name: "chunk \(chunkCount + 1)"), onDelta: onDelta)
    }

    /// Takes a parsed chunk, or a whole plain answer.
    ///
    /// - Throws: ``ModelError`` if it is no chunk, reports an error of the server, or exceeds a limit.
    package mutating func consume(chunk: JSONValue, onDelta: (ModelDelta) -> Void) throws(ModelError) {
        chunkCount += 1
        guard case .object = chunk else { throw malformed("expected an object, found \(chunk.kind)") }
        if let report = OpenAIErrorReport(chunk) { throw report.error(status: nil, scrubber: scrubber) }
        if let id = chunk["id"]?.stringValue, answerID.isEmpty { answerID = String(id.prefix(100)) }
        if let model = chunk["model"]?.stringValue, !model.isEmpty { modelID = String(model.prefix(200)) }
        if let counted = TokenUsage(openAI: chunk["usage"]) { usage = counted }
        guard let choices = chunk["choices"], !choices.isNull else { return }
        guard let list = choices.arrayValue else { throw malformed("choices is no array") }
        for choice in list where (choice["index"]?.integerValue ?? 0) == 0 {
            try consume(choice: choice, onDelta: onDelta)
        }
    }

    private mutating func consume(choice: JSONValue, onDelta: (ModelDelta) -> Void) throws(ModelError) {
        guard case .object = choice else { throw malformed("a choice is no object") }
        sawChoice = true
        if let delta = choice["delta"] ?? choice["message"], !delta.isNull {
            guard case .object = delta else { throw malformed("a delta is no object") }
            try consume(content: delta["content"], onDelta: onDelta)
            try consume(content: delta["refusal"], onDelta: onDelta)
            try consume(toolCalls: delta["tool_calls"], onDelta: onDelta)
        }
        switch choice["finish_reason"] {
        case nil, .null?: break
        case .string(let reason)?: finishReason = reason
        default: throw malformed("finish_reason is no string")
        }
    }

    private mutating func consume(content: JSONValue?, onDelta: (ModelDelta) -> Void) throws(ModelError) {
        switch content {
        case nil, .null?:
            return
        case .string(let piece)?:
            append(piece, onDelta: onDelta)
        case .array(let parts)?:
            // Content in parts: those that are text are the answer.
            for part in parts {
                if let piece = part["text"]?.stringValue { append(piece, onDelta: onDelta) }
            }
        default:
            throw malformed("content is no text")
        }
    }

    private mutating func append(_ piece: String, onDelta: (ModelDelta) -> Void) {
        guard !piece.isEmpty else { return }
        let storable = piece.withoutNullCharacters
        hasBegun = true
        text += storable
        onDelta(.text(storable))
    }

    private mutating func consume(toolCalls: JSONValue?, onDelta: (ModelDelta) -> Void) throws(ModelError) {
        guard let toolCalls, !toolCalls.isNull else { return }
        guard let fragments = toolCalls.arrayValue else { throw malformed("tool_calls is no array") }
        for (position, fragment) in fragments.enumerated() {
            guard case .object = fragment else { throw malformed("a tool call is no object") }
            hasBegun = true
            if let name = try calls.consume(fragment, position: position) {
                onDelta(.toolCall(name: name))
            }
        }
    }

    /// The whole answer, once no more events come.
    ///
    /// - Parameter request: The request, for estimating the usage if the server did not say.
    /// - Throws: ``ModelError`` if the answer is incomplete or was stopped by a filter.
    package func response(to request: ModelRequest) throws(ModelError) -> ModelResponse {
        guard chunkCount > 0 else { throw ModelError(.malformed, "the server sent no answer") }
        guard isComplete else { throw ModelError(.truncated, "the answer broke off after \(chunkCount) chunks") }
        guard sawChoice else { throw ModelError(.malformed, "the server sent an answer without choices") }
        if finishReason == "content_filter" {
            throw ModelError(.contentFiltered, "the server's content filter stopped the answer")
        }
        let toolCalls = try calls.finish(answerID: answerID)
        let message = ChatMessage.assistant(text, toolCalls: toolCalls)
        return ModelResponse(
            message: message,
            finishReason: Self.finishReason(finishReason, hasToolCalls: !toolCalls.isEmpty),
            usage: usage ?? .estimate(request: request, answer: message),
            modelID: modelID
        )
    }

    /// Parses JSON from the server; a repeated member counts as its last value.
    package static func parse(_ data: String, name: String) throws(ModelError) -> JSONValue {
        var options = JSONParserOptions.default
        options.maximumDepth = 128
        options.duplicateKeys = .keepLast
        do {
            return try JSONValue(parsing: data, options: options)
        } catch {
            throw ModelError(.malformed, "\(name) of the answer is not JSON: \(error.code) at byte \(error.offset)")
        }
    }

    private static func finishReason(_ reason: String?, hasToolCalls: Bool) -> FinishReason {
        switch reason {
        case "length", "max_tokens", "model_length": .length
        default: hasToolCalls ? .toolCalls : .stop
        }
    }

    private func malformed(_ what: String) -> ModelError {
        ModelError(.malformed, "chunk \(chunkCount) of the answer: \(what)")
    }
}

extension UInt8 {
    /// Whether JSON allows this byte between two tokens.
    var isJSONWhitespace: Bool {
        switch self {
        case UInt8(ascii: " "), UInt8(ascii: "\n"), UInt8(ascii: "\r"), UInt8(ascii: "\t"): true
        default: false
        }
    }
}
