import Postgres

/// What the server has counted so far.
struct DatabaseCounters: Sendable {
    /// Transactions that were committed in the database.
    let commits: Double
    /// Times that the log was flushed to disk; one flush may serve many commits.
    let flushes: Double
    /// Bytes written to the log.
    let bytes: Double

    /// Reads the counters; connections report when they end, so their programs must have ended before.
    init(_ client: PostgresClient) async throws {
        let others: PostgresStatement = """
            SELECT FROM pg_stat_activity
            WHERE datname = current_database() AND backend_type = 'client backend' AND application_name <> $1
            """
        while try await !client.query(others, [.text(BenchmarkDatabase.applicationName)]).isEmpty {
            try await Task.sleep(for: .milliseconds(10))
        }
        try await client.query("SELECT pg_stat_force_next_flush()")
        let rows = try await client.query(
            """
            SELECT d.xact_commit::double precision AS commits, w.wal_sync::double precision AS flushes,
                   w.wal_bytes::double precision AS bytes
            FROM pg_stat_database AS d, pg_stat_wal AS w WHERE d.datname = current_database()
            """
        )
        guard let row = rows.first else { throw BenchmarkError("the server counts nothing") }
        commits = try row.decode("commits")
        flushes = try row.decode("flushes")
        bytes = try row.decode("bytes")
    }
}
