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
                return try await client.withTransaction { connection in
                    try await takeTurn(on: connection)
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
            } catch is AnotherMigrates {
                try await letAnotherMigrate(&wait)
            } catch let error as PostgresError where Self.isWorthRepeating(error) {
                attempt += 1
                guard attempt < patience.attempts else { throw Self.blocked(name, by: sessions.withLock { $0 }) }
                try await Task.sleep(for: patience.pause)
            }
        }
    }

    /// Runs `body` outside a transaction, one migrating program at a time, for statements that can be in none.
    ///
    /// A transaction on another connection holds the lock. It has no snapshot, which `CREATE INDEX CONCURRENTLY` would wait
    /// for.
    package func session<Result: Sendable>(
        _ name: String,
        _ body: (PostgresConnection) async throws -> Result
    ) async throws -> Result {
        var wait = ReportedWait(name: name)
        while true {
            do {
                return try await client.withTransaction { holder in
                    try await takeTurn(on: holder)
                    try await holder.executeScript("SET LOCAL idle_in_transaction_session_timeout = 0")
                    return try await client.withConnection { connection in
                        try await reportingWaits(of: connection, for: name) { try await body(connection) }
                    }
                }
            } catch is AnotherMigrates {
                try await letAnotherMigrate(&wait)
            }
        }
    }

    /// Thrown when another program has its turn.
    private struct AnotherMigrates: Error {}

    /// Takes the lock of all programs that migrate a database, until the transaction ends.
    ///
    /// It is a lock on the table that records what was applied: nobody takes it who has no rights, unlike an advisory lock.
    /// They poll it rather than wait in a statement, as `CREATE INDEX CONCURRENTLY` in another program could wait for that.
    ///
    /// - Throws: ``AnotherMigrates`` when another program has it.
    private func takeTurn(on connection: PostgresConnection) async throws {
        let rows = try await connection.query("SELECT to_regclass('agentctl.migration') IS NULL AS is_new")
        // Of two that begin at once in a database without the schema, one finds it made by the other.
        guard try rows.first?.decode("is_new", as: Bool.self) == false else { return }
        do {
            try await connection.executeScript("LOCK TABLE agentctl.migration IN SHARE UPDATE EXCLUSIVE MODE NOWAIT")
        } catch  where error.sqlState == "55P03" {
            throw AnotherMigrates()
        }
    }

    private func letAnotherMigrate(_ wait: inout ReportedWait) async throws {
        try await Task.sleep(for: .milliseconds(100))
        guard wait.isDue(every: patience.reportAfter) else { return }
        let sessions = try await BlockingSession.all(
            """
            SELECT l.pid FROM pg_locks AS l
            WHERE l.locktype = 'relation' AND l.granted AND l.relation = to_regclass('agentctl.migration')
              AND l.database = (SELECT d.oid FROM pg_database AS d WHERE d.datname = current_database())
              AND l.mode IN ('ShareUpdateExclusiveLock', 'ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock',
                             'AccessExclusiveLock')
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

    /// Whether a lock was not granted in time, or would never have been, or another program made the schema meanwhile.
    static func isWorthRepeating(_ error: PostgresError) -> Bool {
        switch error.sqlState {
        case "55P03", "40P01", "42P06", "42P07": true
        case "23505": error.constraint?.hasPrefix("pg_") == true
        default: false
        }
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
