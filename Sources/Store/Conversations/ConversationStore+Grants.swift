internal import Postgres

extension ConversationStore {
    /// Lets the members of a database role read a conversation and those of its tasks.
    ///
    /// - Returns: Whether it was not granted before.
    /// - Throws: ``StoreError/Code/notFound`` for unknown names, ``StoreError/Code/notPermitted`` unless the user is an
    ///   owner or has begun it.
    package func grant(_ conversation: String, to role: String) async throws(StoreError) -> Bool {
        try await database.onLeased(
            "SELECT agentctl.grant_conversation($1, $2) AS changed",
            [.text(conversation), .text(role)]
        ).scalar("changed")
    }

    /// Takes back what ``grant(_:to:)`` has granted.
    ///
    /// - Returns: Whether there was such a grant.
    /// - Throws: As ``grant(_:to:)``.
    package func revoke(_ conversation: String, from role: String) async throws(StoreError) -> Bool {
        try await database.onLeased(
            "SELECT agentctl.revoke_conversation($1, $2) AS changed",
            [.text(conversation), .text(role)]
        ).scalar("changed")
    }
}
