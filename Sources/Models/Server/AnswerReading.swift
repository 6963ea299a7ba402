import Conversation
internal import HTTP
internal import Synchronization
internal import Wire

/// Reads one answer off the wire, streamed or plain, and notes when its first piece came.
struct AnswerReading<Assembler: AnswerAssembler>: Sendable {
    private let started: ContinuousClock.Instant
    private let maximumBytes: Int
    private let patience: Duration
    private let scrubber: SecretScrubber
    private let first: FirstToken?
    private let onDelta: @Sendable (ModelDelta) -> Void
    /// Puts the answer together.
    private(set) var assembler: Assembler
    /// From sending the request to the first piece of the answer; nil if there was none.
    private(set) var timeToFirstToken: Duration?

    /// A reading that has not begun.
    ///
    /// - Parameters:
    ///   - assembler: Puts the answer together.
    ///   - maximumBytes: How many bytes one event may have.
    ///   - patience: How long what may follow a whole answer is waited for.
    ///   - started: When the request was sent.
    ///   - scrubber: Takes secrets out of errors.
    ///   - first: Hears of the first piece of the answer.
    ///   - onDelta: Receives each piece of the answer.
    init(
        into assembler: Assembler,
        maximumBytes: Int,
        patience: Duration,
        started: ContinuousClock.Instant,
        scrubber: SecretScrubber,
        first: FirstToken? = nil,
        onDelta: @escaping @Sendable (ModelDelta) -> Void
    ) {
        self.assembler = assembler
        self.maximumBytes = maximumBytes
        self.patience = patience
        self.started = started
        self.scrubber = scrubber
        self.first = first
        self.onDelta = onDelta
    }

    /// Reads an answer in the form that its body has: gateways label one as the other, or not at all.
    ///
    /// - Throws: ``ModelError`` if it cannot be read or is no answer.
    mutating func read(_ answer: HTTPClientResponse) async throws(ModelError) {
        var body = answer.body.makeAsyncIterator()
        let beginning = try await Self.beginning(of: &body)
        switch AnswerForm(beginning: beginning, contentType: answer.headers.first(name: "content-type")) {
        case .events:
            let events = ServerSentEvents.AsyncIterator(
                lenientlyAfter: beginning,
                body,
                maximumEventBytes: maximumBytes
            )
            try await read(events)
        case .json: try await readPlain(beginning, body)
        case .webPage: throw ModelError(.malformed, "the server answered with a web page; is base_url right?")
        }
    }

    /// The beginning of a body, up to something that says what it is.
    private static func beginning(of body: inout HTTPClientBody.AsyncIterator) async throws(ModelError) -> [UInt8] {
        var bytes: [UInt8] = []
        do {
            while !AnswerForm.isTelling(bytes), let piece = try await body.next() {
                // Blanks mean nothing in any form.
                if bytes.count >= 64 { bytes = [] }
                bytes += piece
            }
        } catch {
            throw ModelError(http: error, duringAnswer: true)
        }
        return bytes
    }

    /// Reads an answer that is one JSON value.
    private mutating func readPlain(
        _ beginning: [UInt8],
        _ rest: HTTPClientBody.AsyncIterator
    ) async throws(ModelError) {
        var (bytes, rest) = (beginning, rest)
        // It comes as a whole, and this is its first piece.
        first?.note()
        do {
            while bytes.count <= maximumBytes, let piece = try await rest.next() { bytes += piece }
        } catch {
            throw ModelError(http: error, duringAnswer: true)
        }
        try checkSize(bytes.count)
        do {
            try assembler.consume(body: String(decoding: bytes, as: UTF8.self), onDelta: onDelta)
        } catch {
            throw ModelError(error, scrubber: scrubber)
        }
        try checkSize(assembler.heldBytes)
        noteProgress()
    }

    /// The whole answer, after reading.
    ///
    /// - Parameters:
    ///   - request: What was asked.
    ///   - sent: The messages as they were sent.
    ///   - origin: The model and server that answered.
    /// - Throws: ``ModelError`` if it is incomplete.
    func response(
        to request: ModelRequest,
        sent: [ChatMessage],
        from origin: String
    ) throws(ModelError) -> ModelResponse {
        do {
            return ModelResponse(
                try assembler.answer(),
                to: request,
                sent: sent,
                from: origin,
                timeToFirstToken: timeToFirstToken
            )
        } catch {
            throw ModelError(error, scrubber: scrubber)
        }
    }

    /// Refuses an answer of more bytes than the limit, whatever the events that it came in add to them.
    private func checkSize(_ bytes: Int) throws(ModelError) {
        guard bytes <= maximumBytes else {
            throw ModelError(.tooLarge, "the answer is larger than the limit of bytes")
        }
    }

    private mutating func noteProgress() {
        if assembler.hasAnyPiece { first?.note() }
        guard timeToFirstToken == nil, assembler.hasBegun else { return }
        timeToFirstToken = .now - started
    }
}

// MARK: - Streams

