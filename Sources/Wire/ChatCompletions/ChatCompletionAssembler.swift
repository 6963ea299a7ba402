package import Conversation
internal import Definitions
internal import JSON

/// Puts an answer together from the chunks of a Chat Completions stream.
///
/// A pure state machine: it is given the data of one event after the other and knows nothing of time or connections.
/// A plain answer (from a server that ignores `stream`) is one chunk whose choice has a `message` in place of a `delta`.
///
/// Servers differ, so it accepts chunks without choices, deltas with nothing but a role, a missing `[DONE]`, a missing
/// `finish_reason` before `[DONE]`, missing usage, and fragments of calls without an index. What contradicts the
/// protocol is ``ChatCompletionAnswerError/malformed(_:)``.
///
/// An answer is whole only when its end says so (``ChatCompletionEnd``). An error is one wherever the server puts it: in an
/// event of that name, in place of a chunk, beside the choices or inside of one.
package struct ChatCompletionAssembler {
    /// Whether the server said that nothing follows.
    package private(set) var isDone = false

    /// Whether the answer is complete: all that may still follow is the usage.
    package var isComplete: Bool { isDone || end != nil }

    /// Whether any piece of text or any tool call has arrived.
    package private(set) var hasBegun = false

    private var text = ""
    private var calls: ToolCallAssembler
    private var sawChoice = false
    private var end: ChatCompletionEnd?
    /// Whether something came that is not part of an answer, and may have been a failure in words that are not known.
    private var sawStrangeness = false
    private var usage: TokenUsage?
    private var modelID: String?
    private var answerID = ""
    private var chunkCount = 0

    /// An assembler for one answer.
    ///
    /// - Parameter maximumToolCalls: The most tool calls that the answer may ask for.
    package init(maximumToolCalls: Int) {
        calls = ToolCallAssembler(maximumCount: maximumToolCalls)
    }

    /// Takes the data of the next event.
    ///
    /// - Parameters:
    ///   - data: The data.
    ///   - name: The event's type; whatever comes under the name `error` is one.
    ///   - onDelta: Receives each piece of the answer.
    /// - Throws: ``ChatCompletionAnswerError`` if it is no chunk, reports an error of the server, or exceeds a limit.
    package mutating func consume(
        event data: String,
        named name: String? = nil,
        onDelta: (ModelDelta) -> Void
    ) throws(ChatCompletionAnswerError) {
        guard !isDone else { return }
        let name = name?.lowercased() ?? ""
        if name == "error" { throw .reported(ChatCompletionErrorReport(eventData: data)) }
        let trimmed = data.utf8.drop(while: \.isJSONWhitespace)
        if trimmed.isEmpty { return }
        if !Self.eventNames.contains(name) { sawStrangeness = true }
        if trimmed.starts(with: ChatCompletionWriter.endMark.utf8) {
            isDone = true
            return
        }
        try consume(chunk: Self.parse(data, name: "chunk \(chunkCount + 1)"), onDelta: onDelta)
    }

    /// The types of events that a server gives to the chunks of an answer.
    private static let eventNames: Set<String> = ["", "message", "chunk", "data", "completion", "ping", "done"]

    /// Takes the body of a plain answer, which is whole even if it lacks a finish reason.
    ///
    /// - Throws: ``ChatCompletionAnswerError`` if it is no answer, reports an error of the server, or exceeds a limit.
    package mutating func consume(
        body: String,
        onDelta: (ModelDelta) -> Void
    ) throws(ChatCompletionAnswerError) {
        try consume(chunk: Self.parse(body, name: "the body"), onDelta: onDelta)
        isDone = true
    }

    private static func parse(_ data: String, name: String) throws(ChatCompletionAnswerError) -> JSONValue {
        do {
            return try JSONValue(foreign: data)
        } catch {
            throw .malformed("\(name) of the answer is not JSON: \(error.code) at byte \(error.offset)")
        }
    }

    /// The whole answer, once no more events come.
    ///
    /// - Throws: ``ChatCompletionAnswerError`` if the answer is incomplete, or its end does not say that it is whole.
    package func answer() throws(ChatCompletionAnswerError) -> ChatCompletionAnswer {
        guard chunkCount > 0 else { throw .malformed("the server sent no answer") }
        // That nothing follows is a good end where nothing contradicts it.
        guard isComplete, end != nil || !sawStrangeness else {
            throw .truncated("the answer broke off after \(chunkCount) chunks")
        }
        guard sawChoice else { throw .malformed("the server sent an answer without choices") }
        if case .failed(let failure)? = end { throw .ended(failure) }
        let toolCalls = try calls.finish(answerID: answerID)
        return ChatCompletionAnswer(
            message: .assistant(text, toolCalls: toolCalls),
            // Servers end answers that ask for tools with `stop` as well.
            finishReason: end == .cut ? .length : toolCalls.isEmpty ? .stop : .toolCalls,
            usage: usage,
            modelID: modelID
        )
    }
}

