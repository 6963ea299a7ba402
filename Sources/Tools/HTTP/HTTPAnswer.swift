import Definitions
internal import HTTP
import HTTPTypes
internal import JSON

/// What came back.
struct HTTPAnswer: Sendable {
    /// The status.
    package let status: Int

    /// The header fields.
    package let headers: HTTPFields

    /// The body, or its beginning.
    package let body: [UInt8]

    /// Whether there is more of the body than was read.
    package let isCut: Bool

    /// Where it came from, after redirects.
    package let address: WebAddress

    /// The media type, without parameters.
    var mediaType: String {
        let value = headers.first(name: "content-type") ?? ""
        return value.prefix { $0 != ";" }.lowercased().filter { !$0.isWhitespace }
    }

    /// The body as JSON; nil if it is none, or not all there.
    package var json: JSONValue? {
        guard !isCut, mediaType.contains("json") || body.first.map({ "{[".utf8.contains($0) }) == true else {
            return nil
        }
        var options = JSONParserOptions.default
        options.maximumDepth = 128
        do { return try JSONValue(parsing: text ?? "", options: options) } catch { return nil }
    }

    /// The body as text; nil if it is not text in UTF-8 or Latin-1.
    package var text: String? {
        var bytes = body[...]
        // A cut may have gone through a character.
        if isCut { while let last = bytes.last, last & 0xC0 == 0x80 || last >= 0xC0 { bytes.removeLast() } }
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes = bytes.dropFirst(3) }
        guard !bytes.contains(0) else { return nil }
        if let text = String(validating: bytes, as: UTF8.self) { return text }
        let type = (headers.first(name: "content-type") ?? "").lowercased()
        guard type.contains("iso-8859-1") || type.contains("windows-1252") else { return nil }
        return String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) }))
    }

    /// The body as it is shown: text, or what it is instead.
    var shownBody: String {
        if body.isEmpty { return "[no body]" }
        guard let text else {
            let type = mediaType.isEmpty ? "of no type" : mediaType.prefix(utf8: 100)
            return "[the body is not text: \(type), \(isCut ? "more than " : "")\(body.count) bytes]"
        }
        return text + (isCut ? "\n[cut: only the first \(body.count) bytes were read]" : "")
    }
}
