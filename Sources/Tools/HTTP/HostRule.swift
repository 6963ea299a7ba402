import Conversation
package import HTTP

/// A host that a tool may speak to: `api.example.com`, `*.example.org`, `host:8443`, `[::1]:8080`, or `*` for every host.
///
/// Without a port, those of http and https are meant. A `*.` stands for one or more labels, not for none.
package struct HostRule: Sendable, Hashable, CustomStringConvertible {
    /// The rule as it was written.
    package let description: String

    private let host: String
    private let port: Int?
    private let isSuffix: Bool

    /// Whether every host fits.
    var isAny: Bool { host.isEmpty }

    /// A rule.
    ///
    /// - Throws: ``ToolError`` with what is wrong.
    init(_ text: String) throws(ToolError) {
        description = text
        if text == "*" {
            (host, port, isSuffix) = ("", nil, true)
            return
        }
        isSuffix = text.hasPrefix("*.")
        let authority = isSuffix ? text.dropFirst(2) : text[...]
        let (host, port) = try ToolError.reading { () throws(WebAddress.Malformed) in
            try WebAddress.hostAndPort(authority, defaultPort: 0)
        }
        self.host = host
        self.port = port == 0 ? nil : port
    }

    /// Whether a URL's host and port fit.
    package func matches(_ address: WebAddress) -> Bool {
        let usual = address.isSecure ? 443 : 80
        guard address.port == port ?? usual else { return false }
        if isAny || address.host == host { return isAny || !isSuffix }
        return isSuffix && address.host.hasSuffix("." + host)
    }
}
