package import Conversation
internal import Definitions
package import JSON

/// Puts an answer together from the events of a stream of Anthropic's Messages API.
///
/// A plain answer is one event of the type `message`. Events and pieces of a kind that is not known are passed over, as the
/// API demands. What only the server understands, such as what the model thought with its signature, is kept as it came,
/// beside the first call.
///
/// A model may pause in the middle of an answer. Then the answer is whole when what it has said was sent back to it and it
/// has continued; see ``isPaused``.
package struct MessagesAssembler: AnswerAssembler {
    /// Whether the server said that nothing follows.
    package private(set) var isDone = false

    /// Whether the answer is complete: nothing but the end mark may still follow.
    package var isComplete: Bool { isDone || end != nil }

    /// Whether any piece of text or any tool call has arrived.
    package private(set) var hasBegun = false

    /// Whether anything of the answer has arrived; what the model thinks counts as well.
    package private(set) var hasAnyPiece = false

    /// Whether the model waits to be sent back what it has said, to continue.
    package private(set) var isPaused = false

    private let maximumToolCalls: Int
    private let makeID: @Sendable () -> String
    private var parts: [MessagesPart] = []
    private var callCount = 0
    /// Bytes of the blocks and of what continues them.
    package private(set) var heldBytes = 0
    /// The places of the parts by the numbers that the server gives them.
    private var places: [Int64: Int] = [:]
    private var end: AnswerEnd?
    private var usage = MessagesUsage()
    /// The tokens of answers that the model paused in.
    private var earlierUsage: TokenUsage?
    private var modelID: String?
    private var events = AnswerEvents()

    /// An assembler for one answer.
    ///
    /// - Parameters:
    ///   - maximumToolCalls: The most tool calls that the answer may ask for.
    ///   - makeID: Makes an id for a call that has none, another one each time.
    package init(maximumToolCalls: Int, makeID: @escaping @Sendable () -> String = { randomCallID("toolu_") }) {
        self.maximumToolCalls = maximumToolCalls
        self.makeID = makeID
    }

    /// The assembler for the rest of an answer that the model paused in.
    package var continued: MessagesAssembler {
        var next = self
        (next.isDone, next.isPaused, next.end, next.places) = (false, false, nil, [:])
        next.earlierUsage = totalUsage
        next.usage = MessagesUsage()
        return next
    }

    /// What the model has said so far, as it is sent back to it; the API refuses blank texts.
    package var blocks: [JSONValue] { parts.filter { !$0.isBlank }.map(\.json) }

    /// Takes the data of the next event.
    ///
    /// - Parameters:
    ///   - data: The data.
    ///   - name: The event's type; whatever comes under the name `error` is one.
    ///   - onDelta: Receives each piece of the answer.
    /// - Throws: ``ServerAnswerError`` if it contradicts the protocol, reports an error of the server, or exceeds a limit.
    package mutating func consume(
        event data: String,
        named name: String? = nil,
        onDelta: (ModelDelta) -> Void
    ) throws(ServerAnswerError) {
        guard !isDone, let event = try events.next(data, named: name) else { return }
        try consume(event, onDelta: onDelta)
    }

    /// Takes the body of an answer that is no stream of events.
    ///
    /// - Parameters:
    ///   - body: The body.
    ///   - onDelta: Receives each piece of the answer.
    /// - Throws: ``ServerAnswerError`` if it is no answer, reports an error of the server, or exceeds a limit.
    package mutating func consume(body: String, onDelta: (ModelDelta) -> Void) throws(ServerAnswerError) {
        let answer = try events.whole(body)
        guard answer["content"] != nil || answer["error"] != nil else {
            throw .malformed("the server sent an answer without content")
        }
        if let report = ServerErrorReport(chunk: answer), answer["content"] == nil { throw .reported(report) }
        try consume(message: answer, onDelta: onDelta)
    }

    /// The whole answer, once no more events come.
    ///
    /// - Throws: ``ServerAnswerError`` if the answer is incomplete, or its end does not say that it is whole.
    package func answer() throws(ServerAnswerError) -> ServerAnswer {
        guard !events.isEmpty else { throw .malformed("the server sent no answer") }
        guard let end else { throw .truncated("the answer broke off after \(events.count) events") }
        if case .failed(let failure) = end { throw .ended(failure) }
        var blocks: [MessagesBlock] = []
        var ids: Set<String> = []
        for part in parts { blocks.append(try part.block(ids: &ids, makeID: makeID)) }
        let message = MessagesBlock.message(of: blocks)
        if message.content.isBlank, message.toolCalls.isEmpty, end != .cut, !isPaused { throw .empty }
        return ServerAnswer(
            message: message,
            finishReason: end == .cut ? .length : message.toolCalls.isEmpty ? .stop : .toolCalls,
            usage: totalUsage,
            modelID: modelID
        )
    }

    private var totalUsage: TokenUsage? {
        guard let earlierUsage else { return usage.tokens }
        return earlierUsage + (usage.tokens ?? .zero)
    }
}

