/// The events of a response's body, as they arrive.
///
/// It reads the body, so it can be iterated once, and ending the iteration early ends the transfer.
public struct ServerSentEvents: AsyncSequence, Sendable {
    /// One event.
    public typealias Element = ServerSentEvent

    /// Errors are those of the transfer, and `bodyTooLarge` for an event larger than allowed.
    public typealias Failure = HTTPClientError

    private let body: HTTPClientBody
    private let maximumEventBytes: Int

    init(_ body: HTTPClientBody, maximumEventBytes: Int) {
        self.body = body
        self.maximumEventBytes = maximumEventBytes
    }

    /// Reads the events of a body once.
    public struct AsyncIterator: AsyncIteratorProtocol {
        private var body: HTTPClientBody.AsyncIterator?
        private var parser: ServerSentEventParser
        private var ready: ArraySlice<ServerSentEvent> = []
        /// What was read of the body before.
        private var beginning: [UInt8]?
        private var isLenient = false

        init(_ body: HTTPClientBody.AsyncIterator, maximumEventBytes: Int) {
            self.body = body
            parser = ServerSentEventParser(maximumEventBytes: maximumEventBytes)
        }

        /// Reads a body of which something was read, as servers write it that are careless about empty lines: JSON
        /// objects in consecutive lines are an event each, and so is what is left at the end.
        ///
        /// - Parameters:
        ///   - beginning: What was read.
        ///   - body: The rest.
        ///   - maximumEventBytes: How many bytes the lines of one event may have together.
        package init(lenientlyAfter beginning: [UInt8], _ body: HTTPClientBody.AsyncIterator, maximumEventBytes: Int) {
            self.body = body
            self.beginning = beginning
            isLenient = true
            parser = ServerSentEventParser(maximumEventBytes: maximumEventBytes, separatesObjects: true)
        }

        /// The next event.
        ///
        /// - Returns: The event, or `nil` at the end of the body.
        /// - Throws: `HTTPClientError` if the body breaks off or an event is too large.
        public mutating func next() async throws(HTTPClientError) -> ServerSentEvent? {
            while ready.isEmpty {
                if let piece = try await nextPiece() {
                    try take(piece)
                } else if !takesEnd() {
                    return nil
                }
            }
            return ready.removeFirst()
        }

        /// The next event, if it has arrived.
        ///
        /// - Throws: As ``next()``.
        package mutating func arrived() throws(HTTPClientError) -> HTTPArrival<ServerSentEvent> {
            while ready.isEmpty {
                guard beginning == nil else { return .nothing }
                switch try body?.arrived() ?? .end {
                case .element(let piece): try take(piece)
                case .end: if !takesEnd() { return .end }
                case .nothing: return .nothing
                }
            }
            return .element(ready.removeFirst())
        }

        private mutating func take(_ piece: [UInt8]) throws(HTTPClientError) {
            do throws(HTTPClientError) {
                ready = try parser.consume(piece)[...]
            } catch {
                (body, isLenient) = (nil, false)
                throw error
            }
        }

        /// Takes what is left at the end of the body, once.
        ///
        /// - Returns: Whether that was to be done.
        private mutating func takesEnd() -> Bool {
            guard isLenient else { return false }
            isLenient = false
            ready = parser.finish()[...]
            return true
        }

        private mutating func nextPiece() async throws(HTTPClientError) -> [UInt8]? {
            if let beginning {
                self.beginning = nil
                return beginning
            }
            return try await body?.next()
        }

        /// The next event, for a caller on an actor.
        public mutating func next(isolation actor: isolated (any Actor)?) async throws(HTTPClientError)
            -> ServerSentEvent?
        {
            try await next()
        }
    }

    /// An iterator; only the first one over a body yields anything.
    public func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(body.makeAsyncIterator(), maximumEventBytes: maximumEventBytes)
    }
}

extension HTTPClientBody {
    /// Reads the body as a `text/event-stream`.
    ///
    /// - Parameter maximumEventBytes: How many bytes the lines of one event may have together; 1 MiB.
    /// - Returns: The events; the caller has checked the response's status and content type.
    public func serverSentEvents(maximumEventBytes: Int = 1 << 20) -> ServerSentEvents {
        ServerSentEvents(self, maximumEventBytes: maximumEventBytes)
    }
}
