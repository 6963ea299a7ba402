internal import HTTP

/// An http or https URL, taken apart by strict rules and put together again.
///
/// Programs disagree about URLs that are not quite right, and what disagrees can be tricked: so what is sent is written
/// from the parts here, and everything odd (a user name, a backslash, a space in the host, a port of zero) is refused.
struct WebAddress: Sendable, Hashable {
    /// Whether the scheme is https.
    let isSecure: Bool

    /// The host in small letters, without brackets or a dot at the end.
    let host: String

    /// The port.
    let port: Int

    /// Path and query, with the slash at the beginning; bytes that must not stand there are percent-encoded.
    let target: String

    /// Takes a URL apart; what follows `#` is dropped.
    ///
    /// - Throws: ``ToolError/Code/invalidArguments`` with what is wrong.
    init(_ text: String) throws(ToolError) {
        guard text.utf8.count <= 16_384 else { throw Self.wrong("it is longer than 16384 bytes") }
        guard
            text.unicodeScalars.allSatisfy({ $0.value > 0x20 && $0.value != 0x7F && !(0x80...0x9F).contains($0.value) })
        else { throw Self.wrong("it has white space or control characters in it") }
        let lowered = text.prefix(8).lowercased()
        guard lowered.hasPrefix("http://") || lowered.hasPrefix("https://") else {
            throw Self.wrong("it does not begin with http:// or https://")
        }
        isSecure = lowered.hasPrefix("https://")
        let rest = text.dropFirst(isSecure ? 8 : 7)
        let authority = rest.prefix { !"/?#\\".contains($0) }
        guard !authority.isEmpty else { throw Self.wrong("it has no host") }
        guard !authority.contains("@") else { throw Self.wrong("it has a user name or a password in it") }
        (host, port) = try Self.hostAndPort(authority, defaultPort: isSecure ? 443 : 80)
        let target = rest[authority.endIndex...].prefix { $0 != "#" }
        guard !target.prefix(while: { $0 != "?" }).contains("\\") else { throw Self.wrong("it has a backslash in it") }
        self.target = Self.encoded(target.hasPrefix("/") ? String(target) : "/" + target)
    }

    private init(isSecure: Bool, host: String, port: Int, target: String) {
        self.isSecure = isSecure
        self.host = host
        self.port = port
        self.target = target
    }

    /// The same server with another path and query.
    func with(target: String) -> WebAddress {
        WebAddress(isSecure: isSecure, host: host, port: port, target: Self.encoded(target))
    }

    /// The URL as it is sent.
    var url: String { origin + target }

    /// Scheme, host and port: what secrets are for.
    var origin: String {
        let name = host.contains(":") ? "[\(host)]" : host
        return "\(isSecure ? "https" : "http")://\(name)\(port == (isSecure ? 443 : 80) ? "" : ":\(port)")"
    }

    /// The URL without its query, which may hold secrets.
    var shown: String { origin + target.prefix { $0 != "?" }.description.prefix(utf8: 200) }

    private static func wrong(_ what: String) -> ToolError {
        ToolError(.invalidArguments, "The URL is not right: \(what).")
    }
}

// MARK: - Parts

extension WebAddress {
    /// Takes `host`, `host:port` or `[address]:port` apart.
    ///
    /// - Throws: ``ToolError/Code/invalidArguments`` with what is wrong.
    static func hostAndPort(
        _ authority: some StringProtocol,
        defaultPort: Int
    ) throws(ToolError) -> (host: String, port: Int) {
        let text = String(authority)
        var host = text
        var digits: Substring?
        if text.hasPrefix("[") {
            guard let end = text.firstIndex(of: "]") else { throw wrong("a [ is not closed") }
            host = String(text[text.index(after: text.startIndex)..<end])
            let rest = text[text.index(after: end)...]
            guard rest.isEmpty || rest.hasPrefix(":") else { throw wrong("there is something behind the ]") }
            if !rest.isEmpty { digits = rest.dropFirst() }
        } else if let colon = text.firstIndex(of: ":") {
            host = String(text[..<colon])
            digits = text[text.index(after: colon)...]
        }
        return (try normalized(host, isBracketed: text.hasPrefix("[")), try port(digits, defaultPort))
    }

    private static func port(_ digits: Substring?, _ defaultPort: Int) throws(ToolError) -> Int {
        guard let digits else { return defaultPort }
        let isPlain = (1...5).contains(digits.utf8.count) && digits.utf8.allSatisfy { (0x30...0x39).contains($0) }
        guard isPlain, let port = Int(digits), (1...65_535).contains(port) else {
            throw wrong("its port is not a number from 1 to 65535")
        }
        return port
    }

    private static func normalized(_ text: String, isBracketed: Bool) throws(ToolError) -> String {
        if isBracketed {
            guard let address = IPAddress(text), address.isVersion6 else {
                throw wrong("there is no address between [ and ]")
            }
            return address.description
        }
        // Some letters of other scripts become ASCII when they are made small.
        var host = text.utf8.allSatisfy { $0 < 0x80 } ? text.lowercased() : ""
        if host.hasSuffix(".") { host.removeLast() }
        let isPlain = host.utf8.allSatisfy { byte in
            (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte) || byte == 0x2D || byte == 0x2E || byte == 0x5F
        }
        guard !host.isEmpty, host.utf8.count <= 253, isPlain, !host.hasPrefix("."), !host.contains("..") else {
            throw wrong("its host is not a name of letters, digits, dots and hyphens (other letters are written xn--…)")
        }
        return host
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
    /// - Throws: ``ToolError/Code/invalidArguments`` if it leads nowhere.
    func following(_ location: String) throws(ToolError) -> WebAddress {
        let lowered = location.lowercased()
        if lowered.hasPrefix("http://") || lowered.hasPrefix("https://") { return try WebAddress(location) }
        if location.hasPrefix("//") { return try WebAddress((isSecure ? "https:" : "http:") + location) }
        guard !location.prefix(while: { !"/?#".contains($0) }).contains(":") else {
            throw Self.wrong("a redirect leads to another scheme")
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
