internal import Glibc

/// An http or https URL, taken apart by strict rules and put together again.
///
/// Programs disagree about URLs that are not quite right, and what disagrees can be tricked: so what is sent is written
/// from the parts here, and everything odd (a user name, a backslash, a space in the host, a port of zero) is refused.
/// Whoever decides about a URL and whoever sends it read it here: the host that a policy sees is the one that is asked.
package struct WebAddress: Sendable, Hashable {
    /// A URL that is none, or one that programs read differently.
    package struct Malformed: Error, Hashable {
        /// What is wrong, as the end of a sentence.
        package let message: String
    }

    /// The longest URL, in bytes.
    package static let maximumBytes = 16_384

    /// Whether the scheme is https.
    package let isSecure: Bool

    /// The host in small letters, without brackets or a dot at the end; addresses in their usual spelling.
    package let host: String

    /// The port.
    package let port: Int

    /// Path and query, with the slash at the beginning; bytes that must not stand there are percent-encoded.
    package let target: String

    /// Takes a URL apart; what follows `#` is dropped.
    ///
    /// - Parameters:
    ///   - text: The URL.
    ///   - maximumBytes: How long it may be.
    /// - Throws: ``Malformed``.
    package init(_ text: String, maximumBytes: Int = WebAddress.maximumBytes) throws(Malformed) {
        guard text.utf8.count <= maximumBytes else {
            throw Malformed(message: "it is longer than \(maximumBytes) bytes")
        }
        guard
            text.unicodeScalars.allSatisfy({ $0.value > 0x20 && $0.value != 0x7F && !(0x80...0x9F).contains($0.value) })
        else { throw Malformed(message: "it has white space or control characters in it") }
        let lowered = text.prefix(8).lowercased()
        guard lowered.hasPrefix("http://") || lowered.hasPrefix("https://") else {
            throw Malformed(message: "it does not begin with http:// or https://")
        }
        isSecure = lowered.hasPrefix("https://")
        let rest = text.dropFirst(isSecure ? 8 : 7)
        let authority = rest.prefix { !"/?#\\".contains($0) }
        guard !authority.isEmpty else { throw Malformed(message: "it has no host") }
        guard !authority.contains("@") else { throw Malformed(message: "it has a user name or a password in it") }
        (host, port) = try Self.hostAndPort(authority, defaultPort: isSecure ? 443 : 80)
        let target = rest[authority.endIndex...].prefix { $0 != "#" }
        guard !target.prefix(while: { $0 != "?" }).contains("\\") else {
            throw Malformed(message: "it has a backslash in it")
        }
        self.target = Self.encoded(target.hasPrefix("/") ? String(target) : "/" + target)
    }

    private init(isSecure: Bool, host: String, port: Int, target: String) {
        self.isSecure = isSecure
        self.host = host
        self.port = port
        self.target = target
    }

    /// The same server with another path and query.
    package func with(target: String) -> WebAddress {
        WebAddress(isSecure: isSecure, host: host, port: port, target: Self.encoded(target))
    }

    /// The URL as it is sent.
    package var url: String { origin + target }

    /// The host as it stands in a URL: an address of IPv6 in brackets.
    package var writtenHost: String { host.contains(":") ? "[\(host)]" : host }

    /// Scheme, host and port: what secrets are for.
    package var origin: String {
        "\(isSecure ? "https" : "http")://\(writtenHost)\(port == (isSecure ? 443 : 80) ? "" : ":\(port)")"
    }

}

// MARK: - Parts

extension WebAddress {
    /// Takes `host`, `host:port` or `[address]:port` apart.
    ///
    /// - Throws: ``Malformed``.
    package static func hostAndPort(
        _ authority: some StringProtocol,
        defaultPort: Int
    ) throws(Malformed) -> (host: String, port: Int) {
        let text = String(authority)
        var host = text
        var digits: Substring?
        if text.hasPrefix("[") {
            guard let end = text.firstIndex(of: "]") else { throw Malformed(message: "a [ is not closed") }
            host = String(text[text.index(after: text.startIndex)..<end])
            let rest = text[text.index(after: end)...]
            guard rest.isEmpty || rest.hasPrefix(":") else {
                throw Malformed(message: "there is something behind the ]")
            }
            if !rest.isEmpty { digits = rest.dropFirst() }
        } else if let colon = text.firstIndex(of: ":") {
            host = String(text[..<colon])
            digits = text[text.index(after: colon)...]
        }
        return (try normalized(host, isBracketed: text.hasPrefix("[")), try port(digits, defaultPort))
    }

