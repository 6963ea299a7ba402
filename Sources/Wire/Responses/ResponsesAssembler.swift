package import Conversation
internal import Definitions
internal import JSON

/// Puts an answer together from the events of a stream of OpenAI's Responses API.
///
/// Pieces of text are shown as they come; the answer consists of the items that its end lists, or else of those that were
/// reported as done. It is whole when the server says so: a stream without such an event has broken off. A plain answer is
/// the response itself. Events of a kind that is not known are passed over.
package struct ResponsesAssembler: AnswerAssembler {
    /// Whether the server said that nothing follows.
    package private(set) var isDone = false

    /// Whether the answer is complete.
    package var isComplete: Bool { isDone }

    /// Whether any piece of text or any tool call has arrived.
    package private(set) var hasBegun = false

    /// Whether anything of the answer has arrived; what the model thinks counts as well.
    package private(set) var hasAnyPiece = false

    private let maximumToolCalls: Int
    private let makeID: @Sendable () -> String
    /// The items that are done.
    private var items = ResponsesItems()
    /// All text that was shown.
    private var shown = ""
    /// What was shown of the texts of items that are not done, by their places.
    private var openTexts: [Int64: String] = [:]
    /// The ids of calls that were shown.
    private var shownCalls: Set<String> = []
    /// The places of calls that were shown before they had an id.
    private var namelessCalls: Set<Int64> = []
    private var end: AnswerEnd?
    private var usage: TokenUsage?
    private var modelID: String?
    private var events = AnswerEvents()

    /// Bytes of the items, or of the text that was shown if that is more.
    package var heldBytes: Int { max(items.size, shown.utf8.count) }

    /// An assembler for one answer.
    ///
    /// - Parameters:
    ///   - maximumToolCalls: The most tool calls that the answer may ask for.
    ///   - makeID: Makes an id for a call that has none, another one each time.
    package init(maximumToolCalls: Int, makeID: @escaping @Sendable () -> String = { randomCallID() }) {
        self.maximumToolCalls = maximumToolCalls
        self.makeID = makeID
    }

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
        if answer["output"] == nil, let report = ServerErrorReport(chunk: answer) { throw .reported(report) }
        guard answer["output"]?.arrayValue != nil else { throw .malformed("the server sent an answer without output") }
        try consume(response: answer, onDelta: onDelta)
    }

    /// The whole answer, once no more events come.
    ///
    /// - Throws: ``ServerAnswerError`` if the answer is incomplete, or its end does not say that it is whole.
    package func answer() throws(ServerAnswerError) -> ServerAnswer {
        guard !events.isEmpty else { throw .malformed("the server sent no answer") }
        guard let end else { throw .truncated("the answer broke off after \(events.count) events") }
        if case .failed(let failure) = end { throw .ended(failure) }
        var list: [ResponsesItem] = []
        var ids: Set<String> = []
        for output in items.list { list.append(output.item(ids: &ids, makeID: makeID)) }
        let message = ResponsesItem.message(of: list)
        if message.content.isBlank, message.toolCalls.isEmpty, end != .cut { throw .empty }
        return ServerAnswer(
            message: message,
            finishReason: end == .cut ? .length : message.toolCalls.isEmpty ? .stop : .toolCalls,
            usage: usage,
            modelID: modelID
        )
    }
}

// MARK: - Events

extension ResponsesAssembler {
    private mutating func consume(_ event: JSONValue, onDelta: (ModelDelta) -> Void) throws(ServerAnswerError) {
        guard case .object = event else { throw events.malformed("expected an object, found \(event.kind)") }
        let type = event["type"]?.stringValue
        // An item that is thought begins and grows like one that is said.
        if type?.hasPrefix("response.output_item.") == true || type?.hasSuffix(".delta") == true { hasAnyPiece = true }
        switch type {
        case "response.created"?, "response.in_progress"?:
            consume(head: event["response"] ?? .null)
        case "response.output_item.added"?:
            guard event["item"]?["type"] == "function_call", let name = event["item"]?["name"]?.stringValue else {
                return
            }
            let id = event["item"]?["call_id"]?.stringValue ?? ""
            showCall(name, id, at: place(of: event), onDelta: onDelta)
        case "response.output_text.delta"?, "response.refusal.delta"?:
            try show(event["delta"], at: place(of: event), onDelta: onDelta)
        case "response.output_item.done"?:
            try consume(item: event["item"] ?? .null, at: place(of: event), onDelta: onDelta)
        case "response.completed"?, "response.incomplete"?, "response.failed"?, "response.cancelled"?:
            guard let response = event.member("response") else { throw events.malformed("an end without its response") }
            try consume(response: response, ending: event["type"]?.stringValue, onDelta: onDelta)
        case "error"?:
            throw .reported(ServerErrorReport(eventData: event.text))
        default:
            // An error that has another type, or none.
            if let error = event["error"], !error.isNull { throw .reported(ServerErrorReport(body: event.text)) }
        }
    }

