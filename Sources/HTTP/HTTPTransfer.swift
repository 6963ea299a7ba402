import Reactor

/// One request on its way, as the tasks that wait for it see it.
///
/// It keeps its client alive, and with it the thread that receives, for as long as a reader may come.
final class HTTPTransfer: Sendable {
    let request: HTTPClientRequest
    /// Asked before the request is sent; nil for always.
    let mayBeSent: (@Sendable () -> Bool)?
    private let client: HTTPClient
    private let exchange = LockedValue(HTTPExchange())

    init(_ request: HTTPClientRequest, client: HTTPClient, mayBeSent: (@Sendable () -> Bool)? = nil) {
        self.request = request
        self.mayBeSent = mayBeSent
        self.client = client
    }

    /// Whether nothing more will arrive.
    var isFinished: Bool { exchange.withLock { $0.isFinished } }

    /// Waits for the response's head.
    func head() async throws(HTTPClientError) -> HTTPResponseHead {
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { (waiter: HTTPExchange.HeadWaiter) in
                if let result = exchange.withLock({ $0.awaitHead(waiter) }) { waiter.resume(returning: result) }
            }
        } onCancel: {
            abort(HTTPClientError(.cancelled, "the task was cancelled"))
        }
        return try result.get()
    }

    /// Waits for the next piece of the body.
    ///
    /// - Returns: The piece, never empty, or `nil` at the end of a complete body.
    func nextPiece() async throws(HTTPClientError) -> [UInt8]? {
        if Task.isCancelled { abort(HTTPClientError(.cancelled, "the task was cancelled")) }
        let (ready, resumes) = exchange.withLock { ($0.takeBody(), $0.takeResumption()) }
        if resumes { client.post(.resume(self)) }
        if let ready { return try ready.get() }
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { (waiter: HTTPExchange.BodyWaiter) in
                if let result = exchange.withLock({ $0.awaitBody(waiter) }) { waiter.resume(returning: result) }
            }
        } onCancel: {
            abort(HTTPClientError(.cancelled, "the task was cancelled"))
        }
        return try result.get()
    }

    /// The next piece of the body, if it has arrived.
    func arrivedPiece() throws(HTTPClientError) -> HTTPArrival<[UInt8]> {
        let (ready, resumes) = exchange.withLock { ($0.takeBody(), $0.takeResumption()) }
        if resumes { client.post(.resume(self)) }
        guard let ready else { return .nothing }
        return try ready.get().map { .element($0) } ?? .end
    }

    /// Reserves the body for one reader.
    ///
    /// - Returns: Whether the caller is the first.
    func claimBody() -> Bool {
        exchange.withLock { $0.claimBody() }
    }

    /// Ends the transfer at once, if it is still running: waiting callers receive `error`, the connection is closed.
    func abort(_ error: HTTPClientError) {
        let (wakeups, stops) = exchange.withLock { $0.abort(error) }
        wakeups.resume()
        if stops { client.post(.abort(self)) }
    }

    /// Takes in what has arrived.
    ///
    /// - Returns: Whether receiving has to pause until `.resume` is posted.
    func receive(_ news: consuming HTTPExchange.News) -> Bool {
        let (wakeups, pauses) = exchange.withLock { [news] in $0.receive(news) }
        wakeups.resume()
        return pauses
    }
}
