package import struct FoundationEssentials.Date

/// How a file of the schema stands in a database.
package struct MigrationStatus: Sendable, Hashable {
    /// How it stands.
    package enum State: String, Sendable, Hashable {
        /// It was applied as it is.
        case applied
        /// It is still to be applied.
        case pending
        /// Rows, routines or a view that this release has in another form: they will be applied again.
        case changed
        /// Routines or a view that this release has no longer: they will be dropped.
        case obsolete
        /// A numbered file that was edited after it had been applied.
        case edited
        /// The database has it and this program does not: a newer release made it.
        case unknown
    }

    /// The file's path below `migrations`.
    package let name: String
    /// How it stands.
    package let state: State
    /// When it was applied, by the clock of the database.
    package let appliedAt: Date?

    /// A status.
    ///
    /// - Parameters:
    ///   - name: The file's path below `migrations`.
    ///   - state: How it stands.
    ///   - appliedAt: When it was applied.
    package init(name: String, state: State, appliedAt: Date? = nil) {
        self.name = name
        self.state = state
        self.appliedAt = appliedAt
    }

    /// Whether `agentctl init-db` has something to do about it.
    package var isOutstanding: Bool { state == .pending || state == .changed || state == .obsolete }
}
