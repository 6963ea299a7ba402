/// Which conversations a list has.
package struct ConversationFilter: Sendable, Hashable {
    /// How many at most.
    package var limit: Int
    /// The list begins after this conversation, the last of the previous page.
    package var after: String?
    /// Only those that are `idle`, `ready`, `running`, `waiting` or `parked`.
    package var state: String?
    /// Only those of this agent.
    package var agent: String?
    /// Only those whose ids begin so.
    package var prefix: String?
    /// Only those that this database user started.
    package var createdBy: String?
    /// Only those that began then or later.
    package var since: MetricsFilter.Moment?

    package init(limit: Int) {
        self.limit = limit
    }
}
