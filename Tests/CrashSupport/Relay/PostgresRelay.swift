import NIOCore
import NIOPosix
import Synchronization

/// Stands between clients and a PostgreSQL server, and can hold a statement or its answer, or drop the connection there.
///
/// It reads as much of the protocol as it takes to know which statement a connection is at, and whether the server has
/// committed it. What is dropped before the server saw a COMMIT and what is dropped after look the same to the client:
/// that is what it is for.
public final class PostgresRelay: Sendable {
    private struct State {
        var rules: [RelayRule] = []
        var links: [ObjectIdentifier: Link] = [:]
        var cuts = 0
    }

    private struct Link {
        let client: any Channel
        var application = ""
    }

    private let state = Mutex(State())
    private let listener: any Channel
    let socketPath: String

    /// The port on the loopback interface.
    public var port: Int { listener.localAddress?.port ?? 0 }

    private init(_ listener: any Channel, socketPath: String) {
        self.listener = listener
        self.socketPath = socketPath
    }

    /// The URL of a database by way of the relay.
    ///
    /// - Parameters:
    ///   - database: The database's name.
    ///   - application: The name that rules and the server know the connections by.
    public func url(database: String, application: String) -> String {
        "postgresql://agentctl@127.0.0.1:\(port)/\(database)?sslmode=disable&gssencmode=disable"
            + "&application_name=\(application)"
    }

    /// How many connections rules have dropped.
    public var cuts: Int { state.withLock { $0.cuts } }

    // MARK: Rules

    /// Holds the next statement before the server sees it.
    public func holdRequest(_ fragment: String, of application: String? = nil) -> RelayHold {
        hold(.request, fragment, application)
    }

    /// Holds the answer to the next statement, which the server has committed.
    public func holdAnswer(_ fragment: String, of application: String? = nil) -> RelayHold {
        hold(.answer, fragment, application)
    }

    private func hold(_ moment: RelayRule.Moment, _ fragment: String, _ application: String?) -> RelayHold {
        let hold = RelayHold()
        add(RelayRule(moment: moment, action: .hold(hold), fragment: fragment, application: application, remaining: 1))
        return hold
    }

    /// Drops the connection of the next statement, or of so many, before the server sees it.
    public func cutRequest(_ fragment: String, of application: String? = nil, times: Int = 1) {
        add(RelayRule(moment: .request, action: .cut, fragment: fragment, application: application, remaining: times))
    }

    /// Drops the connection of the next statement when the server has committed it, without the answer.
    public func cutAnswer(_ fragment: String, of application: String? = nil) {
        add(RelayRule(moment: .answer, action: .cut, fragment: fragment, application: application, remaining: 1))
    }

    /// Takes back rules that no statement came for.
    public func forgetRules() {
        state.withLock { $0.rules = [] }
    }

    /// Drops all connections, or those of an application.
    public func dropConnections(of application: String? = nil) {
        let channels = state.withLock { state in
            state.links.values.filter { application == nil || $0.application == application }.map(\.client)
        }
        for channel in channels { channel.close(promise: nil) }
    }

    private func add(_ rule: RelayRule) {
        state.withLock { $0.rules.append(rule) }
    }

    /// The rule for a statement, which is used up.
    func rule(for statement: String, of application: String) -> RelayRule? {
        state.withLock { state in
            guard let index = state.rules.firstIndex(where: { $0.fits(statement, of: application) }) else { return nil }
            let rule = state.rules[index]
            state.rules[index].remaining -= 1
            if state.rules[index].remaining == 0 { state.rules.remove(at: index) }
            if case .cut = rule.action { state.cuts += 1 }
            return rule
        }
    }

    // MARK: Connections

    func began(_ client: any Channel) {
        state.withLock { $0.links[ObjectIdentifier(client)] = Link(client: client) }
    }

    func named(_ client: any Channel, _ application: String) {
        state.withLock { $0.links[ObjectIdentifier(client)]?.application = application }
    }

    func ended(_ client: any Channel) {
        state.withLock { _ = $0.links.removeValue(forKey: ObjectIdentifier(client)) }
    }

    fileprivate static func listen(socketPath: String) async throws -> PostgresRelay {
        let handover = Mutex<PostgresRelay?>(nil)
        let listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.backlog, value: 256)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    guard let relay = handover.withLock({ $0 }) else { throw ChannelError.eof }
                    try channel.pipeline.syncOperations.addHandler(RelayClientHandler(RelayLink(relay, channel)))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        let relay = PostgresRelay(listener, socketPath: socketPath)
        handover.withLock { $0 = relay }
        return relay
    }

    fileprivate func close() async {
        try? await listener.close()
        forgetRules()
        dropConnections()
    }
}

/// Runs `body` with a relay to the server that listens on a socket.
public func withPostgresRelay<Result>(
    to socketPath: String,
    _ body: (PostgresRelay) async throws -> Result
) async throws -> Result {
    let relay = try await PostgresRelay.listen(socketPath: socketPath)
    let result: Result
    do {
        result = try await body(relay)
    } catch {
        await relay.close()
        throw error
    }
    await relay.close()
    return result
}
