/// Which proxies requests go through.
///
/// The process's environment is not consulted unless it is handed in: an exported variable must not silently
/// route requests, and the keys in them, through another host. A program that wants the usual behaviour says so:
///
/// ```swift
/// configuration.proxy = .environment(ProcessInfo.processInfo.environment)
/// ```
public struct HTTPProxy: Sendable, Hashable {
    /// The proxy for `http` URLs, for example `http://proxy.example:3128`; none if `nil`.
    public var http: String?

    /// The proxy for `https` URLs, which are tunnelled; none if `nil`.
    public var https: String?

    /// The hosts that are reached directly, separated by commas as in `NO_PROXY`; `*` stands for all.
    public var exceptions: String

    /// Creates a choice of proxies.
    ///
    /// - Parameters:
    ///   - http: The proxy for `http` URLs.
    ///   - https: The proxy for `https` URLs.
    ///   - exceptions: The hosts that are reached directly, as in `NO_PROXY`.
    public init(http: String? = nil, https: String? = nil, exceptions: String = "") {
        self.http = http
        self.https = https
        self.exceptions = exceptions
    }

    /// Every host is reached directly; the default.
    public static let none = HTTPProxy()

    /// What the customary variables say: `http_proxy`, `https_proxy`, `all_proxy` and `no_proxy`.
    ///
    /// Except for `http_proxy`, whose upper-case form a CGI client can set through a `Proxy:` header,
    /// the upper-case forms count too when the lower-case ones are missing.
    ///
    /// - Parameter environment: The variables, usually those of the process.
    public static func environment(_ environment: [String: String]) -> HTTPProxy {
        func value(_ names: String...) -> String? {
            names.lazy.compactMap { environment[$0] }.first { !$0.isEmpty }
        }
        return HTTPProxy(
            http: value("http_proxy", "all_proxy", "ALL_PROXY"),
            https: value("https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"),
            exceptions: value("no_proxy", "NO_PROXY") ?? ""
        )
    }
}
