import Conversation
package import Postgres
internal import Synchronization

/// How a migration takes locks: it waits briefly, steps back so that those behind it go on, and tries again.
///
/// A statement that waits for a lock makes everybody wait who comes after it, so an `ALTER TABLE` behind one long query
/// would stop all work on the table.
package struct MigrationLocks {
    package let client: PostgresClient
    package let patience: MigrationPatience
    package let progress: @Sendable (MigrationProgress) -> Void

    /// Runs `body` in a transaction with a `lock_timeout`, one migrating program at a time, as often as patience allows.
    ///
    /// - Parameters:
    ///   - name: What is applied, for reports.
    ///   - body: What happens in the transaction; run again after a lock was not granted.
    /// - Returns: What `body` returns.
    /// - Throws: ``StoreError/Code/unavailable``, naming the sessions in the way, when patience ends; what `body` throws.
    package func transaction<Result: Sendable>(
        _ name: String,
        _ body: (PostgresConnection) async throws -> Result
    ) async throws -> Result {
        var attempt = 0
        var wait = ReportedWait(name: name)
        while true {
            let sessions = Mutex<[BlockingSession]>([])
            do {
                let result: Result? = try await client.withTransaction { connection in
                    guard try await turn("pg_try_advisory_xact_lock", on: connection) else { return nil }
                    return try await reportingWaits(
                        of: connection,
                        for: name,
                        last: { found in sessions.withLock { $0 = found } }
                    ) {
                        _ = try await connection.query(
                            "SELECT set_config('lock_timeout', $1, true)",
                            [.text("\(patience.lockTimeout.milliseconds)ms")]
                        )
                        return try await body(connection)
                    }
                }
                if let result { return result }
                try await letAnotherMigrate(&wait)
            } catch let error as PostgresError where Self.isWorthRepeating(error) {
                attempt += 1
                guard attempt < patience.attempts else { throw Self.blocked(name, by: sessions.withLock { $0 }) }
                try await Task.sleep(for: patience.pause)
            }
        }
    }

    /// Runs `body` outside a transaction, one migrating program at a time, for statements that can be in none.
    package func session<Result: Sendable>(
        _ name: String,
        _ body: (PostgresConnection) async throws -> Result
    ) async throws -> Result {
        try await client.withConnection { connection in
            var wait = ReportedWait(name: name)
            while try await !turn("pg_try_advisory_lock", on: connection) { try await letAnotherMigrate(&wait) }
            let result: Swift.Result<Result, any Error>
            do {
                result = .success(try await reportingWaits(of: connection, for: name) { try await body(connection) })
            } catch {
                result = .failure(error)
            }
            _ = try await connection.query(PostgresStatement("SELECT pg_advisory_unlock(\(Self.key))"))
            return try result.get()
        }
    }

    /// The advisory lock of all programs that migrate a database.
    ///
    /// They poll it rather than wait in a statement: a waiting statement has a snapshot, and `CREATE INDEX CONCURRENTLY`
    /// waits for all snapshots that are older than its own.
    private static let key = "hashtextextended('agentctl.migrate', 0)"

    private func turn(_ function: String, on connection: PostgresConnection) async throws -> Bool {
        let rows = try await connection.query(PostgresStatement("SELECT \(function)(\(Self.key)) AS is_ours"))
        return try rows.first?.decode("is_ours", as: Bool.self) ?? false
    }

    private func letAnotherMigrate(_ wait: inout ReportedWait) async throws {
        try await Task.sleep(for: .milliseconds(100))
        guard wait.isDue(every: patience.reportAfter) else { return }
        let sessions = try await BlockingSession.all(
            """
            SELECT l.pid FROM pg_locks AS l
            WHERE l.locktype = 'advisory' AND l.granted
              AND l.database = (SELECT d.oid FROM pg_database AS d WHERE d.datname = current_database())
              AND l.classid = (\(Self.key) >> 32 & 4294967295)::oid AND l.objid = (\(Self.key) & 4294967295)::oid
            """,
            on: client
        )
        if !sessions.isEmpty { progress(.waiting(name: wait.name, sessions: sessions)) }
    }

    /// When a wait was last reported.
    private struct ReportedWait {
        let name: String
        private var last = ContinuousClock.now

        init(name: String) {
            self.name = name
        }

        mutating func isDue(every pause: Duration) -> Bool {
            guard last.duration(to: .now) >= pause else { return false }
            last = .now
            return true
        }
    }

    /// Runs `body`, and reports every while which sessions a connection waits for.
    func reportingWaits<Result: Sendable>(
        of connection: PostgresConnection,
        for name: String,
        last: @escaping @Sendable ([BlockingSession]) -> Void = { _ in },
        _ body: () async throws -> Result
    ) async throws -> Result {
        let rows = try await connection.query("SELECT pg_backend_pid() AS pid")
        let processID = try rows.first?.decode("pid", as: Int64.self) ?? 0
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                while true {
                    try await Task.sleep(for: patience.reportAfter)
                    let sessions = try await BlockingSession.all(
                        "SELECT unnest(pg_blocking_pids($1::integer)) AS pid",
                        [.integer(processID)],
                        on: client
                    )
                    guard !sessions.isEmpty else { continue }
                    last(sessions)
                    progress(.waiting(name: name, sessions: sessions))
                }
            }
            defer { group.cancelAll() }
            return try await body()
        }
    }

    /// Whether a lock was not granted in time, or would never have been.
    static func isWorthRepeating(_ error: PostgresError) -> Bool {
        error.sqlState == "55P03" || error.sqlState == "40P01"
    }

    private static func blocked(_ name: String, by sessions: [BlockingSession]) -> StoreError {
        let others = sessions.isEmpty ? "another session" : sessions.map(\.description).joined(separator: "; ")
        return StoreError(
            .unavailable,
            "\(name) could not lock what it changes: in the way is \(others)",
            hint: "Run agentctl init-db again when that session has ended its transaction."
        )
    }
}
