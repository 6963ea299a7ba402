import Definitions
internal import Postgres

internal import struct FoundationEssentials.Date

/// The rows of `agentctl.migration`: what has been applied to a database.
struct MigrationRecord {
    package struct Entry {
        package let name: String
        let checksum: String
        package let release: String
        package let appliedAt: Date

        /// Whether the layout before folders made it: `0001_definitions.sql`.
        var isOfFirstLayout: Bool { !name.contains("/") }
    }

    package let entries: [String: Entry]
    /// The checksums of the files of this release, by name.
    let checksums: [String: String]

    /// Reads the record on a connection; nothing is applied where there is no record.
    ///
    /// - Parameters:
    ///   - connection: An open connection.
    ///   - schema: The schema of this release.
    /// - Throws: ``PostgresError``.
    init(on connection: PostgresConnection, of schema: Schema) async throws(PostgresError) {
        let files = schema.files + schema.upgrades
        let sums = try await connection.query(
            """
            SELECT f.name, encode(sha256(convert_to(f.text, 'UTF8')), 'hex') AS checksum
            FROM unnest($1::text[], $2::text[]) AS f (name, text)
            """,
            [.textArray(files.map(\.name)), .textArray(files.map(\.text))]
        )
        var checksums: [String: String] = [:]
        for row in sums { checksums[try row.decode("name")] = try row.decode("checksum", as: String.self) }
        self.checksums = checksums
        var entries: [String: Entry] = [:]
        let isThere = try await connection.query("SELECT to_regclass('agentctl.migration') IS NOT NULL AS found")
        if try isThere.first?.decode("found", as: Bool.self) == true {
            let rows = try await connection.query(
                "SELECT name, checksum, release, applied_at FROM agentctl.migration WHERE name <> $1",
                [.text(Self.fingerprintName)]
            )
            for row in rows {
                let entry = Entry(
                    name: try row.decode("name"),
                    checksum: try row.decode("checksum"),
                    release: try row.decode("release"),
                    appliedAt: try row.decode("applied_at")
                )
                entries[entry.name] = entry
            }
        }
        self.entries = entries
    }

    /// Whether the database was made by the 15 files that came before this layout.
    var isOfFirstLayout: Bool { entries.values.contains(where: \.isOfFirstLayout) }

    /// Whether the file was applied as it is.
    package func isCurrent(_ file: SchemaFile) -> Bool {
        entries[file.name]?.checksum == checksums[file.name]
    }

    /// Rows, routines and views that a release before this one had.
    func obsolete(in schema: Schema) -> [SchemaFile] {
        let known = Set(schema.files.map(\.name))
        return entries.keys.filter { !known.contains($0) }.sorted()
            .compactMap { SchemaFile(name: $0, text: "") }
            .filter { [.rows, .routines, .views].contains($0.kind) }
    }

    /// How each file stands, in the order in which they are applied.
    package func status(of schema: Schema) -> [MigrationStatus] {
        let upgrade = isOfFirstLayout ? schema.upgrades.last : nil
        let upgrades = schema.upgrades.filter { $0 == upgrade || entries[$0.name] != nil }
        var result = upgrades.map { status(of: $0) }
        // What an upgrade stands for is not applied by itself.
        let covered = schema.tables.filter { ($0.number ?? 0) <= upgrade?.reaches ?? 0 }
        result += schema.files.filter { !covered.contains($0) }.map { status(of: $0) }
        let obsolete = obsolete(in: schema)
        result += obsolete.map {
            MigrationStatus(name: $0.name, state: .obsolete, appliedAt: entries[$0.name]?.appliedAt)
        }
        var seen = Set(result.map(\.name))
        if upgrade != nil { seen.formUnion(entries.keys.filter { !$0.contains("/") }) }
        for entry in entries.values.sorted(by: { $0.name < $1.name }) {
            if !seen.contains(entry.name) || Release.isNewer(entry.release) {
                result.removeAll { $0.name == entry.name }
                result.append(MigrationStatus(name: entry.name, state: .unknown, appliedAt: entry.appliedAt))
            }
        }
        return result
    }

    private func status(of file: SchemaFile) -> MigrationStatus {
        guard let entry = entries[file.name] else { return MigrationStatus(name: file.name, state: .pending) }
        let state: MigrationStatus.State =
            switch file.kind {
            case .upgrades: .applied
            case _ where isCurrent(file): .applied
            case .tables: .edited
            case .rows, .routines, .views: .changed
            }
        return MigrationStatus(name: file.name, state: state, appliedAt: entry.appliedAt)
    }

    /// Stores that files have been applied.
    package static func store(_ files: [SchemaFile], on connection: PostgresConnection) async throws(PostgresError) {
        _ = try await connection.query(
            """
            INSERT INTO agentctl.migration AS m (name, checksum, release)
            SELECT f.name, encode(sha256(convert_to(f.text, 'UTF8')), 'hex'), $3
            FROM unnest($1::text[], $2::text[]) AS f (name, text)
            ON CONFLICT (name) DO UPDATE
            SET checksum = excluded.checksum, release = excluded.release, applied_at = clock_timestamp()
            """,
            [.textArray(files.map(\.name)), .textArray(files.map(\.text)), .text(Release.current)]
        )
    }

    /// The row that stands for the whole schema: a program that starts compares it with its own.
    static let fingerprintName = "schema/fingerprint"

    /// Stores that the database has the schema of this release, all of it.
    static func storeFingerprint(of schema: Schema, on connection: PostgresConnection) async throws(PostgresError) {
        _ = try await connection.query(
            """
            INSERT INTO agentctl.migration AS m (name, checksum, release) VALUES ($1, $2, $3)
            ON CONFLICT (name) DO UPDATE
            SET checksum = excluded.checksum, release = excluded.release, applied_at = clock_timestamp()
            WHERE m.checksum <> excluded.checksum
            """,
            [.text(fingerprintName), .text(schema.fingerprint), .text(Release.current)]
        )
    }

    /// Removes what is no longer there.
    package static func remove(_ names: [String], on connection: PostgresConnection) async throws(PostgresError) {
        _ = try await connection.query(
            "DELETE FROM agentctl.migration WHERE name = ANY ($1::text[])",
            [.textArray(names)]
        )
    }

    /// The schema with this record in it; safe to run again.
    static let bootstrap = """
        CREATE SCHEMA IF NOT EXISTS agentctl;
        COMMENT ON SCHEMA agentctl IS 'agentctl: agents as rows. See the comments of its views and functions.';
        CREATE TABLE IF NOT EXISTS agentctl.migration (
            name text COLLATE "C" PRIMARY KEY,
            checksum text NOT NULL,
            release text NOT NULL,
            applied_at timestamptz NOT NULL DEFAULT clock_timestamp()
        );
        COMMENT ON TABLE agentctl.migration IS 'The files that made this schema.';
        COMMENT ON COLUMN agentctl.migration.name IS 'Path of the file below migrations.';
        COMMENT ON COLUMN agentctl.migration.checksum IS 'SHA-256 of its text, in hex; of schema/fingerprint a digest of all of them.';
        COMMENT ON COLUMN agentctl.migration.release IS 'Release of agentctl that applied it.';
        COMMENT ON COLUMN agentctl.migration.applied_at IS 'When it was last applied.';
        """
}
