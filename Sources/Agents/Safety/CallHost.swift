/// The host that a URL names.
enum CallHost: Sendable, Hashable {
    /// The host, in small letters and without a port.
    case name(String)
    /// The URL is none, or one that programs read differently.
    case unclear

    /// Finds the host of a URL.
    init(url: String) {
        // A backslash ends the host for some programs and belongs to a name for others.
        guard let scheme = url.firstRange(of: "://"), !url[..<scheme.lowerBound].isEmpty, !url.utf8.contains(.backslash)
        else {
            self = .unclear
            return
        }
        let rest = url[scheme.upperBound...]
        var authority = rest.prefix { !"/?#".contains($0) }
        // What stands before an @ is a name and a password, whatever it looks like.
        if let at = authority.lastIndex(of: "@") { authority = authority[authority.index(after: at)...] }
        var host = authority
        if host.hasPrefix("[") {
            guard let end = host.firstIndex(of: "]") else {
                self = .unclear
                return
            }
            host = host[...end]
        } else if let colon = host.firstIndex(of: ":") {
            host = host[..<colon]
        }
        while host.hasSuffix(".") { host.removeLast() }
        let isPlain = host.utf8.allSatisfy { $0.continuesName || ".-:[]".utf8.contains($0) }
        self = isPlain && !host.isEmpty ? .name(host.lowercased()) : .unclear
    }
}
