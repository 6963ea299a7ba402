import HTTP
import JSON
import Logging
import Postgres
import TestSupport

@testable import Conversation
@testable import Definitions
@testable import Engine
@testable import Models
@testable import Safety
@testable import Store
@testable import Tools

extension DatabaseTemplate {
    /// A database with the schema of this release.
    static let migrated = DatabaseTemplate("migrated") { url in
        let client = PostgresClient(try PostgresConfiguration(url: url), logger: .silent)
        _ = try await Migrator(client: client).migrate()
        await client.shutdown()
    }
}

/// All that a test of the domain needs, over a database of its own.
struct Bench: Sendable {
    let url: String
    let client: PostgresClient
    let stores: Stores
    let http: HTTPClient
    let registry: AgentRegistry

    var conversations: ConversationStore { stores.conversations }
    var work: WorkStore { stores.work }
    var definitions: DefinitionStore { stores.definitions }
    var queries: ToolQueries { stores.queries }
    var reports: Reports { stores.reports }

    /// Registers documents; JSON text, one or a list.
    @discardableResult
    func register(_ documents: String) async throws -> [Registration] {
        let value = try JSONValue(parsing: documents)
        return try await definitions.register(value.arrayValue ?? [value])
    }

    /// Runs a statement and returns its first column as text.
    func texts(_ sql: PostgresStatement, _ parameters: [PostgresValue] = []) async throws -> [String] {
        try await client.query(sql, parameters).map { try $0.decode("text", as: String.self) }
    }

    func text(_ sql: PostgresStatement, _ parameters: [PostgresValue] = []) async throws -> String? {
        try await texts(sql, parameters).first
    }

    /// A claim by a new worker.
    func claim(_ conversation: String? = nil) async throws -> (worker: Int64, claim: ClaimedSubmission?) {
        let worker = try await work.startWorker(WorkerDescription(kind: .service, slots: 1)).id
        return (worker, try await work.claim(worker: worker, maximum: 1, conversation: conversation).first)
    }

    /// The turn that a claim would have if the agent said a fixed text.
    func record(for claim: ClaimedSubmission, reply: String) -> TurnRecord {
        var record = TurnRecord(agent: claim.agent)
        record.messages = [.user(claim.body["message"]?.stringValue ?? ""), .assistant(reply)]
        record.events = [
            EventRecord(.turnStarted(agent: claim.agent, version: nil), message: 1), EventRecord(.message, message: 2),
        ]
        return record
    }

    func client(environment: [String: String] = [:]) -> ConversationClient {
        ConversationClient(
            conversations: conversations,
            work: work,
            registry: registry,
            services: ToolServices(queries: queries),
            logger: .silent
        )
    }

    func worker(_ configuration: WorkerConfiguration = .init(slots: 8)) -> Worker {
        Worker(
            store: work,
            registry: registry,
            services: ToolServices(queries: queries),
            configuration: configuration,
            logger: .silent
        )
    }

    /// Waits until a statement says true; fails after half a minute, which only a hang takes.
    func eventually(_ condition: PostgresStatement, _ parameters: [PostgresValue] = []) async throws {
        try await TestSupport.eventually(condition.sql, within: .seconds(30)) {
            try await client.query(condition, parameters).first?.decode("text", as: String.self) == "true"
        }
    }
}

/// Runs a test over a new database with the schema.
func withBench<Result>(
    environment: [String: String] = [:],
    _ body: (Bench) async throws -> Result
) async throws -> Result {
    try await withDatabase(template: .migrated) { url in
        try await withBench(url: url, environment: environment, body)
    }
}

/// Runs a test over a database that is there.
func withBench<Result>(
    url: String,
    environment: [String: String] = [:],
    implementations: [ToolImplementation] = [],
    policy: (any CallPolicy)? = nil,
    _ body: (Bench) async throws -> Result
) async throws -> Result {
    var configuration = try PostgresConfiguration(url: url)
    // Who listens needs a session.
    if TemporaryPgBouncer.isWanted { try configuration.setDirect(url: await TemporaryPgBouncer.past(url)) }
    let client = PostgresClient(configuration, logger: .silent)
    let http = HTTPClient()
    let stores = Stores(client: client)
    let factory = DynamicAgentFactory(
        providers: ModelProviderFactory.all(http: http, environment: environment),
        tools: ToolFactory(adding: implementations),
        endpoints: EndpointBook(store: stores.endpoints, logger: .silent),
        policy: policy
    )
    let bench = Bench(
        url: url,
        client: client,
        stores: stores,
        http: http,
        registry: AgentRegistry(store: stores.definitions, factory: factory)
    )
    do {
        let result = try await body(bench)
        await client.shutdown()
        await http.shutdown()
        return result
    } catch {
        await client.shutdown()
        await http.shutdown()
        throw error
    }
}

/// Documents that tests begin with.
enum Documents {
    /// An agent that answers by rules: it calculates, calls two tools at once, or says the same thing.
    static let offline = """
        [{"kind": "model", "name": "offline", "provider": "rules", "rules": [
            {"when": "(?i)^what is ([0-9 +*/().-]+)", "call": {"tool": "calculator", "arguments": {"expression": "$1"}},
             "then": "It is {{result}}."},
            {"when": "^both$", "calls": [{"tool": "calculator", "arguments": {"expression": "1+1"}},
                                         {"tool": "calculator", "arguments": {"expression": "2+2"}}],
             "then": "{{result}}"},
            {"when": "^again", "call": {"tool": "missing", "arguments": {}}, "then": "never"},
            {"otherwise": "Hello."}]},
         {"kind": "tool", "name": "calculator", "description": "Calculates.", "implementation": "calculator"},
         {"kind": "agent", "name": "assistant", "model": "offline", "tools": ["calculator"], "access": "everyone"}]
        """

    /// An agent over a mock model.
    static func model(at baseURL: String, agent: String = "") -> String {
        """
        [{"kind": "model", "name": "mock", "provider": "openai", "base_url": "\(baseURL)", "model": "mock-1",
          "prices": {"input": 1, "cached_input": 0.5, "output": 2}, "idle_timeout": 20},
         {"kind": "tool", "name": "calculator", "description": "Calculates.", "implementation": "calculator"},
         {"kind": "agent", "name": "assistant", "model": "mock", "tools": ["calculator"], "access": "everyone",
          "system_prompt": "Be brief."\(agent.isEmpty ? "" : ", " + agent)}]
        """
    }
}
