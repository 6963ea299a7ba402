public import HTTP
public import Sandbox

/// What a process can do for tools; a tool that needs what is not there says so.
public struct ToolServices: Sendable {
    /// The directory that file tools are confined to; nil if there is none.
    public var workspace: Workspace?

    /// Where untrusted code runs; nil if there is nowhere.
    public var sandbox: Sandbox?

    /// Speaks HTTP.
    public var http: HTTPClient?

    /// Finds the addresses of the hosts that tools speak to.
    ///
    /// Default: the system's resolver.
    public var resolver: HostResolver

    /// The database.
    public var store: Store?

    /// Secrets by name.
    public var secrets: Secrets

    /// Services.
    ///
    /// - Parameters:
    ///   - workspace: The directory that file tools are confined to.
    ///   - sandbox: Where untrusted code runs.
    ///   - http: Speaks HTTP.
    ///   - resolver: Finds the addresses of the hosts that tools speak to.
    ///   - store: The database.
    ///   - secrets: Secrets by name.
    public init(
        workspace: Workspace? = nil,
        sandbox: Sandbox? = nil,
        http: HTTPClient? = nil,
        resolver: HostResolver = .system,
        store: Store? = nil,
        secrets: Secrets = Secrets()
    ) {
        self.workspace = workspace
        self.sandbox = sandbox
        self.http = http
        self.resolver = resolver
        self.store = store
        self.secrets = secrets
    }
}
