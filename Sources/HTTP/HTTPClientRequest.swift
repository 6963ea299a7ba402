public import HTTPTypes

/// A request, with the limits its response must keep.
public struct HTTPClientRequest: Sendable, Hashable {
    /// The method; `GET` unless set.
    public var method: HTTPRequest.Method

    /// An absolute `http` or `https` URL in ASCII, percent-encoded, without user name and password.
    public var url: String

    /// The header fields to send besides `Host`, `Content-Length`, `Accept` and `Accept-Encoding`,
    /// which are made here.
    ///
    /// `Content-Length`, `Transfer-Encoding` and `Expect` are refused: they would contradict the framing.
    public var headers: HTTPFields

    /// The body, or `nil` for a request without one.
    public var body: [UInt8]?

    /// How long it may take to resolve the name, connect and finish the TLS handshake; 10 s.
    ///
    /// Waiting for a free connection to a host that is at its limit does not count.
    public var connectTimeout: Duration

    /// How long nothing at all may move once the request is on its way; 60 s.
    ///
    /// The clock stands still while the reader of the body is the one who is waited for.
    public var idleTimeout: Duration

    /// How long everything may take, from the call to the last byte of the body; no limit unless set.
    public var totalTimeout: Duration?

    /// How many bytes of body are accepted, counted after decompression; 16 MiB.
    public var maximumBodyBytes: Int

    /// How many bytes of response head are accepted, interim responses and trailers included; 256 KiB.
    public var maximumHeadBytes: Int

    /// Whether compressed responses (gzip, deflate, brotli, zstd) are asked for and decoded; `true`.
    public var decompresses: Bool

    /// The only address to connect to; `nil`, which is the default, resolves the URL's host.
    ///
    /// With an address no name is looked up, no proxy is used, and a connection to any other peer is refused before
    /// anything is sent. The host still decides the `Host` header and the certificate's name. Such connections are kept
    /// apart from those that were made without.
    public var address: IPAddress?

    /// The proxies for this request; `nil`, which is the default, means those of the client.
    public var proxy: HTTPProxy?

    /// Whether the request may be sent again, on another connection, when a connection that was kept open dies before a
    /// response begins; `false`.
    ///
    /// Servers close connections that nobody uses, and may do so just as the next request comes. Whether they had begun to
    /// act on it is not known. Requests whose method is idempotent are sent again in any case.
    public var isRepeatable: Bool

    /// Creates a request.
    ///
    /// Nothing is checked here: a request that cannot be sent is refused when it is executed.
    ///
    /// - Parameters:
    ///   - method: The method.
    ///   - url: An absolute `http` or `https` URL.
    ///   - headers: The header fields to send.
    ///   - body: The body, if there is one.
    ///   - connectTimeout: See ``connectTimeout``.
    ///   - idleTimeout: See ``idleTimeout``.
    ///   - totalTimeout: See ``totalTimeout``.
    ///   - maximumBodyBytes: See ``maximumBodyBytes``.
    ///   - maximumHeadBytes: See ``maximumHeadBytes``.
    ///   - decompresses: See ``decompresses``.
    ///   - address: See ``address``.
    ///   - proxy: See ``proxy``.
    ///   - isRepeatable: See ``isRepeatable``.
    public init(
        method: HTTPRequest.Method = .get,
        url: String,
        headers: HTTPFields = [:],
        body: [UInt8]? = nil,
        connectTimeout: Duration = .seconds(10),
        idleTimeout: Duration = .seconds(60),
        totalTimeout: Duration? = nil,
        maximumBodyBytes: Int = 16 << 20,
        maximumHeadBytes: Int = 256 << 10,
        decompresses: Bool = true,
        address: IPAddress? = nil,
        proxy: HTTPProxy? = nil,
        isRepeatable: Bool = false
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.connectTimeout = connectTimeout
        self.idleTimeout = idleTimeout
        self.totalTimeout = totalTimeout
        self.maximumBodyBytes = maximumBodyBytes
        self.maximumHeadBytes = maximumHeadBytes
        self.decompresses = decompresses
        self.address = address
        self.proxy = proxy
        self.isRepeatable = isRepeatable
    }
}

extension HTTPClientRequest: CustomStringConvertible {
    /// The method and the URL's scheme and host; paths, queries, headers and bodies may hold secrets.
    public var description: String {
        "\(method) \(url.split(separator: "/", omittingEmptySubsequences: true).prefix(2).joined(separator: "//"))"
    }
}
