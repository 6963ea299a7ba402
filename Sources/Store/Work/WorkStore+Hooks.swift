internal import JSON
internal import Postgres

extension WorkStore {
    /// Claims deliveries of hooks that are due, for one attempt each.
    ///
    /// - Parameters:
    ///   - maximum: How many at most.
    ///   - busy: Names of hooks that have enough of this worker's attempts under way.
    /// - Returns: The deliveries; another worker takes those over whose outcome is not stored within two minutes.
    /// - Throws: ``StoreError`` when the database cannot be reached.
    package func claimDeliveries(
        maximum: Int,
        busy: [String] = []
    ) async throws(StoreError) -> [ClaimedDelivery] {
        let rows = try await database.onLeased(
            """
            SELECT id, attempt, 'msg_' || webhook_id AS webhook_id, hook, body, document
            FROM agentctl.claim_deliveries($1::integer, $2::text[])
            """,
            [.integer(Int64(maximum)), .textArray(busy)]
        )
        return try rows.decoded { row throws(PostgresError) in
            ClaimedDelivery(
                id: try row.decode("id"),
                attempt: try row.decode("attempt"),
                webhookID: try row.decode("webhook_id"),
                hook: try row.decode("hook"),
                body: try row.decode("body"),
                document: try row.decode("document")
            )
        }
    }

    /// Stores the outcome of an attempt.
    ///
    /// - Parameters:
    ///   - delivery: The delivery.
    ///   - status: HTTP status of the answer; nil without one.
    ///   - problem: Why it failed; nil when it was delivered.
    ///   - isFinal: Whether it is not tried again.
    /// - Returns: The state of the delivery; nil when another worker has taken it over.
    /// - Throws: ``StoreError`` when the database cannot be reached.
    @discardableResult
    package func finish(
        _ delivery: ClaimedDelivery,
        status: Int?,
        problem: String?,
        isFinal: Bool
    ) async throws(StoreError) -> String? {
        try await database.onLeased(
            "SELECT agentctl.finish_delivery($1, $2::integer, $3::integer, $4, $5) AS state",
            [
                .integer(delivery.id), .integer(Int64(delivery.attempt)), .optional(status.map { Int64($0) }),
                .optional(problem), .bool(isFinal),
            ]
        ).scalar("state")
    }

    /// Whether there are hooks at all.
    ///
    /// - Throws: ``StoreError`` when the database cannot be reached.
    package func hasHooks() async throws(StoreError) -> Bool {
        try await database.onShared("SELECT EXISTS (SELECT FROM agentctl.hook_state) AS found").scalar("found")
    }

    /// Deletes deliveries that were made or given up long ago.
    ///
    /// - Throws: ``StoreError`` when the database cannot be reached.
    package func sweepDeliveries() async throws(StoreError) {
        _ = try await database.onLeased("SELECT agentctl.sweep_deliveries()")
    }
}
