package import HTTP
package import Sandbox
package import Store

/// What a process can do for tools; a tool that needs what is not there says so.
package struct ToolServices: Sendable {
    /// The directory that file tools are confined to; nil if there is none.
    package var workspace: Workspace?

    /// Where untrusted code runs; nil if there is nowhere.
    package var sandbox: Sandbox?

    /// Speaks HTTP.
    package var http: HTTPClient?

    /// Finds the addresses of the hosts that tools speak to.
    ///
    /// Default: the system's resolver.
    package var resolver: HostResolver

    /// Asks the database; nil if there is none.
    package var queries: ToolQueries?

    /// Secrets by name.
    package var secrets: Secrets

    /// Services.
    ///
    /// - Parameters:
    ///   - workspace: The directory that file tools are confined to.
    ///   - sandbox: Where untrusted code runs.
    ///   - http: Speaks HTTP.
    ///   - resolver: Finds the addresses of the hosts that tools speak to.
    ///   - queries: Asks the database.
    ///   - secrets: Secrets by name.
    package init(
        workspace: Workspace? = nil,
        sandbox: Sandbox? = nil,
        http: HTTPClient? = nil,
        resolver: HostResolver = .system,
        queries: ToolQueries? = nil,
        secrets: Secrets = Secrets()
    ) {
        self.workspace = workspace
        self.sandbox = sandbox
        self.http = http
        self.resolver = resolver
        self.queries = queries
        self.secrets = secrets
    }
}