    private static func port(_ digits: Substring?, _ defaultPort: Int) throws(Malformed) -> Int {
        guard let digits else { return defaultPort }
        let isPlain = (1...5).contains(digits.utf8.count) && digits.utf8.allSatisfy { (0x30...0x39).contains($0) }
        guard isPlain, let port = Int(digits), (1...65_535).contains(port) else {
            throw Malformed(message: "its port is not a number from 1 to 65535")
        }
        return port
    }

    private static func normalized(_ text: String, isBracketed: Bool) throws(Malformed) -> String {
        if isBracketed {
            guard let address = IPAddress(text), address.isVersion6 else {
                throw Malformed(message: "there is no address between [ and ]")
            }
            return address.description
        }
        // Some letters of other scripts become ASCII when they are made small.
        var host = text.utf8.allSatisfy { $0 < 0x80 } ? text.lowercased() : ""
        if host.hasSuffix(".") { host.removeLast() }
        let isPlain = host.utf8.allSatisfy { byte in
            (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte) || byte == 0x2D || byte == 0x2E || byte == 0x5F
        }
        guard !host.isEmpty, host.utf8.count <= 253, isPlain, !host.hasPrefix("."), !host.hasSuffix("."),
            !host.contains("..")
        else {
            throw Malformed(
                message: "its host is not a name of letters, digits, dots and hyphens (other letters are written xn--…)"
            )
        }
        return try withAddressSpelledOut(host)
    }

    /// A host whose last part is a number is an address of IPv4, which some programs take in other spellings (`127.1`,
    /// `0x7f000001`) than others: it is written in the usual one, or refused.
    private static func withAddressSpelledOut(_ host: String) throws(Malformed) -> String {
        let last = host.split(separator: ".").last ?? ""
        let isHexadecimal = last.hasPrefix("0x") && last.dropFirst(2).allSatisfy(\.isHexDigit)
        guard isHexadecimal || last.allSatisfy(\.isNumber) else { return host }
        var address = in_addr()
        guard inet_aton(host, &address) == 1, let usual = IPAddress(bytes: withUnsafeBytes(of: address) { Array($0) })
        else { throw Malformed(message: "its host ends in a number and is no address") }
        return usual.description
    }

    private static func encoded(_ text: String) -> String {
        PercentEncoding.encode(text) { byte in
            byte > 0x20 && byte < 0x7F && !"\"<>\\^`{|}".utf8.contains(byte)
        }
    }
}

// MARK: - Redirects

extension WebAddress {
    /// Where a `Location` header leads from here.
    ///
    /// - Throws: ``Malformed`` if it leads nowhere.
    package func following(_ location: String) throws(Malformed) -> WebAddress {
        let lowered = location.lowercased()
        if lowered.hasPrefix("http://") || lowered.hasPrefix("https://") { return try WebAddress(location) }
        if location.hasPrefix("//") { return try WebAddress((isSecure ? "https:" : "http:") + location) }
        guard !location.prefix(while: { !"/?#".contains($0) }).contains(":") else {
            throw Malformed(message: "a redirect leads to another scheme")
        }
        let path = target.prefix { $0 != "?" }
        let merged: String
        if location.hasPrefix("/") {
            merged = location
        } else if location.isEmpty || location.hasPrefix("#") {
            merged = target
        } else if location.hasPrefix("?") {
            merged = path + location
        } else {
            merged = path[...(path.lastIndex(of: "/") ?? path.startIndex)] + location
        }
        return try WebAddress(origin + merged)
    }
}
