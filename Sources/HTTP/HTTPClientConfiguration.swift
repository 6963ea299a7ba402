/// What all requests of a client have in common.
public struct HTTPClientConfiguration: Sendable, Hashable {
    /// How many connections to one host may be open; 256.
    ///
    /// Further requests wait for one to become free. HTTP/2 connections carry up to 100 requests each.
    public var maximumConnectionsPerHost: Int

    /// How many connections are kept open for reuse when their requests have ended; 128.
    public var maximumIdleConnections: Int

    /// A PEM file with the only certificate authorities to trust, instead of the system's; `nil` means the system's.
    ///
    /// Certificates and host names are always verified; there is no switch to turn that off. The client logs the use
    /// of this file.
    public var certificateAuthorityFile: String?

    /// Which proxies to go through; none unless set, whatever the environment says.
    public var proxy: HTTPProxy

    /// Creates a configuration.
    ///
    /// - Parameters:
    ///   - maximumConnectionsPerHost: See ``maximumConnectionsPerHost``.
    ///   - maximumIdleConnections: See ``maximumIdleConnections``.
    ///   - certificateAuthorityFile: See ``certificateAuthorityFile``.
    ///   - proxy: See ``proxy``.
    public init(
        maximumConnectionsPerHost: Int = 256,
        maximumIdleConnections: Int = 128,
        certificateAuthorityFile: String? = nil,
        proxy: HTTPProxy = .none
    ) {
        self.maximumConnectionsPerHost = maximumConnectionsPerHost
        self.maximumIdleConnections = maximumIdleConnections
        self.certificateAuthorityFile = certificateAuthorityFile
        self.proxy = proxy
    }
}
