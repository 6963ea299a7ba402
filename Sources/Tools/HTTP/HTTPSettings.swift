import Conversation
import Definitions
internal import JSON

/// What the rows of tools that speak HTTP have in common.
struct HTTPSettings: Sendable {
    /// The members of `configuration` that are read here.
    package static let members = ["allow_private", "headers", "max_response_bytes", "response_headers"]

    /// The most bytes of a response's body that are read, unless the row says otherwise: 1 MiB.
    static let defaultMaximumBytes = 1 << 20

    /// Response headers that are shown unless the row names others.
    static let defaultResponseHeaders = [
        "content-type", "location", "etag", "last-modified", "retry-after", "link", "x-ratelimit-remaining",
    ]

    /// Fields that decide where a request goes, how it is framed, or who asks; neither model nor row sets them.
    private static let reservedFields: Set<String> = [
        "connection", "content-length", "expect", "host", "http2-settings", "keep-alive", "te", "trailer",
        "transfer-encoding", "upgrade",
    ]

    /// Whether addresses of this machine and its owner's networks may be spoken to.
    let allowsPrivate: Bool

    /// The header fields that the row adds.
    package let headers: [(name: String, value: ConfiguredValue)]

    /// The most bytes of a response's body that are read.
    package let maximumBytes: Int

    /// The response headers that are shown.
    let responseHeaders: [String]

    /// Reads them; mistakes are left with the reader.
    init(_ reader: DocumentReader) {
        allowsPrivate = reader.boolean("allow_private") ?? false
        headers = ConfiguredValue.members("headers", of: reader)
        maximumBytes = reader.integer("max_response_bytes", in: 1...(64 << 20)) ?? Self.defaultMaximumBytes
        responseHeaders = reader.strings("response_headers", maximumCount: 100) ?? Self.defaultResponseHeaders
        for (name, _) in headers where Self.isReserved(name) {
            reader.refuse("headers.\(name)", "this header is not a row's to set")
        }
    }

    /// Whether a header field is neither the model's nor the row's.
    static func isReserved(_ name: String) -> Bool {
        let name = name.lowercased()
        return reservedFields.contains(name) || name.hasPrefix("proxy-") || name.hasPrefix(":")
    }
}

extension DocumentReader {
    /// A member that is a list of hosts.
    package func hosts(_ key: String) -> [HostRule] {
        (strings(key, maximumCount: 1_000) ?? []).enumerated().compactMap { index, text in
            do throws(ToolError) {
                return try HostRule(text)
            } catch {
                refuse("\(key)[\(index)]", "expected a host such as api.example.com or *.example.org:8443")
                return nil
            }
        }
    }
}
