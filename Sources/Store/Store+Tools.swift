package import Definitions
internal import Postgres

extension Store {
    /// The tools in force, and the functions that pipelines may call, with their whole definitions, by name.
    ///
    /// - Throws: ``StoreError`` when the database cannot be asked.
    package func toolDefinitions() async throws(StoreError) -> [Definition] {
        let rows = try await read(
            """
            SELECT v.kind, v.name, v.version, v.id AS version_id, v.document
            FROM agentctl.definition AS d
            JOIN agentctl.definition_version AS v
                ON v.kind = d.kind AND v.name = d.name AND v.version = d.current_version
            WHERE d.kind IN ('tool', 'function') ORDER BY v.name, v.kind
            """,
            []
        )
        return try decode(rows) { row throws(PostgresError) in
            Definition(
                kind: try row.decode("kind"),
                name: try row.decode("name"),
                version: try row.decode("version"),
                versionID: try row.decode("version_id"),
                document: try row.decode("document")
            )
        }
    }
}
