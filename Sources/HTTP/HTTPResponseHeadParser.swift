import HTTPTypes

/// Collects the lines of a response's head, as libcurl hands them over one by one.
///
/// Interim (1xx) heads before the final one and trailers after it are read over, but count towards the limit.
struct HTTPResponseHeadParser {
    private let maximumBytes: Int
    private var bytes = 0
    private var partial: HTTPResponseHead?

    /// The final head, once its empty line has been seen.
    private(set) var head: HTTPResponseHead?

    /// Whether anything has arrived.
    var hasBegun: Bool { bytes > 0 }

    init(maximumBytes: Int) {
        self.maximumBytes = maximumBytes
    }

    /// Takes one line with its line end.
    ///
    /// - Throws: `HTTPClientError` with the code `malformed` for a head that is too large or no head at all.
    mutating func consume(_ line: UnsafeRawBufferPointer) throws(HTTPClientError) {
        bytes += line.count
        guard bytes <= maximumBytes else {
            throw HTTPClientError(.malformed, "the response's head is larger than \(maximumBytes) bytes")
        }
        guard head == nil else { return }
        let text = Self.trimmed(line[...])
        if text.isEmpty {
            try finishBlock()
        } else if partial == nil {
            partial = try Self.parseStatusLine(String(decoding: text, as: UTF8.self))
        } else if let first = line.first, Self.isBlank(first) {
            extendLast(with: String(decoding: text, as: UTF8.self))
        } else {
            try parseField(text)
        }
    }

    private mutating func finishBlock() throws(HTTPClientError) {
        guard let block = partial else {
            throw HTTPClientError(.malformed, "the response has no status line")
        }
        partial = nil
        if block.status >= 200 { head = block }
    }

    private mutating func parseField(_ text: Slice<UnsafeRawBufferPointer>) throws(HTTPClientError) {
        guard let colon = text.firstIndex(of: UInt8(ascii: ":")),
            let name = HTTPField.Name(String(decoding: text[..<colon], as: UTF8.self))
        else {
            throw HTTPClientError(.malformed, "a line of the response's head is no header field")
        }
        let value = Self.trimmed(text[text.index(after: colon)...])
        partial?.headers.append(HTTPField(name: name, value: String(decoding: value, as: UTF8.self)))
    }

    /// Continues the last field's value with a folded line.
    private mutating func extendLast(with text: String) {
        guard let last = partial?.headers.indices.last else { return }
        partial?.headers[last].value += " " + text
    }

    private static func parseStatusLine(_ line: String) throws(HTTPClientError) -> HTTPResponseHead {
        let parts = line.split(separator: " ", maxSplits: 2)
        guard parts.count >= 2, parts[0].hasPrefix("HTTP/"), parts[1].utf8.count == 3, let status = Int(parts[1]),
            (100...999).contains(status)
        else { throw HTTPClientError(.malformed, "the response has no valid status line") }
        return HTTPResponseHead(version: String(parts[0]), status: status, headers: [:])
    }

    private static func trimmed(_ text: Slice<UnsafeRawBufferPointer>) -> Slice<UnsafeRawBufferPointer> {
        var text = text.drop(while: isBlank)
        while let last = text.last, isBlank(last) { text.removeLast() }
        return text
    }

    private static func isBlank(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x09 || byte == 0x0D || byte == 0x0A
    }
}
