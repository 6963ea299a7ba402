package import JSON

/// What is to be remembered, and for whom.
package struct NewMemory: Sendable {
    /// What is remembered: 1 to 16384 bytes.
    package var content: String
    /// Who sees it.
    package var scope: MemoryScope
    /// What it can be filtered by, an object.
    package var metadata: JSONObject = [:]
    /// The caller's own id; the same one again replaces.
    package var key: String?
    /// From 0 to 1.
    package var importance: Double = 0.5
    /// After how long it is no longer found; nil for never.
    package var expiresIn: Duration?
    /// The memory that it takes the place of.
    package var replaces: Int64?

    /// A memory of an importance in the middle.
    package init(_ content: String, scope: MemoryScope) {
        (self.content, self.scope) = (content, scope)
    }
}

/// Who sees memories.
///
/// What is nil stands for all, or for nobody in particular where it is asked who sees something.
package struct MemoryScope: Sendable, Hashable {
    /// The collection.
    package var collection = "default"
    /// A conversation of the caller's own, which says who its user is.
    package var conversation: String?
    /// With a conversation: `user`, `conversation`, `agent` or `everyone`.
    package var audience: String?
    /// The agent.
    package var agent: String?
    /// The end user, where no conversation is named.
    package var user: String?
    /// The database user whose end user it is; nil for the caller.
    package var account: String?

    /// What all see.
    package init() {}
}
