package import JSON
internal import Postgres

extension Reports {
    /// The workers, those that live first.
    ///
    /// - Parameter all: Also those that have stopped or were lost within the last day.
    /// - Returns: Rows of the view `agentctl.worker_status`.
    /// - Throws: ``StoreError`` when the database cannot be asked.
    package func workerReport(all: Bool) async throws(StoreError) -> [JSONObject] {
        try await database.objects(
            """
            SELECT row_to_json(w) AS row FROM agentctl.worker_status AS w
            WHERE $1 OR w.state IN ('active', 'draining') OR w.running > 0
            ORDER BY w.state NOT IN ('active', 'draining'), w.started_at DESC, w.worker_id
            """,
            [.bool(all)]
        )
    }

    /// The endpoints in force and the servers of models at which calls have failed, those first that are not asked.
    ///
    /// - Returns: Rows of `agentctl.endpoints`.
    /// - Throws: ``StoreError`` when the database cannot be asked.
    package func endpointReport() async throws(StoreError) -> [JSONObject] {
        try await database.objects(
            "SELECT row_to_json(e) AS row FROM agentctl.endpoints AS e ORDER BY e.state = 'closed', e.endpoint"
        )
    }

    /// What waits that no live worker serves, by queue and needs, and why.
    ///
    /// - Returns: Rows of `agentctl.unserved_work()`.
    /// - Throws: ``StoreError`` when the database cannot be asked, or the user may not see what others do.
    package func unservedReport() async throws(StoreError) -> [JSONObject] {
        try await database.objects("SELECT row_to_json(w) AS row FROM agentctl.unserved_work() AS w", [])
    }
}
