internal import Postgres

extension ConversationStore {
    /// Has a delivery of a hook sent again.
    ///
    /// - Returns: What the receiver knows it by: the same as before.
    /// - Throws: ``StoreError/Code/notFound`` when there is no such delivery, ``StoreError/Code/refused`` when it is
    ///   pending, or its hook is not in force.
    package func redeliver(_ delivery: Int64) async throws(StoreError) -> String {
        try await database.onLeased(
            "SELECT 'msg_' || agentctl.redeliver($1) AS id",
            [.integer(delivery)]
        ).scalar("id")
    }
}
