extension HTTPClientRequest {
    /// The longest URL that is sent, in bytes.
    static let maximumURLBytes = 64 << 10

    /// Fields that libcurl must write itself, or the message's framing could be forged.
    private static let reservedFields = ["content-length", "transfer-encoding", "expect"]

    /// Refuses what cannot be sent, or could smuggle something else into what is sent.
    ///
    /// - Throws: `HTTPClientError` with the code `invalidRequest`.
    func validate() throws(HTTPClientError) {
        try validateMethod()
        try validateURL()
        for header in headers { try Self.validate(header) }
        try validateLimits()
    }

    private func validateMethod() throws(HTTPClientError) {
        guard Self.isToken(method), method.utf8.count <= 32, method != "CONNECT" else {
            throw HTTPClientError(.invalidRequest, "the method is not one that can be sent")
        }
        if method == "HEAD", body != nil {
            throw HTTPClientError(.invalidRequest, "a HEAD request has no body")
        }
    }

    private func validateURL() throws(HTTPClientError) {
        guard url.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            throw HTTPClientError(.invalidRequest, "the URL contains white space, control or non-ASCII characters")
        }
        do throws(WebAddress.Malformed) {
            _ = try WebAddress(url, maximumBytes: Self.maximumURLBytes)
        } catch {
            throw HTTPClientError(.invalidRequest, "the URL is not right: \(error.message)")
        }
    }

    private static func validate(_ header: HTTPHeader) throws(HTTPClientError) {
        guard isToken(header.name) else {
            throw HTTPClientError(.invalidRequest, "a header's name is not a token")
        }
        // Every control character but the tab: line breaks would begin a new field, NUL would end the string.
        guard header.value.utf8.allSatisfy({ ($0 >= 0x20 && $0 != 0x7F) || $0 == 0x09 }) else {
            throw HTTPClientError(
                .invalidRequest,
                "the value of the header \(header.name) contains a control character"
            )
        }
        if reservedFields.contains(where: { HTTPHeaders.isSame($0, header.name) }) {
            throw HTTPClientError(.invalidRequest, "the header \(header.name) is set by the client")
        }
    }

    private func validateLimits() throws(HTTPClientError) {
        guard connectTimeout > .zero, idleTimeout > .zero, totalTimeout ?? .seconds(1) > .zero else {
            throw HTTPClientError(.invalidRequest, "a timeout is not positive")
        }
        guard maximumBodyBytes >= 0, maximumHeadBytes > 0 else {
            throw HTTPClientError(.invalidRequest, "a size limit is negative")
        }
    }

    /// Whether a text is a token of RFC 9110.
    private static func isToken(_ text: String) -> Bool {
        !text.isEmpty
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"):
                    true
                default:
                    "!#$%&'*+-.^_`|~".utf8.contains(byte)
                }
            }
    }
}
