/// How often a client's connections have changed since it was made.
///
/// After a failover the database may have lost its last commits. Such a server is reached only by connections that are
/// opened then: what was read before either count grew may no longer be so.
public struct PostgresConnectionChanges: Sendable, Hashable {
    /// Connections that were opened.
    public var opened: UInt64

    /// Connections that broke, whichever side ended them; those that the client closed unused do not count.
    public var lost: UInt64

    /// Counts.
    public init(opened: UInt64 = 0, lost: UInt64 = 0) {
        (self.opened, self.lost) = (opened, lost)
    }
}
