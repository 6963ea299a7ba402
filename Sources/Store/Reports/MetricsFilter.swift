/// Which turns a report of metrics is about.
package struct MetricsFilter: Sendable, Hashable {
    /// A moment, by the clock of the database.
    package enum Moment: Sendable, Hashable {
        /// So long ago.
        case ago(Duration)
        /// A time in ISO 8601, with its zone.
        case time(String)
    }

    /// Only turns of this agent; nil for those of all.
    package var agent: String?
    /// Only what began then or later; nil for all before ``until``.
    package var since: Moment?
    /// Only what began before; nil for all since ``since``.
    package var until: Moment?

    /// A filter.
    ///
    /// - Parameters:
    ///   - agent: Only turns of this agent.
    ///   - since: Only what began then or later.
    ///   - until: Only what began before.
    package init(agent: String? = nil, since: Moment? = nil, until: Moment? = nil) {
        self.agent = agent
        self.since = since
        self.until = until
    }
}