extension AnswerReading {
    /// Reads a stream of server-sent events.
    ///
    /// What goes wrong after the answer is complete does no harm: then only the usage may be missing.
    ///
    /// - Throws: ``ModelError`` if the stream fails before the answer is complete.
    private mutating func read(_ events: ServerSentEvents.AsyncIterator) async throws(ModelError) {
        var events = events
        while !assembler.isComplete {
            guard try await consumeNext(&events) else { return }
        }
        try await readRest(of: events)
    }

    /// Takes the next event; false if there is none.
    private mutating func consumeNext(_ events: inout ServerSentEvents.AsyncIterator) async throws(ModelError) -> Bool {
        let event: ServerSentEvent?
        do {
            event = try await events.next()
        } catch {
            if assembler.isComplete { return false }
            throw ModelError(http: error, duringAnswer: true)
        }
        guard let event else { return false }
        try consume(event)
        return true
    }

    /// Takes the events that have arrived.
    ///
    /// - Returns: Whether they are all that there are.
    private mutating func consumeArrived(_ events: inout ServerSentEvents.AsyncIterator) throws(ModelError) -> Bool {
        while true {
            let arrival: HTTPArrival<ServerSentEvent>
            do {
                arrival = try events.arrived()
            } catch {
                if assembler.isComplete { return true }
                throw ModelError(http: error, duringAnswer: true)
            }
            switch arrival {
            case .element(let event): try consume(event)
            case .end: return true
            case .nothing: return false
            }
        }
    }

    private mutating func consume(_ event: ServerSentEvent) throws(ModelError) {
        do {
            try assembler.consume(event: event.data, named: event.event, onDelta: onDelta)
        } catch {
            throw ModelError(error, scrubber: scrubber)
        }
        try checkSize(assembler.heldBytes)
        noteProgress()
    }

    /// What happens first after an answer is complete.
    private enum Happening: Sendable {
        case read(Result<AnswerReading, ModelError>)
        case timePassed(isLong: Bool)
    }

    /// Reads what follows an answer that is complete: the usage, the end mark, and the end of the stream.
    ///
    /// Then the connection can be used again. It is not waited for long, as a server may keep the stream open: a quarter of
    /// the time if the end mark came.
    ///
    /// More text takes the end back; then the answer is read for as long as it takes.
    private mutating func readRest(of events: ServerSentEvents.AsyncIterator) async throws(ModelError) {
        var events = events
        // Most servers send it with the last of the text: then nothing is waited for, and nobody has to look at the clock.
        if try !consumeArrived(&events) { try await waitForRest(of: events) }
        if Task.isCancelled, !assembler.isDone { throw ModelError(.cancelled, "the call was cancelled") }
    }

    /// Reads what has not arrived yet of what follows an answer that is complete.
    private mutating func waitForRest(of events: ServerSentEvents.AsyncIterator) async throws(ModelError) {
        // The iterator is handed over: nothing else reads it after the child task has begun.
        nonisolated(unsafe) let events = events
        let (reading, patience, clock) = (self, patience, ContinuousClock())
        let present = AnswerProgress(assembler)
        let rest = await withTaskGroup(of: Happening.self) { group in
            group.addTask { .read(await reading.reading(to: events, noting: present)) }
            for (share, isLong) in [(patience / 4, false), (patience, true)] {
                group.addTask {
                    try? await clock.sleep(for: share)
                    return .timePassed(isLong: isLong)
                }
            }
            var rest: Result<AnswerReading, ModelError>?
            for await happening in group {
                switch happening {
                case .read(let result):
                    rest = result
                    group.cancelAll()
                case .timePassed(let isLong):
                    if isLong ? present.isComplete : present.isDone { group.cancelAll() }
                }
            }
            return rest
        }
        if let rest {
            do throws(ModelError) {
                self = try rest.get()
            } catch {
                // It was stopped here, as it seemed complete, and more text came at that moment.
                guard error.code == .cancelled, !Task.isCancelled else { throw error }
                throw ModelError(.truncated, "the answer went on after its end, and was not waited for")
            }
        }
    }

    private func reading(
        to events: ServerSentEvents.AsyncIterator,
        noting present: AnswerProgress
    ) async -> Result<AnswerReading, ModelError> {
        var (reading, events) = (self, events)
        do throws(ModelError) {
            while try await reading.consumeNext(&events) { present.note(reading.assembler) }
            return .success(reading)
        } catch {
            return .failure(error)
        }
    }
}

/// The progress of a reading, for the task that waits for it.
private final class AnswerProgress: Sendable {
    private let state: Mutex<(isComplete: Bool, isDone: Bool)>

    init(_ assembler: some AnswerAssembler) {
        state = Mutex((assembler.isComplete, assembler.isDone))
    }

    var isComplete: Bool { state.withLock(\.isComplete) }
    var isDone: Bool { state.withLock(\.isDone) }

    func note(_ assembler: some AnswerAssembler) {
        state.withLock { $0 = (assembler.isComplete, assembler.isDone) }
    }
}
