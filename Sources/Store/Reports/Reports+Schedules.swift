package import JSON
internal import Postgres

extension Reports {
    /// The schedules in force, by name.
    ///
    /// - Returns: Rows of the view `agentctl.schedules`, each with what it sends to as `target`.
    /// - Throws: ``StoreError`` when the database cannot be asked.
    package func scheduleReport() async throws(StoreError) -> [JSONObject] {
        try await database.objects(
            """
            SELECT row_to_json(r) AS row
            FROM (
                SELECT s.*, CASE WHEN s.task IS NOT NULL THEN 'task' || coalesce(' for ' || (s.task ->> 'agent'), '')
                                 ELSE coalesce(s.agent, s.chain, 'best agent') END AS target
                FROM agentctl.schedules AS s ORDER BY s.name
            ) AS r
            """
        )
    }

    /// What became of the times at which schedules were due, the latest first.
    ///
    /// - Parameters:
    ///   - name: The schedule; nil for all.
    ///   - limit: How many at most.
    /// - Returns: Rows of the view `agentctl.schedule_runs`, each with its turn (`CONVERSATION/SEQ`).
    /// - Throws: ``StoreError`` when the database cannot be asked.
    package func scheduleRuns(_ name: String?, limit: Int) async throws(StoreError) -> [JSONObject] {
        try await database.objects(
            """
            SELECT row_to_json(r) AS row
            FROM (
                SELECT s.*, s.conversation_id || '/' || s.seq AS turn FROM agentctl.schedule_runs AS s
                WHERE $1::text IS NULL OR s.schedule = $1
                ORDER BY s.due_at DESC, s.schedule LIMIT $2
            ) AS r
            """,
            [.optional(name), .integer(Int64(limit))]
        )
    }

    /// The next times at which a schedule is due.
    ///
    /// - Returns: Objects `due_at`, `local_time` (by the clocks of its time zone).
    /// - Throws: ``StoreError/Code/notFound`` when there is no such schedule.
    package func scheduleTimes(_ name: String, count: Int) async throws(StoreError) -> [JSONObject] {
        try await database.objects(
            "SELECT row_to_json(t) AS row FROM agentctl.schedule_times($1, $2::integer) AS t",
            [.text(name), .integer(Int64(count))]
        )
    }
}
