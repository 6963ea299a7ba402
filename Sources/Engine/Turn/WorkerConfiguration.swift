/// How a worker works.
public struct WorkerConfiguration: Sendable, Hashable {
    /// Conversations that are processed at once.
    ///
    /// Default: 64.
    public var slots: Int
    /// How often the worker looks for work when no notification comes.
    ///
    /// Default: 250 milliseconds.
    public var pollInterval: Duration
    /// The longest time between heartbeats; where the setting `worker_ttl` is below ten seconds there are three in it.
    ///
    /// Default: 3 seconds.
    public var heartbeatInterval: Duration
    /// How long running turns may take after the worker began to drain; then they are given back.
    ///
    /// Default: 60 seconds.
    public var drainTimeout: Duration
    /// How often pieces of running answers are stored for followers.
    ///
    /// Default: 75 milliseconds.
    public var deltaInterval: Duration
    /// Names of the queues that are worked off; empty for all.
    ///
    /// Default: `default` alone.
    public var queues: [String]
    /// What the process has of what agents may need; nil for everything.
    package var offers: [String]?

    /// A configuration.
    ///
    /// - Parameters:
    ///   - slots: Conversations that are processed at once.
    ///   - pollInterval: How often the worker looks for work.
    ///   - heartbeatInterval: The longest time between heartbeats.
    ///   - drainTimeout: How long running turns may take after the worker began to drain.
    ///   - deltaInterval: How often pieces of running answers are stored.
    ///   - queues: Names of the queues that are worked off; empty for all.
    public init(
        slots: Int = 64,
        pollInterval: Duration = .milliseconds(250),
        heartbeatInterval: Duration = .seconds(3),
        drainTimeout: Duration = .seconds(60),
        deltaInterval: Duration = .milliseconds(75),
        queues: [String] = ["default"]
    ) {
        self.slots = max(1, slots)
        self.pollInterval = pollInterval
        self.heartbeatInterval = heartbeatInterval
        self.drainTimeout = drainTimeout
        self.deltaInterval = deltaInterval
        self.queues = queues
    }
}
