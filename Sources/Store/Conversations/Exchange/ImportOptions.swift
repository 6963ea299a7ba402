/// How a conversation is read into the database.
package struct ImportOptions: Sendable, Hashable {
    /// The id under which it is stored; nil for its own.
    package var id: String?
    /// Whether versions of definitions that are missing are stored with it; by default it is refused then.
    package var registersDefinitions = false
    /// Whether decisions for every conversation of an agent hold here; by default they count for the call that they were about.
    package var keepsAlwaysApprovals = false
    /// Whether everything is checked and nothing is stored.
    package var isRehearsal = false

    /// The options when none are given.
    package init() {}
}