    private func place(of event: JSONValue) -> Int64 {
        event["output_index"]?.integerValue ?? items.nextPlace
    }

    private mutating func consume(head response: JSONValue) {
        if let model = response["model"]?.stringValue, !model.isEmpty {
            modelID = String(model.prefix(200)).withoutNullCharacters
        }
        if let counted = TokenUsage(responses: response["usage"]) { usage = counted }
    }

    private mutating func consume(
        response: JSONValue,
        ending type: String? = nil,
        onDelta: (ModelDelta) -> Void
    ) throws(ServerAnswerError) {
        consume(head: response)
        if let error = response.member("error") {
            throw .reported(ServerErrorReport(body: JSONValue.object(["error": error]).text))
        }
        try consume(output: response["output"]?.arrayValue ?? [], onDelta: onDelta)
        let status = response["status"]?.stringValue ?? type.map { String($0.dropFirst("response.".count)) }
        end = try Self.end(
            status: status ?? "completed",
            reason: response["incomplete_details"]?["reason"]?.stringValue
        )
        isDone = true
    }

    private static func end(status: String, reason: String?) throws(ServerAnswerError) -> AnswerEnd {
        switch status {
        case "completed": return .whole
        case "incomplete":
            guard let said = AnswerEnd(finishReason: reason ?? "incomplete"), said != .whole else {
                return .failed(ServerFailure(kind: .brokeOff, reason: "incomplete"))
            }
            return said
        case "failed": throw .reported(ServerErrorReport(message: nil, code: "failed"))
        default: return .failed(ServerFailure(kind: .brokeOff, reason: String(status.prefix(100))))
        }
    }

    /// Takes the items that the end lists: they are the answer, unless they say nothing.
    ///
    /// What was not shown yet is shown.
    private mutating func consume(output: [JSONValue], onDelta: (ModelDelta) -> Void) throws(ServerAnswerError) {
        var outputs: [ResponsesOutput] = []
        for item in output { outputs.append(try ResponsesOutput(item)) }
        guard items.count == 0 || outputs.contains(where: \.saysSomething) else { return }
        items.replace(with: outputs)
        try checkLimits()
        for (place, output) in outputs.enumerated() {
            if let name = output.callName { showCall(name, output.callID, at: Int64(place), onDelta: onDelta) }
        }
        let said = outputs.map(\.text).filter { !$0.isEmpty }.joined(separator: ResponsesItem.separator)
        guard let rest = said.rest(after: shown) else { return }
        hasBegun = true
        shown += rest
        onDelta(.text(rest))
    }

    private mutating func consume(
        item: JSONValue,
        at place: Int64,
        onDelta: (ModelDelta) -> Void
    ) throws(ServerAnswerError) {
        let output = try ResponsesOutput(item)
        let isNew = items.add(output, at: place)
        try checkLimits()
        if let name = output.callName { showCall(name, output.callID, at: place, onDelta: onDelta) }
        if isNew, let rest = output.text.rest(after: openTexts[place] ?? "") { show(rest, at: place, onDelta: onDelta) }
        openTexts[place] = nil
    }

    private func checkLimits() throws(ServerAnswerError) {
        guard items.callCount <= maximumToolCalls else {
            throw .tooLarge("the answer asks for more than \(maximumToolCalls) tool calls")
        }
        let most = Self.mostItems(forCalls: maximumToolCalls)
        guard items.count <= most else { throw .tooLarge("the answer has more than \(most) parts") }
    }

    private mutating func show(
        _ delta: JSONValue?,
        at place: Int64,
        onDelta: (ModelDelta) -> Void
    ) throws(ServerAnswerError) {
        switch delta {
        case nil, .null?: return
        case .string(let text)?:
            let piece = text.withoutNullCharacters
            if !piece.isEmpty { show(piece, at: place, onDelta: onDelta) }
        default: throw events.malformed("a delta is no text")
        }
    }

    private mutating func show(_ piece: String, at place: Int64, onDelta: (ModelDelta) -> Void) {
        hasBegun = true
        if openTexts[place] == nil, !shown.isEmpty {
            shown += ResponsesItem.separator
            onDelta(.text(ResponsesItem.separator))
        }
        openTexts[place, default: ""] += piece
        shown += piece
        onDelta(.text(piece))
    }

    private mutating func showCall(_ name: String, _ id: String, at place: Int64, onDelta: (ModelDelta) -> Void) {
        if id.isEmpty {
            guard namelessCalls.insert(place).inserted else { return }
        } else {
            guard shownCalls.insert(id).inserted, namelessCalls.remove(place) == nil else { return }
        }
        hasBegun = true
        onDelta(.toolCall(name: name))
    }
}

extension String {
    /// What follows a beginning; nil if the text begins otherwise, or nothing follows.
    fileprivate func rest(after beginning: String) -> String? {
        let length = beginning.utf8.count
        guard utf8.count > length, utf8.starts(with: beginning.utf8) else { return nil }
        return String(decoding: Array(utf8.dropFirst(length)), as: UTF8.self)
    }
}
