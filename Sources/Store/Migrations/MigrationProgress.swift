/// What a ``Migrator`` reports while it works.
package enum MigrationProgress: Sendable {
    /// A numbered file or an upgrade was applied.
    case applied(name: String, Duration)
    /// Rows, routines and views were brought up to date, in one transaction.
    case refreshed(rows: Int, routines: Int, views: Int, dropped: Int, Duration)
    /// A file waits for locks that other sessions hold. Reported again while it lasts.
    case waiting(name: String, sessions: [BlockingSession])
}
