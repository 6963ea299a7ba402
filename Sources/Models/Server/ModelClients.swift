internal import HTTP
internal import Synchronization

/// The HTTP clients of models: one for each number of connections that an endpoint may have.
final class ModelClients: Sendable {
    private let usual: HTTPClient
    private let others = Mutex<[Int: HTTPClient]>([:])

    /// A client is a thread.
    private static let maximumOthers = 16

    init(_ usual: HTTPClient) {
        self.usual = usual
    }

    /// The client of a model.
    func client(for model: Model) -> HTTPClient {
        guard let connections = model.sharedEndpoint?.connections, connections != ModelEndpoint.usualConnections else {
            return usual
        }
        return others.withLock { others in
            if let known = others[connections] { return known }
            // Those that providers hold go on until these are gone.
            if others.count >= Self.maximumOthers { others.removeAll() }
            let client = HTTPClient(
                HTTPClientConfiguration(
                    maximumConnectionsPerHost: connections,
                    maximumIdleConnections: max(connections / 2, 1)
                )
            )
            others[connections] = client
            return client
        }
    }
}
