internal import CCurl
import HTTPTypes

/// One request on its way, as the thread that owns libcurl's handles sees it.
///
/// Not `Sendable`: it belongs to that thread.
final class CurlTransfer {
    let transfer: HTTPTransfer
    let handle: UnsafeMutableRawPointer
    var headerList: UnsafeMutablePointer<curl_slist>?
    var connectToList: UnsafeMutablePointer<curl_slist>?
    let errorBuffer: UnsafeMutablePointer<CChar>

    /// Notifies the engine that there is something to publish.
    private let onNews: (CurlTransfer) -> Void
    var isQueuedForPublication = false

    private var parser: HTTPResponseHeadParser
    private var news = HTTPExchange.News()
    private var headIsPublished = false
    private var receivedBytes = 0
    private var failure: HTTPClientError?

    // For the deadlines.
    let startedAt = ContinuousClock.now
    private(set) var lastActivity = ContinuousClock.now
    private var sentBytes: curl_off_t = 0
    private(set) var timesSent = 0
    private(set) var isPaused = false

    var request: HTTPClientRequest { transfer.request }

    init(_ transfer: HTTPTransfer, handle: UnsafeMutableRawPointer, onNews: @escaping (CurlTransfer) -> Void) {
        self.transfer = transfer
        self.handle = handle
        self.onNews = onNews
        parser = HTTPResponseHeadParser(maximumBytes: transfer.request.maximumHeadBytes)
        errorBuffer = .allocate(capacity: Int(CURL_ERROR_SIZE))
        errorBuffer.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
    }

    deinit {
        curl_slist_free_all(headerList)
        curl_slist_free_all(connectToList)
        errorBuffer.deallocate()
    }
}

// MARK: - What libcurl reports

extension CurlTransfer {
    /// The connection stands and the request is about to be sent.
    ///
    /// libcurl sends a request again when a reused connection dies under it. Whether the server had begun to act on the
    /// first one is unknown, so only idempotent methods may do that, and requests that say so.
    ///
    /// - Parameter peer: The address that the connection was made to.
    /// - Returns: Whether to continue.
    func requestWillBeSent(to peer: String) -> Bool {
        if let address = request.address, IPAddress(peer) != address {
            failure = HTTPClientError(.connect, "the connection was not made to the address that was asked for")
            return false
        }
        timesSent += 1
        noteActivity()
        guard timesSent == 1 || request.isRepeatable || Self.idempotentMethods.contains(request.method) else {
            failure = HTTPClientError(.transport, "the connection was closed before a response began")
            return false
        }
        // The last thing here: what comes next is the first byte.
        guard transfer.mayBeSent?() ?? true else {
            failure = HTTPClientError(.refused, "it was not to be sent any more")
            return false
        }
        return true
    }

    /// Methods that RFC 9110 calls idempotent.
    private static let idempotentMethods: Set<HTTPRequest.Method> = [.get, .head, .options, .trace, .put, .delete]

    /// A line of the head arrived.
    ///
    /// - Returns: Whether to continue.
    func received(headLine: UnsafeRawBufferPointer) -> Bool {
        noteActivity()
        do throws(HTTPClientError) {
            try parser.consume(headLine)
        } catch {
            failure = error
            return false
        }
        if !headIsPublished, let head = parser.head {
            headIsPublished = true
            news.head = head
        }
        return true
    }

    /// Decoded bytes of the body arrived.
    ///
    /// - Returns: Whether to continue.
    func received(body: UnsafeRawBufferPointer) -> Bool {
        noteActivity()
        receivedBytes += body.count
        guard receivedBytes <= request.maximumBodyBytes else {
            failure = HTTPClientError(.bodyTooLarge, "the body is larger than \(request.maximumBodyBytes) bytes")
            return false
        }
        news.bytes.append(contentsOf: body)
        return true
    }

    /// So many bytes of the request's body were sent in all: an upload that moves is activity.
    func sent(_ bytes: curl_off_t) {
        guard bytes > sentBytes else { return }
        sentBytes = bytes
        lastActivity = .now
    }

    /// The transfer has ended.
    func finished(_ result: CURLcode) {
        news.outcome = outcome(result)
        onNewsOnce()
    }

    private func outcome(_ result: CURLcode) -> Result<Void, HTTPClientError> {
        if let failure { return .failure(failure) }
        if result == CURLE_OK {
            // libcurl takes a head that breaks off for a response without a body.
            if parser.head != nil { return .success(()) }
            return .failure(HTTPClientError(.truncated, "the response was cut off inside its head"))
        }
        let progress = HTTPClientError.Progress(
            requestWasSent: timesSent > 0,
            headHasBegun: parser.hasBegun
        )
        return .failure(HTTPClientError(result, detail: String(cString: errorBuffer), progress: progress))
    }

    /// Ends the transfer from this side.
    func fail(_ error: HTTPClientError) {
        news.outcome = .failure(error)
        onNewsOnce()
    }

    private func noteActivity() {
        lastActivity = .now
        onNewsOnce()
    }

    private func onNewsOnce() {
        guard !isQueuedForPublication else { return }
        isQueuedForPublication = true
        onNews(self)
    }
}

// MARK: - What the engine asks

extension CurlTransfer {
    /// Hands over what has arrived, and stops receiving if too much of it is unread.
    func publish() {
        isQueuedForPublication = false
        var published = HTTPExchange.News()
        swap(&published, &news)
        if transfer.receive(published) {
            isPaused = true
            curl_easy_pause(handle, Int32(CURLPAUSE_RECV))
        }
    }

    /// Receives again.
    func resume() {
        isPaused = false
        lastActivity = .now
        curl_easy_pause(handle, Int32(CURLPAUSE_CONT))
        onNewsOnce()
    }
}
