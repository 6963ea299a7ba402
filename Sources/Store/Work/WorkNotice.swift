internal import Postgres

/// What other processes tell workers.
package enum WorkNotice: Sendable, Hashable {
    /// There may be something to claim.
    case ready
    /// Definitions have changed.
    case definitions
    /// Something is wanted of a turn that runs.
    case signal
    /// An endpoint of models is asked no longer, or again.
    case endpoints
    /// The worker listens from now on, or again; it may have missed any of the others.
    case connected

    private static let definitionsChannel = "agentctl_definitions"
    private static let signalChannel = "agentctl_signal"
    private static let endpointsChannel = "agentctl_endpoints"
    static let channels = ["agentctl_ready", definitionsChannel, signalChannel, endpointsChannel]

    init(_ event: PostgresListenEvent) {
        self =
            switch event {
            case .connected: .connected
            case .notification(Self.definitionsChannel, _): .definitions
            case .notification(Self.signalChannel, _): .signal
            case .notification(Self.endpointsChannel, _): .endpoints
            case .notification: .ready
            }
    }
}
