public import Postgres

internal import struct FoundationEssentials.Date

/// Brings the schema `agentctl` to this release.
///
/// Each migration runs in a transaction of its own, which holds an advisory lock: two programs that migrate at once take
/// turns, and the second finds nothing left to do. The server computes the checksum of each file, and a file that
/// was edited after it had been applied is refused by name.
public struct Migrator: Sendable {
    private let client: PostgresClient
    private let migrations: [Migration]

    /// A migrator.
    ///
    /// - Parameters:
    ///   - client: An open client, as a user who may create schemas.
    ///   - migrations: The migrations in order of number.
    public init(client: PostgresClient, migrations: [Migration] = Migration.embedded) {
        self.client = client
        self.migrations = migrations
    }

    /// How each migration stands.
    ///
    /// - Returns: One entry a migration, in order of name.
    /// - Throws: ``StoreError`` when the database cannot be asked.
    public func status() async throws(StoreError) -> [MigrationStatus] {
        let applied = try await applied()
        var result: [MigrationStatus] = []
        for migration in migrations {
            guard let row = applied[migration.name] else {
                result.append(MigrationStatus(name: migration.name, state: .pending))
                continue
            }
            let isSame = try await checksum(of: migration) == row.checksum
            result.append(
                MigrationStatus(name: migration.name, state: isSame ? .applied : .edited, appliedAt: row.appliedAt)
            )
        }
        let known = Set(migrations.map(\.name))
        for (name, row) in applied where !known.contains(name) {
            result.append(MigrationStatus(name: name, state: .unknown, appliedAt: row.appliedAt))
        }
        return result.sorted { $0.name < $1.name }
    }

    /// Applies what is pending.
    ///
    /// - Parameter progress: Called after each migration with its name and how long it took.
    /// - Returns: The names of the migrations that this call applied.
    /// - Throws: ``StoreError/Code/refused`` when an applied file was edited or a newer release has been here;
    ///   ``StoreError`` otherwise. Migrations applied before the failing one stay applied.
    public func migrate(progress: (String, Duration) -> Void = { _, _ in }) async throws -> [String] {
        try await client.withTransaction { connection in
            try await lock(connection)
            try await connection.executeScript(Self.bootstrap)
        }
        let status = try await status()
        if let wrong = status.first(where: { $0.state == .edited }) {
            throw StoreError(
                .refused,
                "\(wrong.name) was edited after it had been applied",
                hint: "Restore the file as it was, and put the change into a new migration."
            )
        }
        if let newer = status.first(where: { $0.state == .unknown }) {
            throw StoreError(
                .refused,
                "the database has \(newer.name), which this release (\(Release.current)) does not know",
                hint: "Use the newer release of agentctl."
            )
        }
        var done: [String] = []
        for migration in migrations where try await apply(migration, progress: progress) {
            done.append(migration.name)
        }
        return done
    }

    private func apply(_ migration: Migration, progress: (String, Duration) -> Void) async throws -> Bool {
        let start = ContinuousClock.now
        let isNew = try await client.withTransaction { connection in
            try await lock(connection)
            let known = try await connection.query(
                "SELECT name FROM agentctl.migration WHERE name = $1",
                [.text(migration.name)]
            )
            guard known.isEmpty else { return false }
            do {
                try await connection.executeScript(migration.text)
            } catch let error as PostgresError {
                throw StoreError(
                    .database,
                    "\(migration.name) failed: \(error.message)",
                    hint: error.hint,
                    underlying: error
                )
            }
            _ = try await connection.query(
                """
                INSERT INTO agentctl.migration (name, checksum, release)
                VALUES ($1, encode(sha256(convert_to($2, 'UTF8')), 'hex'), $3)
                """,
                [.text(migration.name), .text(migration.text), .text(Release.current)]
            )
            return true
        }
        if isNew { progress(migration.name, start.duration(to: .now)) }
        return isNew
    }

    private func lock(_ connection: PostgresConnection) async throws {
        _ = try await connection.query("SELECT pg_advisory_xact_lock(hashtextextended('agentctl.migrate', 0))")
    }

    private func checksum(of migration: Migration) async throws(StoreError) -> String {
        let store = Store(client: client)
        return try store.scalar(
            try await store.read(
                "SELECT encode(sha256(convert_to($1, 'UTF8')), 'hex') AS checksum",
                [.text(migration.text)]
            ),
            "checksum"
        )
    }

    private func applied() async throws(StoreError) -> [String: Applied] {
        let store = Store(client: client)
        let exists: Bool = try store.scalar(
            try await store.read("SELECT to_regclass('agentctl.migration') IS NOT NULL AS found"),
            "found"
        )
        guard exists else { return [:] }
        let rows = try await store.read("SELECT name, checksum, applied_at FROM agentctl.migration")
        let pairs = try store.decode(rows) { row throws(PostgresError) in
            (
                try row.decode("name", as: String.self),
                Applied(checksum: try row.decode("checksum"), appliedAt: try row.decode("applied_at"))
            )
        }
        return Dictionary(pairs, uniquingKeysWith: { first, _ in first })
    }

    private struct Applied {
        let checksum: String
        let appliedAt: Date
    }

    private static let bootstrap = """
        CREATE SCHEMA IF NOT EXISTS agentctl;
        COMMENT ON SCHEMA agentctl IS 'agentctl: agents as rows. See the comments of its views and functions.';
        CREATE TABLE IF NOT EXISTS agentctl.migration (
            name text COLLATE "C" PRIMARY KEY,
            checksum text NOT NULL,
            release text NOT NULL,
            applied_at timestamptz NOT NULL DEFAULT clock_timestamp()
        );
        COMMENT ON TABLE agentctl.migration IS 'The migrations that made this schema.';
        COMMENT ON COLUMN agentctl.migration.name IS 'Name of the file.';
        COMMENT ON COLUMN agentctl.migration.checksum IS 'SHA-256 of its text, in hex.';
        COMMENT ON COLUMN agentctl.migration.release IS 'Release of agentctl that applied it.';
        COMMENT ON COLUMN agentctl.migration.applied_at IS 'When it was applied.';
        """
}
