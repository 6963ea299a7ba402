/// Which turns a report of metrics is about.
package struct MetricsFilter: Sendable, Hashable {
    /// A moment, by the clock of the database.
    package enum Moment: Sendable, Hashable {
        /// So long ago.
        case ago(Duration)
        /// A time in ISO 8601, with its zone.
        case time(String)
    }

    /// A period that metrics are divided into, by the session's time zone.
    package enum Period: String, Sendable, CaseIterable {
        case hour, day
        /// From Monday.
        case week
        case month
    }

    /// Only turns of this agent; nil for those of all.
    package var agent: String?
    /// Only what began then or later; nil for all before ``until``.
    package var since: Moment?
    /// Only what began before; nil for all since ``since``.
    package var until: Moment?
    /// One row for each of these periods, at most 1,000; nil for one of the whole time.
    package var period: Period?

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
