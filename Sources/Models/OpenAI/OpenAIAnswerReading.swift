import Conversation
internal import HTTP
internal import Wire

/// Reads one answer off the wire, streamed or plain, and notes when its first piece came.
struct OpenAIAnswerReading {
    /// The most bytes of an error's body that are read: enough for any message.
    private static let maximumErrorBytes = 65_536

    /// How long the end of the stream is waited for after its end mark.
    private static let patienceAfterEnd = Duration.milliseconds(250)

    private let started: ContinuousClock.Instant
    private let maximumBytes: Int
    private let scrubber: SecretScrubber
    private let onDelta: @Sendable (ModelDelta) -> Void
    private var assembler: ChatCompletionAssembler
    private var timeToFirstToken: Duration?

    /// A reading that has not begun.
    init(
        model: Model,
        started: ContinuousClock.Instant,
        scrubber: SecretScrubber,
        onDelta: @escaping @Sendable (ModelDelta) -> Void
    ) {
        self.started = started
        self.scrubber = scrubber
        self.onDelta = onDelta
        maximumBytes = model.maximumResponseBytes
        assembler = ChatCompletionAssembler(maximumToolCalls: model.maximumToolCalls)
    }

    /// Reads a stream of server-sent events.
    ///
    /// What goes wrong after the answer is complete does no harm: then only the usage may be missing.
    ///
    /// - Throws: ``ModelError`` if the stream fails before the answer is complete.
    mutating func readStream(_ answer: HTTPClientResponse) async throws(ModelError) {
        var events = answer.body.serverSentEvents(maximumEventBytes: maximumBytes).makeAsyncIterator()
        while !assembler.isDone, let event = try await next(&events) {
            do {
                try assembler.consume(event: event.data, named: event.event, onDelta: onDelta)
            } catch {
                throw ModelError(error, scrubber: scrubber)
            }
            noteProgress()
        }
        if assembler.isDone { await Self.drain(events) }
    }

    private func next(_ events: inout ServerSentEvents.AsyncIterator) async throws(ModelError) -> ServerSentEvent? {
        do {
            return try await events.next()
        } catch {
            if assembler.isComplete, error.code != .cancelled { return nil }
            throw ModelError(http: error, duringAnswer: true)
        }
    }

    /// Reads what follows the end mark, usually nothing, so that the connection can be used again; not for long, as a
    /// server may keep the stream open.
    private static func drain(_ events: ServerSentEvents.AsyncIterator) async {
        // The iterator is handed over: nothing reads it after the child task has begun.
        nonisolated(unsafe) let events = events
        await withTaskGroup { group in
            group.addTask {
                var events = events
                while (try? await events.next()) != nil {}
            }
            group.addTask { try? await ContinuousClock().sleep(for: patienceAfterEnd) }
            await group.next()
            group.cancelAll()
        }
    }

    /// Reads an answer that is one JSON value.
    ///
    /// - Throws: ``ModelError`` if it cannot be read or is no answer.
    mutating func readPlain(_ answer: HTTPClientResponse) async throws(ModelError) {
        let bytes: [UInt8]
        do {
            bytes = try await answer.collect()
        } catch {
            throw ModelError(http: error, duringAnswer: true)
        }
        do {
            try assembler.consume(body: String(decoding: bytes, as: UTF8.self), onDelta: onDelta)
        } catch {
            throw ModelError(error, scrubber: scrubber)
        }
        noteProgress()
    }

    /// The whole answer, after reading.
    ///
    /// - Throws: ``ModelError`` if it is incomplete.
    func response(to request: ModelRequest) throws(ModelError) -> ModelResponse {
        do {
            return ModelResponse(try assembler.answer(), to: request, timeToFirstToken: timeToFirstToken)
        } catch {
            throw ModelError(error, scrubber: scrubber)
        }
    }

    private mutating func noteProgress() {
        if timeToFirstToken == nil, assembler.hasBegun { timeToFirstToken = .now - started }
    }

    /// The beginning of an error's body; empty if none can be read.
    static func errorBody(of answer: HTTPClientResponse) async -> String {
        var bytes: [UInt8] = []
        do {
            for try await piece in answer.body {
                bytes += piece.prefix(maximumErrorBytes - bytes.count)
                if bytes.count >= maximumErrorBytes { break }
            }
        } catch {
            // What arrived before the failure may still say what is wrong; the status says the rest.
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
