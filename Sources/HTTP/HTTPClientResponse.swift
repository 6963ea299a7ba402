public import HTTPTypes

/// A response whose head has arrived; the body is read from ``body``.
public struct HTTPClientResponse: Sendable {
    /// The status, 200…999.
    public let status: Int

    /// The protocol as the status line names it, for example `HTTP/1.1` or `HTTP/2`.
    public let version: String

    /// The header fields, as sent: `Content-Encoding` and `Content-Length` describe the body before decompression.
    public let headers: HTTPFields

    /// The body, which can be read once.
    public let body: HTTPClientBody

    init(_ head: HTTPResponseHead, body: HTTPClientBody) {
        status = head.status
        version = head.version
        headers = head.headers
        self.body = body
    }

    /// Reads the whole body; at most the request's `maximumBodyBytes`.
    ///
    /// - Returns: The body's bytes, after decompression.
    /// - Throws: `HTTPClientError` if the body does not arrive in full, or has been read before.
    public func collect() async throws(HTTPClientError) -> [UInt8] {
        var iterator = body.makeAsyncIterator()
        guard var bytes = try await iterator.next() else { return [] }
        while let piece = try await iterator.next() { bytes += piece }
        return bytes
    }
}
