internal import JSON
internal import Postgres

extension WorkStore {
    /// Begins the runs of schedules that are due, each once, whichever worker asks.
    ///
    /// - Returns: How many runs were begun, and after how long the next is due; nil for never. Zero or less: more is due,
    ///   or another session holds what is.
    /// - Throws: ``StoreError`` when the database cannot be reached; calling again is safe.
    package func runSchedules() async throws(StoreError) -> (begun: Int, wait: Duration?) {
        let rows = try await database.onLeased("SELECT begun, wait FROM agentctl.run_schedules()")
        return try rows.only { row throws(PostgresError) in
            let wait: Double? = try row.decode("wait")
            // Years are too long for some clocks.
            return (try row.decode("begun"), wait.map { Duration(boundedSeconds: min($0, 86_400)) })
        }
    }
}
