import HTTPTypes

extension HTTPClientRequest {
    /// The longest URL that is sent, in bytes.
    static let maximumURLBytes = 64 << 10

    /// Fields that libcurl must write itself, or the message's framing could be forged.
    private static let reservedFields: [HTTPField.Name] = [.contentLength, .transferEncoding, .expect]

    /// Refuses what cannot be sent, or could smuggle something else into what is sent.
    ///
    /// - Parameter isKnown: Whether a request with the same URL was found right before.
    /// - Throws: `HTTPClientError` with the code `invalidRequest`.
    func validate(isKnown: Bool = false) throws(HTTPClientError) {
        try validateMethod()
        try validateURL(isKnown: isKnown)
        try validateHeaders()
        try validateLimits()
    }

    private func validateMethod() throws(HTTPClientError) {
        guard method.rawValue.utf8.count <= 32, method != .connect else {
            throw HTTPClientError(.invalidRequest, "the method is not one that can be sent")
        }
        if method == .head, body != nil {
            throw HTTPClientError(.invalidRequest, "a HEAD request has no body")
        }
    }

    private func validateURL(isKnown: Bool) throws(HTTPClientError) {
        // Always: a text beyond ASCII can be equal to one within.
        guard url.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            throw HTTPClientError(.invalidRequest, "the URL contains white space, control or non-ASCII characters")
        }
        if isKnown { return }
        do throws(WebAddress.Malformed) {
            _ = try WebAddress(url, maximumBytes: Self.maximumURLBytes)
        } catch {
            throw HTTPClientError(.invalidRequest, "the URL is not right: \(error.message)")
        }
    }

    private func validateHeaders() throws(HTTPClientError) {
        for name in Self.reservedFields where headers.contains(name) {
            throw HTTPClientError(.invalidRequest, "the header \(name) is set by the client")
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
}
