import EmbeddedPostgres
import Engine
import Logging
import Postgres
import Store

import class FoundationEssentials.ProcessInfo

extension Command {
    /// The variables of the process.
    var environment: [String: String] { ProcessInfo.processInfo.environment }

    /// Where the command says what happens inside.
    func logger(_ level: Logger.Level = .error) -> Logger {
        let level =
            environment[LogLevel.variable].flatMap(Logger.Level.init(rawValue:)) ?? (options.quiet ? .error : level)
        let isJSON = options.json
        return Logger(label: "agentctl") { _ in StandardErrorLog(level: level, isJSON: isJSON) }
    }

    /// Lends one store of the database for as long as `body` runs: the command can do what that store does.
    ///
    /// - Parameters:
    ///   - store: Which one.
    ///   - console: Where the start of a server is reported.
    ///   - body: Must not keep the store.
    /// - Returns: What `body` returns.
    /// - Throws: ``CommandFailure``, or what `body` throws.
    func withStore<Store, Result>(
        _ store: KeyPath<Stores, Store>,
        on console: Console,
        _ body: (Store) async throws -> Result
    ) async throws -> Result {
        try await withStores(on: console) { stores in try await body(stores[keyPath: store]) }
    }

    /// Lends all stores of the database, as ``withStore(_:on:_:)`` does one; only of one with the schema of this release.
    func withStores<Result>(
        on console: Console,
        _ body: (Stores) async throws -> Result
    ) async throws -> Result {
        try await withClient(on: console) { client in
            let stores = Stores(client: client)
            try await stores.requireSchema()
            return try await body(stores)
        }
    }

    /// Lends a client of the database for as long as `body` runs, after starting the private server if that is the one.
    ///
    /// - Parameters:
    ///   - console: Where the start of a server is reported.
    ///   - start: What to do when the private server is not running.
    ///   - login: Who to be on the private server.
    ///   - configure: Changes what the client is made with.
    ///   - body: Must not keep the client.
    /// - Returns: What `body` returns.
    /// - Throws: ``CommandFailure``, or what `body` throws.
    func withClient<Result>(
        on console: Console,
        start: ServerStart = .ifCreated,
        login: ServerLogin = .regular,
        logLevel: Logger.Level = .error,
        configure: (inout PostgresConfiguration) -> Void = { _ in },
        _ body: (PostgresClient) async throws -> Result
    ) async throws -> Result {
        var (configuration, server) = try await target(on: console, start: start, login: login)
        // A user is waiting: a missing server is reported soon.
        configuration.acquireTimeout = .seconds(3)
        configure(&configuration)
        let backends = server.map { StuckBackends(of: $0, logger: logger(.warning)) }
        if let backends { configuration.stuckHandler = { backends.add($0) } }
        let client = PostgresClient(configuration, logger: logger(logLevel))
        return try await withThrowingTaskGroup(of: Void.self) { group in
            if let backends { group.addTask { await backends.run() } }
            do {
                let result = try await body(client)
                await client.shutdown()
                group.cancelAll()
                return result
            } catch {
                await client.shutdown()
                group.cancelAll()
                throw server == nil ? error : Self.explained(error)
            }
        }
    }

    /// How to connect, once the server is running.
    func configuration(
        on console: Console,
        start: ServerStart,
        login: ServerLogin = .regular
    ) async throws -> PostgresConfiguration {
        try await target(on: console, start: start, login: login).configuration
    }

    /// A private server of an earlier release has no other login than the superuser.
    private static func explained(_ error: any Error) -> any Error {
        guard (error as? PostgresError ?? (error as? StoreError)?.underlying)?.sqlState == "28000" else { return error }
        return CommandFailure(
            .failed,
            code: "not_migrated",
            "the private server was made by an earlier release",
            hint: "Run: agentctl init-db"
        )
    }

    private func target(
        on console: Console,
        start: ServerStart,
        login: ServerLogin
    ) async throws -> (configuration: PostgresConfiguration, server: PostgresServer?) {
        switch try DatabaseTarget.resolve(option: options.databaseURL, environment: environment) {
        case .named(let configuration):
            return (configuration, nil)
        case .embedded(let server):
            let address = try await running(server, on: console, start: start)
            let url = login == .superuser ? address.superuserConnectionString : address.connectionString
            return (try PostgresConfiguration(url: url), server)
        }
    }

    /// The private server's address, once it runs.
    ///
    /// - Throws: ``CommandFailure`` when it is not to be created and does not exist.
    func running(
        _ server: PostgresServer,
        on console: Console,
        start: ServerStart
    ) async throws -> PostgresServer.Address {
        let status = try await server.status()
        switch status {
        case .running(_, let address): return address
        case .uninitialized where start == .ifCreated:
            let above = EmbeddedHome(environment: environment).above
            throw CommandFailure(
                .failed,
                code: "not_migrated",
                "there is no database yet in \(server.directory)",
                hint: above.map { "There is one above it: AGENTCTL_HOME=\($0), or cd there" }
                    ?? "Run: agentctl init-db --seed    (or name another database with --database-url or DATABASE_URL)"
            )
        case .uninitialized: console.note("creating a private PostgreSQL server in \(server.directory)")
        case .stopped: console.note("starting the private PostgreSQL server in \(server.directory)")
        case .starting, .stopping: break
        }
        let address = try await server.start()
        if status == .uninitialized, let elsewhere = try server.elsewhere {
            console.note("its files are in \(elsewhere), as the server's user cannot get to \(server.directory)")
        }
        return address
    }
}
