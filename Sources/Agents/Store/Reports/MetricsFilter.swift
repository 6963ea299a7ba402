/// Which turns a report of metrics is about.
public struct MetricsFilter: Sendable, Hashable {
    /// The beginning of a span of time that lasts until now.
    public enum Start: Sendable, Hashable {
        /// So long ago, by the clock of the database.
        case ago(Duration)
        /// A time in ISO 8601, with its zone.
        case time(String)
    }

    /// Only turns of this agent; nil for those of all.
    public var agent: String?
    /// Only what began since; nil for all there is.
    public var since: Start?

    /// A filter.
    ///
    /// - Parameters:
    ///   - agent: Only turns of this agent.
    ///   - since: Only what began since.
    public init(agent: String? = nil, since: Start? = nil) {
        self.agent = agent
        self.since = since
    }
}