// MARK: - Chunks

extension ChatCompletionAssembler {
    private mutating func consume(chunk: JSONValue, onDelta: (ModelDelta) -> Void) throws(ChatCompletionAnswerError) {
        chunkCount += 1
        if let report = ChatCompletionErrorReport(chunk: chunk) { throw .reported(report) }
        guard case .object = chunk else { throw malformed("expected an object, found \(chunk.kind)") }
        if let id = chunk["id"]?.stringValue, answerID.isEmpty { answerID = String(id.prefix(100)) }
        if let model = chunk["model"]?.stringValue, !model.isEmpty { modelID = String(model.prefix(200)) }
        if let counted = TokenUsage(chatCompletion: chunk["usage"]) { usage = counted }
        let choices = chunk["choices"] ?? .null
        guard let list = choices.isNull ? [] : choices.arrayValue else { throw malformed("choices is no array") }
        if list.isEmpty, hasBegun, chunk["usage"] ?? .null == .null, chunk["type"] != "ping" { sawStrangeness = true }
        for choice in list {
            if let report = ChatCompletionErrorReport(choice: choice) { throw .reported(report) }
            if (choice["index"]?.integerValue ?? 0) == 0 { try consume(choice: choice, onDelta: onDelta) }
        }
    }

    private mutating func consume(choice: JSONValue, onDelta: (ModelDelta) -> Void) throws(ChatCompletionAnswerError) {
        guard case .object = choice else { throw malformed("a choice is no object") }
        sawChoice = true
        let size = text.utf8.count
        if let delta = choice["delta"] ?? choice["message"], !delta.isNull {
            guard case .object = delta else { throw malformed("a delta is no object") }
            try consume(content: delta["content"], onDelta: onDelta)
            try consume(content: delta["refusal"], onDelta: onDelta)
            try consume(toolCalls: delta["tool_calls"], onDelta: onDelta)
        }
        // A good end that more text follows was none.
        if end == .whole, text.utf8.count > size { end = nil }
        switch choice["finish_reason"] {
        case nil, .null?: break
        case .string(let reason)?:
            let said = ChatCompletionEnd(finishReason: reason)
            if let said, said.isWorse(than: end) { end = said }
            // A placeholder of some, and of others the end that nobody gave a reason for.
            if said == nil, reason.lowercased().contains("unspecified") { sawStrangeness = true }
        default: throw malformed("finish_reason is no string")
        }
        // What a gateway passes on of the model's own end, or a server says beside its placeholder.
        for member in ["native_finish_reason", "stop_reason"] {
            guard let reason = choice[member]?.stringValue, let said = ChatCompletionEnd(finishReason: reason),
                said.isKnownFailure, said.isWorse(than: end)
            else { continue }
            end = said
        }
    }

    private mutating func consume(content: JSONValue?, onDelta: (ModelDelta) -> Void) throws(ChatCompletionAnswerError)
    {
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

    private mutating func consume(toolCalls: JSONValue?, onDelta: (ModelDelta) -> Void)
        throws(ChatCompletionAnswerError)
    {
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

    private func malformed(_ what: String) -> ChatCompletionAnswerError {
        .malformed("chunk \(chunkCount) of the answer: \(what)")
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
