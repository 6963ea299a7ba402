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

        init(_ body: HTTPClientBody.AsyncIterator, maximumEventBytes: Int) {
            self.body = body
            parser = ServerSentEventParser(maximumEventBytes: maximumEventBytes)
        }

        /// The next event.
        ///
        /// - Returns: The event, or `nil` at the end of the body.
        /// - Throws: `HTTPClientError` if the body breaks off or an event is too large.
        public mutating func next() async throws(HTTPClientError) -> ServerSentEvent? {
            while ready.isEmpty {
                guard let piece = try await body?.next() else { return nil }
                do throws(HTTPClientError) {
                    ready = try parser.consume(piece)[...]
                } catch {
                    body = nil
                    throw error
                }
            }
            return ready.removeFirst()
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
