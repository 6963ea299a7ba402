import Agents
import IO
import Logging

import class FoundationEssentials.ProcessInfo

/// What a process needs to run turns itself.
struct Engine {
    let registry: AgentRegistry
    let workspace: Workspace?
    private let http: HTTPClient

    /// Makes an engine.
    ///
    /// - Parameters:
    ///   - store: The database.
    ///   - workspace: The directory that file tools may see; nil for none.
    ///   - logger: Where it says what happens.
    /// - Throws: `ToolError` when the directory cannot be opened.
    init(store: Store, workspace: String?, logger: Logger) throws {
        self.workspace = try workspace.map { directory in try Workspace(directory: directory) }
        http = HTTPClient(logger: logger)
        let providers = ModelProviderFactory(http: http, environment: ProcessInfo.processInfo.environment)
        registry = AgentRegistry(store: store, factory: DynamicAgentFactory(providers: providers, tools: ToolFactory()))
    }

    /// Ends what goes on over HTTP.
    func shutdown() async {
        await http.shutdown()
    }
}