// MARK: - Events

extension MessagesAssembler {
    private mutating func consume(_ event: JSONValue, onDelta: (ModelDelta) -> Void) throws(ServerAnswerError) {
        guard case .object = event else { throw events.malformed("expected an object, found \(event.kind)") }
        switch event["type"]?.stringValue {
        case "message_start"?:
            consume(head: event["message"] ?? .null)
        case "content_block_start"?:
            try begin(event["content_block"] ?? .null, at: event["index"]?.integerValue, onDelta: onDelta)
        case "content_block_delta"?:
            try append(event["delta"] ?? .null, at: event["index"]?.integerValue, onDelta: onDelta)
        case "message_delta"?:
            usage.consume(event["usage"])
            try consume(end: event["delta"]?["stop_reason"])
        case "message_stop"?:
            isDone = true
        case "message"?:
            try consume(message: event, onDelta: onDelta)
        default:
            // An error that has another type, or none.
            if let error = event["error"], !error.isNull { throw .reported(ServerErrorReport(body: event.text)) }
        }
    }

    private mutating func consume(head message: JSONValue) {
        if let model = message["model"]?.stringValue, !model.isEmpty {
            modelID = String(model.prefix(200)).withoutNullCharacters
        }
        usage.consume(message["usage"])
    }

    private mutating func consume(message: JSONValue, onDelta: (ModelDelta) -> Void) throws(ServerAnswerError) {
        consume(head: message)
        let content = message["content"] ?? .null
        guard let blocks = content.isNull ? [] : content.arrayValue else {
            throw events.malformed("content is no array")
        }
        for block in blocks { try begin(block, at: nil, onDelta: onDelta) }
        try consume(end: message["stop_reason"])
        isDone = true
    }

    private mutating func consume(end reason: JSONValue?) throws(ServerAnswerError) {
        switch reason {
        case nil, .null?: break
        case "pause_turn"?: (isPaused, end) = (true, end ?? .whole)
        case .string(let word)?:
            if let said = AnswerEnd(finishReason: word), said.isWorse(than: end) { end = said }
        default: throw events.malformed("stop_reason is no string")
        }
    }

    private mutating func begin(
        _ block: JSONValue,
        at index: Int64?,
        onDelta: (ModelDelta) -> Void
    ) throws(ServerAnswerError) {
        guard let members = block.objectValue else { throw events.malformed("a content block is no object") }
        let part = try MessagesPart(members)
        heldBytes += part.size
        // A call that begins twice is one call.
        if let index, let place = places[index], parts[place].isSameCall(as: part) {
            parts[place] = part
            return
        }
        if let index { places[index] = parts.count }
        parts.append(part)
        if part.isCall { callCount += 1 }
        guard callCount <= maximumToolCalls else {
            throw .tooLarge("the answer asks for more than \(maximumToolCalls) tool calls")
        }
        guard parts.count <= Self.mostItems(forCalls: maximumToolCalls) else {
            throw .tooLarge("the answer has more than \(Self.mostItems(forCalls: maximumToolCalls)) parts")
        }
        announce(part.delta, onDelta)
    }

    private mutating func append(
        _ delta: JSONValue,
        at index: Int64?,
        onDelta: (ModelDelta) -> Void
    ) throws(ServerAnswerError) {
        guard let members = delta.objectValue else { throw events.malformed("a delta is no object") }
        let place = index.map { places[$0] } ?? parts.indices.last
        guard let place else { throw events.malformed("a delta belongs to no content block") }
        let size = parts[place].appendedBytes
        let delta = try parts[place].append(members)
        heldBytes += parts[place].appendedBytes - size
        hasAnyPiece = true
        announce(delta, onDelta)
    }

    private mutating func announce(_ delta: ModelDelta?, _ onDelta: (ModelDelta) -> Void) {
        guard let delta else { return }
        (hasBegun, hasAnyPiece) = (true, true)
        onDelta(delta)
    }
}
