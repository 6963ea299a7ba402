import HTTP

/// The host that a URL names, as the client reads it.
enum CallHost: Sendable, Hashable {
    /// The host, in small letters and without a port; an address of IPv6 in brackets.
    case name(String)
    /// The URL is none, or one that programs read differently.
    case unclear

    /// Finds the host of a URL.
    init(url: String) {
        do throws(WebAddress.Malformed) {
            self = .name(try WebAddress(url).writtenHost)
        } catch {
            self = .unclear
        }
    }
}
