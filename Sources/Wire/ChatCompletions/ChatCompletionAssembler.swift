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
/// protocol is ``ServerAnswerError/malformed(_:)``. A character that is cut between two chunks is put together
/// again, and half a one becomes U+FFFD.
///
/// An answer is whole only when its end says so (``AnswerEnd``). An error is one wherever the server puts it: in an
/// event of that name, in place of a chunk, beside the choices or inside of one.
package struct ChatCompletionAssembler: AnswerAssembler {
    /// Whether the server said that nothing follows.
    package private(set) var isDone = false

    /// Whether the answer is complete: all that may still follow is the usage.
    package var isComplete: Bool { isDone || end != nil }

    /// Whether any piece of text or any tool call has arrived.
    package private(set) var hasBegun = false

    /// Whether anything of the answer has arrived; what the model thinks counts as well.
    package var hasAnyPiece: Bool { hasBegun || reasoning.hasBegun }

    private var text = ""
    private var joiner = SurrogateJoiner()
    private var calls: ToolCallAssembler
    /// The call of the protocol before there were tools, which some servers send beside the others.
    private var functionCall: ToolCallAssembler
    private var reasoning = ReasoningAssembler()
    private var sawChoice = false
    private var end: AnswerEnd?
    /// Whether something came that is not part of an answer, and may have been a failure in words that are not known.
    private var sawStrangeness = false
    private var usage: TokenUsage?
    private var modelID: String?
    private var chunkCount = 0
    /// What the last chunk that was parsed and the next may have in common.
    private var pattern: ChunkPattern?
    /// Patterns that the next chunk did not have: some servers write another thing into each.
    private var uselessPatterns = 0
    /// A chunk that ends in its middle; only the last one may, where the stream was cut.
    private var brokenChunk: ServerAnswerError?
    private let makeID: @Sendable () -> String

    /// An assembler for one answer.
    ///
    /// - Parameters:
    ///   - maximumToolCalls: The most tool calls that the answer may ask for.
    ///   - toolNames: The names of the tools on offer.
    ///   - makeID: Makes an id for a call that has none, another one each time: ids are compared within a conversation.
    package init(
        maximumToolCalls: Int,
        toolNames: Set<String> = [],
        makeID: @escaping @Sendable () -> String = { randomCallID() }
    ) {
        calls = ToolCallAssembler(maximumCount: maximumToolCalls, toolNames: toolNames)
        functionCall = ToolCallAssembler(maximumCount: maximumToolCalls, toolNames: toolNames)
        self.makeID = makeID
    }

    /// Takes the data of the next event.
    ///
    /// - Parameters:
    ///   - data: The data.
    ///   - name: The event's type; whatever comes under the name `error` is one.
    ///   - onDelta: Receives each piece of the answer.
    /// - Throws: ``ServerAnswerError`` if it is no chunk, reports an error of the server, or exceeds a limit.
    package mutating func consume(
        event data: String,
        named name: String? = nil,
        onDelta: (ModelDelta) -> Void
    ) throws(ServerAnswerError) {
        guard !isDone else { return }
        if let brokenChunk { throw brokenChunk }
        if name == nil, end == nil, let piece = pattern?.text(of: data) {
            chunkCount += 1
            return append(piece, onDelta: onDelta)
        }
        let name = name?.lowercased() ?? ""
        if name == "error" { throw .reported(ServerErrorReport(eventData: data)) }
        let trimmed = data.utf8.drop(while: \.isJSONWhitespace)
        if trimmed.isEmpty { return }
        if !Self.eventNames.contains(name) { sawStrangeness = true }
        if trimmed.starts(with: ChatCompletionWriter.endMark.utf8) {
            isDone = true
            return
        }
        let subject = "chunk \(chunkCount + 1)"
        switch JSONValue.parsed(foreign: data, halfSurrogates: .mark) {
        case .success(let chunk):
            try consume(chunk: chunk, onDelta: onDelta)
            if pattern != nil { uselessPatterns += 1 }
            pattern = uselessPatterns < 8 ? ChunkPattern(data, parsed: chunk) : nil
        case .failure(let error) where error.code == .unexpectedEnd: brokenChunk = Self.malformed(error, subject)
        case .failure(let error): throw Self.malformed(error, subject)
        }
    }

    /// The types of events that a server gives to the chunks of an answer.
    private static let eventNames: Set<String> = ["", "message", "chunk", "data", "completion", "ping", "done"]

    /// Takes the body of an answer that is no stream of events: one JSON value, which is whole even if it lacks a finish
    /// reason, or one a line, with or without `data:` before it.
    ///
    /// - Throws: ``ServerAnswerError`` if it is no answer, reports an error of the server, or exceeds a limit.
    package mutating func consume(
        body: String,
        onDelta: (ModelDelta) -> Void
    ) throws(ServerAnswerError) {
        switch JSONValue.parsed(foreign: body, halfSurrogates: .mark) {
        case .success(let answer):
            try consume(chunk: answer, onDelta: onDelta)
            isDone = true
        case .failure(let error):
            // Other line breaks may stand in a text of JSON as they are.
            let lines = body.split { $0 == "\n" || $0 == "\r\n" || $0 == "\r" }.map(Self.withoutFieldName)
            guard let first = lines.first, lines.count > 1, case .success = JSONValue.parsed(foreign: first) else {
                throw Self.malformed(error, "the body")
            }
            for line in lines { try consume(event: line, onDelta: onDelta) }
        }
    }

    private static func withoutFieldName(_ line: Substring) -> String {
        String(line.hasPrefix("data:") ? line.dropFirst("data:".count) : line)
    }

    private static func malformed(_ error: JSONParseError, _ subject: String) -> ServerAnswerError {
        .malformed("\(subject) of the answer is not JSON: \(error.code) at byte \(error.offset)")
    }

    /// The whole answer, once no more events come.
    ///
    /// - Throws: ``ServerAnswerError`` if the answer is incomplete, or its end does not say that it is whole.
    package func answer() throws(ServerAnswerError) -> ServerAnswer {
        guard chunkCount > 0 || brokenChunk != nil else { throw .malformed("the server sent no answer") }
        // That nothing follows is a good end where nothing contradicts it.
        guard isComplete, end != nil || !sawStrangeness else {
            throw .truncated("the answer broke off after \(chunkCount) chunks")
        }
        guard sawChoice else { throw .malformed("the server sent an answer without choices") }
        if case .failed(let failure)? = end { throw .ended(failure) }
        let toolCalls = try (calls.isEmpty ? functionCall : calls).finish(beside: reasoning.object, makeID: makeID)
        var rest = joiner
        let text = text + rest.finish()
        if text.isBlank, toolCalls.isEmpty, end != .cut { throw .empty }
        return ServerAnswer(
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
    private mutating func consume(chunk: JSONValue, onDelta: (ModelDelta) -> Void) throws(ServerAnswerError) {
        chunkCount += 1
        if let report = ServerErrorReport(chunk: chunk) { throw .reported(report) }
        guard case .object = chunk else { throw malformed("expected an object, found \(chunk.kind)") }
        if let model = chunk["model"]?.stringValue, !model.isEmpty {
            modelID = SurrogateJoiner.joined(String(model.prefix(200)))
        }
        if let counted = TokenUsage(chatCompletion: chunk["usage"]) { usage = counted }
        let choices = chunk["choices"] ?? .null
        guard let list = choices.isNull ? [] : choices.arrayValue else { throw malformed("choices is no array") }
        if list.isEmpty, hasBegun, chunk["usage"] ?? .null == .null, chunk["type"] != "ping" { sawStrangeness = true }
        for choice in list {
            if let report = ServerErrorReport(choice: choice) { throw .reported(report) }
            if (choice["index"]?.integerValue ?? 0) == 0 { try consume(choice: choice, onDelta: onDelta) }
        }
    }

    private mutating func consume(choice: JSONValue, onDelta: (ModelDelta) -> Void) throws(ServerAnswerError) {
        guard case .object = choice else { throw malformed("a choice is no object") }
        sawChoice = true
        let size = text.utf8.count
        if let delta = choice.member("delta") ?? choice.member("message") {
            guard case .object = delta else { throw malformed("a delta is no object") }
            try consume(content: delta["content"], onDelta: onDelta)
            try consume(content: delta["refusal"], onDelta: onDelta)
            try consume(toolCalls: delta["tool_calls"], onDelta: onDelta)
            reasoning.consume(delta)
            if let call = delta.member("function_call") {
                _ = try functionCall.consume(ToolCallFragment(functionCall: call))
                hasBegun = true
            }
        } else if let piece = choice["text"]?.stringValue {
            // An answer of the protocol for completions.
            append(piece, onDelta: onDelta)
        }
        // A good end that more text follows was none.
        if end == .whole, text.utf8.count > size { end = nil }
        switch choice["finish_reason"] {
        case nil, .null?: break
        case .string(let reason)?:
            let said = AnswerEnd(finishReason: reason)
            if let said, said.isWorse(than: end) { end = said }
            // A placeholder of some, and of others the end that nobody gave a reason for.
            if said == nil, reason.lowercased().contains("unspecified") { sawStrangeness = true }
        default: throw malformed("finish_reason is no string")
        }
        // What a gateway passes on of the model's own end, or a server says beside its placeholder.
        for member in ["native_finish_reason", "stop_reason"] {
            guard let reason = choice[member]?.stringValue, let said = AnswerEnd(finishReason: reason),
                said.isKnownFailure, said.isWorse(than: end)
            else { continue }
            end = said
        }
    }

    private mutating func consume(content: JSONValue?, onDelta: (ModelDelta) -> Void) throws(ServerAnswerError) {
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
        hasBegun = true
        let storable = joiner.consume(piece).withoutNullCharacters
        guard !storable.isEmpty else { return }
        text += storable
        onDelta(.text(storable))
    }

    private mutating func consume(toolCalls: JSONValue?, onDelta: (ModelDelta) -> Void)
        throws(ServerAnswerError)
    {
        guard let toolCalls, !toolCalls.isNull else { return }
        guard let fragments = toolCalls.arrayValue else { throw malformed("tool_calls is no array") }
        for fragment in fragments {
            guard case .object = fragment else { throw malformed("a tool call is no object") }
            hasBegun = true
            if let name = try calls.consume(ToolCallFragment(fragment)) {
                onDelta(.toolCall(name: name))
            }
        }
    }

    private func malformed(_ what: String) -> ServerAnswerError {
        .malformed("chunk \(chunkCount) of the answer: \(what)")
    }
}
