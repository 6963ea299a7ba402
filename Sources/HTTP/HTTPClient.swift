public import Logging
import Reactor

/// Executes HTTP requests over libcurl, on one thread of its own.
///
/// Connections are kept and reused, HTTP/2 is spoken over TLS where the server does, and certificates are always
/// verified. Redirects are not followed: a 3xx is a response like any other, and the caller that follows it decides whether the
/// new host may see the request's headers. Nothing is retried either; in particular a request with a method that is not
/// idempotent is never sent twice, also when a kept connection turns out to be dead.
///
/// ```swift
/// let client = HTTPClient()
/// let response = try await client.execute(HTTPClientRequest(url: "https://example.org/"))
/// let page = try await response.collect()
/// await client.shutdown()
/// ```
///
/// A client that is dropped without ``shutdown()`` ends its thread once the last response is dropped too.
public final class HTTPClient: Sendable {
    private let inbox: CurlInbox
    /// URLs that were found right: a model's is asked again and again.
    private let knownURLs = LockedValue<Set<String>>([])

    private static let mostKnownURLs = 64

    /// Creates a client and starts its thread.
    ///
    /// - Parameters:
    ///   - configuration: What all requests have in common.
    ///   - logger: Where a custom certificate authority and a failure to start are reported.
    public init(_ configuration: HTTPClientConfiguration = .init(), logger: Logger = Logger(label: "http")) {
        if configuration.certificateAuthorityFile != nil {
            logger.notice("TLS certificates are verified against a custom certificate authority file only")
        }
        let inbox = CurlInbox()
        self.inbox = inbox
        let started = DetachedThread.start(name: "http") { CurlEngine.run(inbox, configuration) }
        if !started {
            inbox.terminate(HTTPClientError(.shutdown, "the client's thread could not be started"))
            logger.error("the HTTP client's thread could not be started")
        }
    }

    deinit {
        inbox.requestStop()
    }

    /// Sends a request and waits for the head of the response.
    ///
    /// Cancelling the task aborts the transfer at once. Dropping the response without reading its body does too.
    ///
    /// - Parameters:
    ///   - request: The request, checked before anything is sent.
    ///   - mayBeSent: Asked on the client's thread when the connection stands and the request's first byte is the next
    ///     thing to leave, each time that it does; it must not block. With false nothing is sent, and the error is `refused`.
    /// - Returns: The response, whatever its status; its body has yet to be read.
    /// - Throws: `HTTPClientError` if the request is invalid or no response arrived.
    public func execute(
        _ request: HTTPClientRequest,
        mayBeSent: (@Sendable () -> Bool)? = nil
    ) async throws(HTTPClientError) -> HTTPClientResponse {
        try validate(request)
        if Task.isCancelled { throw HTTPClientError(.cancelled, "the task was cancelled") }
        let lease = HTTPTransferLease.response(HTTPTransfer(request, client: self, mayBeSent: mayBeSent))
        if let refusal = inbox.post(.start(lease.transfer)) { throw refusal }
        return HTTPClientResponse(try await lease.transfer.head(), body: HTTPClientBody(lease))
    }

    private func validate(_ request: HTTPClientRequest) throws(HTTPClientError) {
        let isKnown = knownURLs.withLock { $0.contains(request.url) }
        try request.validate(isKnown: isKnown)
        guard !isKnown else { return }
        knownURLs.withLock { known in
            if known.count >= Self.mostKnownURLs { known.removeAll() }
            known.insert(request.url)
        }
    }

    /// Keeps the client until the task is cancelled, then shuts it down.
    ///
    /// Requests can be executed without it: it ties the client's life to a service's.
    public func run() async {
        await withTaskCancellationHandler {
            await inbox.waitForTermination()
        } onCancel: {
            inbox.requestStop()
        }
    }

    /// Ends all transfers with the error `shutdown`, closes all connections and waits for the thread to end.
    ///
    /// Later requests fail with `shutdown`. Shutting down twice is harmless.
    public func shutdown() async {
        inbox.requestStop()
        await inbox.waitForTermination()
    }

    /// Hands a command to the thread; after the shutdown there is nobody left to hear it.
    func post(_ command: CurlInbox.Command) {
        _ = inbox.post(command)
    }
}
