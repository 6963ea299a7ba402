/// The host that a URL names.
enum CallHost: Sendable, Hashable {
    /// The host, in small letters and without a port.
    case name(String)
    /// The URL is none, or one that programs read differently.
    case unclear

    /// Finds the host of a URL.
    init(url: String) {
        let bytes = Array(url.utf8)
        // A backslash ends the host for some programs and belongs to a name for others.
        guard let scheme = bytes.firstRange(of: Array("://".utf8)), scheme.lowerBound > 0, !bytes.contains(.backslash)
        else {
            self = .unclear
            return
        }
        var host = bytes[scheme.upperBound...].prefix { !"/?#".utf8.contains($0) }
        // What stands before an @ is a name and a password, whatever it looks like.
        if let at = host.lastIndex(of: UInt8(ascii: "@")) { host = host[(at + 1)...] }
        if host.first == .leftBracket {
            guard let end = host.firstIndex(of: UInt8(ascii: "]")) else {
                self = .unclear
                return
            }
            host = host[...end]
        } else if let colon = host.firstIndex(of: UInt8(ascii: ":")) {
            host = host[..<colon]
        }
        while host.last == UInt8(ascii: ".") { host.removeLast() }
        let isPlain = host.allSatisfy { $0.continuesName || ".-:[]".utf8.contains($0) }
        self = isPlain && !host.isEmpty ? .name(String(decoding: host, as: UTF8.self).lowercased()) : .unclear
    }
}
