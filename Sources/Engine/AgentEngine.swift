internal import Conversation
internal import Definitions
internal import Functions
internal import Glibc
internal import HTTP
public import Logging
public import Models
public import Postgres
internal import Sandbox
package import Store
public import Tools

internal import class FoundationEssentials.ProcessInfo

/// The engine in one process: processes what is submitted to conversations, in this program and in others.
///
/// It is over one database and holds no state of its own. ``shutdown()`` ends it.
public struct AgentEngine: Sendable {
    package let stores: Stores
    package let registry: AgentRegistry
    package let services: ToolServices
    package let functions: FunctionStore
    /// Sends messages, and works conversations off here when no worker does.
    package let client: ConversationClient
    /// The functions that agents, operators and statements call, each compiled once.
    private let compiled = FunctionCache()
    private let embedder: Embedder
    private let offers: WorkerOffers
    private let http: HTTPClient
    private let sandbox: Sandbox
    private let logger: Logger

    /// Makes an engine.
    ///
    /// - Parameters:
    ///   - database: An open client of the database; the engine does not close it.
    ///   - tools: Implementations that documents of kind `tool` can name, besides the engine's own. Each name has a dot.
    ///   - providers: Providers that documents of kind `model` can name, besides `openai`, `rules` and `plan`. Each name has a
    ///     dot.
    ///   - workspace: The directory that tools may see; nil for none.
    ///   - environment: The variables that documents name for keys and secrets; nil for the process's own.
    ///   - logger: Where it logs.
    /// - Throws: ``ToolError/Code/configuration`` when the name of an implementation has no dot or there are two of the
    ///   same, or when the workspace cannot be opened.
    public init(
        database: PostgresClient,
        tools: [ToolImplementation] = [],
        providers: [ModelProviderImplementation] = [],
        workspace: String? = nil,
        environment: [String: String]? = nil,
        logger: Logger
    ) throws(ToolError) {
        try Self.check(tools.map(\.name))
        try Self.check(providers.map(\.name))
        try self.init(
            stores: Stores(client: database),
            tools: tools,
            providers: providers,
            workspace: workspace,
            environment: environment,
            logger: logger
        )
    }

    /// Makes an engine that may let code run that nothing holds back, and may send messages for its workspace alone.
    package init(
        stores: Stores,
        tools: [ToolImplementation] = [],
        providers: [ModelProviderImplementation] = [],
        workspace: String?,
        isUnsandboxed: Bool = false,
        isBoundToWorkspace: Bool = false,
        environment: [String: String]? = nil,
        logger: Logger
    ) throws(ToolError) {
        let environment = environment ?? ProcessInfo.processInfo.environment
        let directory: Workspace?
        if let workspace { directory = try Workspace(directory: workspace) } else { directory = nil }
        http = HTTPClient(logger: logger)
        embedder = Embedder(http: http, environment: environment)
        sandbox = Sandbox(
            SandboxConfiguration(
                enforcement: isUnsandboxed ? .none : .required,
                workspace: workspace.map(Self.absolutePath)
            ),
            logger: logger
        )
        offers = WorkerOffers(
            environment: environment,
            implementations: tools.map(\.name) + providers.map(\.name),
            workspace: workspace.map(Self.absolutePath)
        )
        services = ToolServices(
            workspace: directory,
            sandbox: sandbox,
            http: http,
            queries: stores.queries,
            secrets: Secrets(environment: environment)
        )
        registry = AgentRegistry(
            store: stores.definitions,
            factory: DynamicAgentFactory(
                providers: ModelProviderFactory.all(http: http, environment: environment, adding: providers),
                tools: ToolFactory(adding: tools),
                functions: compiled,
                endpoints: EndpointBook(store: stores.endpoints, logger: logger)
            )
        )
        functions = FunctionStore(
            definitions: stores.definitions,
            work: stores.work,
            queries: stores.queries,
            services: services,
            cache: compiled
        )
        client = ConversationClient(
            conversations: stores.conversations,
            work: stores.work,
            registry: registry,
            services: services,
            offers: offers.words,
            workspace: isBoundToWorkspace ? offers.workspace : nil,
            logger: logger
        )
        self.stores = stores
        self.logger = logger
    }

    /// A worker, to be run as a service or in a task.
    ///
    /// - Parameter configuration: How it works.
    public func worker(_ configuration: WorkerConfiguration = WorkerConfiguration()) -> Worker {
        var configuration = configuration
        configuration.offers = offers.words
        return Worker(
            store: stores.work,
            registry: registry,
            services: services,
            functions: compiled,
            embedder: embedder,
            configuration: configuration,
            logger: logger
        )
    }

    /// Ends what is running over HTTP and in the sandbox.
    public func shutdown() async {
        await sandbox.shutdown()
        await http.shutdown()
    }

    /// How workers and messages name a directory: HOST:PATH.
    package static func workspaceName(_ directory: String) -> String {
        "\(WorkerDescription.hostName):\(absolutePath(directory))"
    }

    /// A directory's path from the root: the sandbox looks it up from elsewhere.
    ///
    /// One that is not there stays as it is, and is complained about when it is opened.
    private static func absolutePath(_ directory: String) -> String {
        guard let resolved = realpath(directory, nil) else { return directory }
        defer { free(resolved) }
        return String(cString: resolved)
    }
}

// MARK: - Checks before work

extension AgentEngine {
    private static func check(_ names: [String]) throws(ToolError) {
        var known: Set<String> = []
        for name in names {
            if let complaint = ImplementationName.complaint(about: name) { throw ToolError(.configuration, complaint) }
            guard known.insert(name).inserted else {
                throw ToolError(.configuration, "there are two implementations named \"\(name)\"")
            }
        }
    }

    /// Attacks the sandbox and logs what of it holds; what gave way is not used from then on.
    ///
    /// Nothing is logged when the engine is shut down meanwhile.
    package func examineSandbox() async {
        let (level, layers) = await sandbox.examine()
        if sandbox.isShutDown { return }
        let lacking = layers.filter { $0.state != .holds }.map { "\($0.name): \($0.detail)" }
        let metadata: Logger.Metadata = ["lacking": "\(lacking.joined(separator: "; "))"]
        switch level {
        case .full: logger.info("untrusted code is held by every layer of the sandbox")
        case .reduced: logger.notice("untrusted code is held by fewer layers", metadata: metadata)
        case .none: logger.warning("untrusted code is not run here", metadata: metadata)
        }
    }
}
