import Engine
import Functions
import Glibc
import HTTP
import Logging
import Models
import Sandbox
import Store
import Tools

import class FoundationEssentials.ProcessInfo

/// What a process needs to run turns itself.
struct AgentEngine {
    let registry: AgentRegistry
    let services: ToolServices
    let functions: FunctionStore
    /// Sends messages, and works conversations off here when no worker does.
    let client: ConversationClient
    /// The functions that agents, people and statements call, each compiled once.
    let compiled = FunctionCache()
    private let http: HTTPClient
    private let sandbox: Sandbox

    /// Makes an engine.
    ///
    /// - Parameters:
    ///   - stores: The database.
    ///   - options: What tools may see, and whether code may run that nothing holds back; nil for no and nothing.
    ///   - logger: Where it says what happens.
    /// - Throws: `ToolError` when the directory cannot be opened.
    init(stores: Stores, options: ToolOptions?, logger: Logger) throws {
        let environment = ProcessInfo.processInfo.environment
        http = HTTPClient(logger: logger)
        sandbox = Sandbox(
            SandboxConfiguration(
                enforcement: options?.isUnsandboxed == true ? .none : .required,
                workspace: options?.workspace.map(Self.absolutePath)
            ),
            logger: logger
        )
        services = ToolServices(
            workspace: try options?.workspace.map { directory in try Workspace(directory: directory) },
            sandbox: sandbox,
            http: http,
            queries: stores.queries,
            secrets: Secrets(environment: environment)
        )
        let providers = ModelProviderFactory(http: http, environment: environment)
        functions = FunctionStore(
            definitions: stores.definitions,
            work: stores.work,
            queries: stores.queries,
            services: services,
            cache: compiled
        )
        registry = AgentRegistry(
            store: stores.definitions,
            factory: DynamicAgentFactory(providers: providers, tools: ToolFactory(), functions: compiled)
        )
        client = ConversationClient(
            conversations: stores.conversations,
            work: stores.work,
            registry: registry,
            services: services,
            logger: logger
        )
    }

    /// A directory's path from the root: the sandbox looks it up from elsewhere.
    ///
    /// One that is not there stays as it is, and is complained about when it is opened.
    private static func absolutePath(_ directory: String) -> String {
        guard let resolved = realpath(directory, nil) else { return directory }
        defer { free(resolved) }
        return String(cString: resolved)
    }

    /// Attacks the sandbox and says what of it holds; what gave way is not used from then on.
    ///
    /// - Parameter logger: Where it is said.
    func examineSandbox(_ logger: Logger) async {
        let (level, layers) = await sandbox.examine()
        let lacking = layers.filter { $0.state != .holds }.map { "\($0.name): \($0.detail)" }
        switch level {
        case .full: logger.info("untrusted code is held by every layer of the sandbox")
        case .reduced:
            logger.notice(
                "untrusted code is held by fewer layers",
                metadata: ["lacking": "\(lacking.joined(separator: "; "))"]
            )
        case .none:
            logger.warning(
                "untrusted code is not run here",
                metadata: ["lacking": "\(lacking.joined(separator: "; "))"]
            )
        }
    }

    /// Ends what is running over HTTP and in the sandbox.
    func shutdown() async {
        await sandbox.shutdown()
        await http.shutdown()
    }
}
