/// The body of a response, piece by piece as it arrives.
///
/// The body can be read once. While the reader is slow, receiving pauses at 256 KB of unread bytes.
/// The transfer is ended and its connection given up when the reading task is cancelled, when the iterator is dropped
/// before the end, and when the response is dropped without having been read.
public struct HTTPClientBody: AsyncSequence, Sendable {
    /// A piece of the body, never empty; where one ends and the next begins means nothing.
    public typealias Element = [UInt8]

    /// Errors are those of the transfer.
    public typealias Failure = HTTPClientError

    private let lease: HTTPTransferLease

    init(_ lease: HTTPTransferLease) {
        self.lease = lease
    }

    /// Reads a body once.
    public struct AsyncIterator: AsyncIteratorProtocol {
        // A lease of its own: dropping the iterator ends the transfer, dropping the response does not any more.
        private let lease: HTTPTransferLease?

        init(_ transfer: HTTPTransfer) {
            lease = .reader(transfer)
        }

        /// The next piece of the body.
        ///
        /// - Returns: The piece, or `nil` at the end of a complete body.
        /// - Throws: `HTTPClientError`: for example `truncated`, `timeoutIdle`, `bodyTooLarge` or `cancelled`;
        ///   `invalidRequest` if the body has been read before.
        public mutating func next() async throws(HTTPClientError) -> [UInt8]? {
            guard let lease else { throw HTTPClientError(.invalidRequest, "the body can be read only once") }
            return try await lease.transfer.nextPiece()
        }

        /// The next piece of the body, if it has arrived.
        ///
        /// - Throws: As ``next()``.
        mutating func arrived() throws(HTTPClientError) -> HTTPArrival<[UInt8]> {
            guard let lease else { throw HTTPClientError(.invalidRequest, "the body can be read only once") }
            return try lease.transfer.arrivedPiece()
        }

        /// The next piece of the body, for a caller on an actor.
        public mutating func next(isolation actor: isolated (any Actor)?) async throws(HTTPClientError) -> [UInt8]? {
            try await next()
        }
    }

    /// An iterator; only the first one of a body yields anything.
    public func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(lease.transfer)
    }
}
