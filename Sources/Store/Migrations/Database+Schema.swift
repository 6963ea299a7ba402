import Definitions
internal import JSON
internal import Postgres

extension Database {
    /// Checks that the database has the schema of this release.
    ///
    /// - Throws: As ``Stores/requireSchema()``.
    func requireSchema() async throws(StoreError) {
        let schema = Schema.embedded
        let report: JSONValue
        do throws(StoreError) {
            report = try await onShared(
                Self.comparison,
                [
                    .textArray(schema.files.map(\.name)), .textArray(schema.upgrades.map(\.name)),
                    .text(MigrationRecord.fingerprintName),
                ]
            ).scalar("report")
        } catch {
            // A user without the right to read it gets the error of the statement that follows.
            if error.code == .notPermitted { return }
            throw error
        }
        func names(_ member: String) -> [String] { report[member]?.arrayValue?.compactMap(\.stringValue) ?? [] }
        let (missing, unknown) = (names("missing"), names("unknown"))
        let newer = unknown.filter { $0.hasPrefix("tables/") }
        if let release = names("releases").first(where: Release.isNewer) ?? newer.first {
            throw StoreError(
                .refused,
                newer.isEmpty
                    ? "the database has the schema of the release \(release), and this one is \(Release.current)"
                    : "the database has \(newer[0]), which this release (\(Release.current)) does not know",
                hint: "Use the newer release of agentctl."
            )
        }
        guard report["fingerprint"]?.stringValue == schema.fingerprint, missing.isEmpty, unknown.isEmpty else {
            throw StoreError(
                .notMigrated,
                "the database does not have the schema of this release (\(Release.current))"
                    + (missing.first.map { ": \($0) is to be applied" } ?? ""),
                hint: "Run: agentctl init-db"
            )
        }
    }

    private static let comparison: PostgresStatement = """
        SELECT jsonb_build_object(
            'fingerprint', (SELECT m.checksum FROM agentctl.migration AS m WHERE m.name = $3),
            'missing', ARRAY(
                SELECT f.name FROM unnest($1::text[]) AS f (name)
                WHERE NOT EXISTS (SELECT FROM agentctl.migration AS m WHERE m.name = f.name)),
            'unknown', ARRAY(
                SELECT m.name FROM agentctl.migration AS m
                WHERE m.name <> $3 AND NOT EXISTS (
                    SELECT FROM unnest($1::text[] || $2::text[]) AS f (name) WHERE f.name = m.name)),
            'releases', ARRAY(SELECT DISTINCT m.release FROM agentctl.migration AS m)) AS report
        """
}
