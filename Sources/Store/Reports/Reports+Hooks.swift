package import JSON
internal import Postgres

extension Reports {
    /// The hooks in force, by name.
    ///
    /// - Returns: Rows of the view `agentctl.hooks`, each with its numbers of `pending` and `dead` deliveries.
    /// - Throws: ``StoreError`` when the database cannot be asked.
    package func hookReport() async throws(StoreError) -> [JSONObject] {
        try await database.objects(
            """
            SELECT row_to_json(r) AS row
            FROM (
                SELECT h.*, coalesce(d.pending, 0) AS pending, coalesce(d.dead, 0) AS dead
                FROM agentctl.hooks AS h
                LEFT JOIN (
                    SELECT d.hook, count(*) FILTER (WHERE d.state = 'pending') AS pending,
                           count(*) FILTER (WHERE d.state = 'dead') AS dead
                    FROM agentctl.hook_deliveries AS d GROUP BY d.hook
                ) AS d ON d.hook = h.name
                ORDER BY h.name
            ) AS r
            """
        )
    }

    /// Deliveries of hooks, the latest first.
    ///
    /// - Parameters:
    ///   - hook: The hook; nil for all.
    ///   - state: `pending`, `delivered` or `dead`; nil for all.
    ///   - limit: How many at most.
    /// - Returns: Rows of the view `agentctl.hook_deliveries`, each with the turn or task that it is about.
    /// - Throws: ``StoreError`` when the database cannot be asked.
    package func deliveryReport(hook: String?, state: String?, limit: Int) async throws(StoreError) -> [JSONObject] {
        try await database.objects(
            """
            SELECT row_to_json(r) AS row
            FROM (
                SELECT d.*, coalesce(d.body #>> '{data,conversation}' || '/' || (d.body #>> '{data,seq}'),
                    'task ' || (d.body #>> '{data,task}')) AS about
                FROM agentctl.hook_deliveries AS d
                WHERE ($1::text IS NULL OR d.hook = $1) AND ($2::text IS NULL OR d.state = $2)
                ORDER BY d.id DESC LIMIT $3
            ) AS r
            """,
            [.optional(hook), .optional(state), .integer(Int64(limit))]
        )
    }

    /// The hooks that did not reach their receivers: with the next attempt to come, or given up within the last day.
    ///
    /// - Returns: `hook`, `failing` (how many deliveries) and the last one's `error_message`, by name of the hook.
    /// - Throws: ``StoreError`` when the database cannot be asked.
    package func failingHookReport() async throws(StoreError) -> [JSONObject] {
        try await database.objects(
            """
            SELECT row_to_json(r) AS row
            FROM (
                SELECT d.hook, count(*) AS failing,
                       (array_agg(d.error_message ORDER BY d.id DESC))[1] AS error_message
                FROM agentctl.hook_deliveries AS d
                WHERE d.state = 'pending' AND d.error_message IS NOT NULL
                   OR d.state = 'dead' AND d.finished_at > now() - interval '1 day'
                GROUP BY d.hook ORDER BY d.hook
            ) AS r
            """
        )
    }
}
