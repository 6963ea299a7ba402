/// Why an HTTP request failed, or why its response could not be read to the end.
///
/// A response with an error status (404, 500, …) is a response, not an error.
public struct HTTPClientError: Error, Sendable, Hashable {
    /// What kind of failure it was.
    public struct Code: Sendable, Hashable, CustomStringConvertible {
        /// The code's name, for example `timeoutIdle`.
        public let description: String

        /// The request cannot be sent as it is: a bad URL, method or header, or a body that was read twice.
        public static let invalidRequest = Code(description: "invalidRequest")
        /// The host's name could not be resolved.
        public static let resolve = Code(description: "resolve")
        /// No connection to the host (or the proxy) could be made.
        public static let connect = Code(description: "connect")
        /// The TLS handshake failed or the server's certificate was refused.
        public static let tls = Code(description: "tls")
        /// The connection was not ready for the request within `connectTimeout`.
        public static let timeoutConnect = Code(description: "timeoutConnect")
        /// Nothing was sent or received for `idleTimeout`.
        public static let timeoutIdle = Code(description: "timeoutIdle")
        /// The response was not complete within `totalTimeout`.
        public static let timeoutTotal = Code(description: "timeoutTotal")
        /// The task was cancelled, or the response was dropped.
        public static let cancelled = Code(description: "cancelled")
        /// The decoded body, or one event in it, is larger than allowed.
        public static let bodyTooLarge = Code(description: "bodyTooLarge")
        /// The response began but was cut off before its end.
        public static let truncated = Code(description: "truncated")
        /// The connection broke before a response began.
        public static let transport = Code(description: "transport")
        /// The caller withdrew the request when it was about to be sent; nothing was sent.
        public static let refused = Code(description: "refused")
        /// The client has been shut down.
        public static let shutdown = Code(description: "shutdown")
        /// What the server sent is not valid HTTP.
        public static let malformed = Code(description: "malformed")
    }

    /// What kind of failure it was.
    public let code: Code

    /// What happened, in words, without the URL's path or query, headers or bodies.
    public let message: String

    /// libcurl's error number, when the failure came from there.
    public let curlCode: Int?

    /// Creates an error.
    ///
    /// - Parameters:
    ///   - code: What kind of failure it is.
    ///   - message: What happened; it must not carry secrets.
    ///   - curlCode: libcurl's error number, if there is one.
    public init(_ code: Code, _ message: String, curlCode: Int? = nil) {
        self.code = code
        self.message = message
        self.curlCode = curlCode
    }
}

extension HTTPClientError: CustomStringConvertible {
    /// The code and the message.
    public var description: String {
        "\(code): \(message)"
    }
}
