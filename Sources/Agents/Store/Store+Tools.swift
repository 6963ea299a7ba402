internal import IO

extension Store {
    /// The tools in force with their whole definitions, by name.
    ///
    /// - Throws: ``StoreError`` when the database cannot be asked.
    public func toolDefinitions() async throws(StoreError) -> [Definition] {
        let rows = try await read(
            """
            SELECT v.name, v.version, v.id AS version_id, v.document
            FROM agentctl.definition AS d
            JOIN agentctl.definition_version AS v
                ON v.kind = d.kind AND v.name = d.name AND v.version = d.current_version
            WHERE d.kind = 'tool' ORDER BY v.name
            """,
            []
        )
        return try decode(rows) { row throws(PostgresError) in
            Definition(
                kind: "tool",
                name: try row.decode("name"),
                version: try row.decode("version"),
                versionID: try row.decode("version_id"),
                document: try row.decode("document")
            )
        }
    }
}
