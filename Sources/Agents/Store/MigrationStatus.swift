public import struct FoundationEssentials.Date

/// How a migration stands in a database.
public struct MigrationStatus: Sendable, Hashable {
    /// How it stands.
    public enum State: String, Sendable, Hashable {
        /// It was applied as it is.
        case applied
        /// It is still to be applied.
        case pending
        /// It was applied, and its file was edited since.
        case edited
        /// The database has it and this program does not: a newer release made it.
        case unknown
    }

    /// The file's name.
    public let name: String
    /// How it stands.
    public let state: State
    /// When it was applied, by the clock of the database.
    public let appliedAt: Date?

    /// A status.
    ///
    /// - Parameters:
    ///   - name: The file's name.
    ///   - state: How it stands.
    ///   - appliedAt: When it was applied.
    public init(name: String, state: State, appliedAt: Date? = nil) {
        self.name = name
        self.state = state
        self.appliedAt = appliedAt
    }
}
