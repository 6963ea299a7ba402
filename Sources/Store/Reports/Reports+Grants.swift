package import JSON
internal import Postgres

extension Reports {
    /// Who may use which agents, chains and functions, by kind and name.
    ///
    /// - Parameter name: Only of this name; nil for all.
    /// - Returns: For readers rows of the view `agentctl.grants`; for others those of `agentctl.usable`, what they may use.
    /// - Throws: ``StoreError`` when the database cannot be asked.
    package func grantReport(name: String?) async throws(StoreError) -> [JSONObject] {
        let statement: PostgresStatement =
            try await readsAll()
            ? """
            SELECT row_to_json(r) AS row FROM agentctl.grants AS r
            WHERE $1::text IS NULL OR r.name = $1 ORDER BY r.kind, r.name, r.role
            """
            : """
            SELECT row_to_json(r) AS row
            FROM (
                SELECT u.kind, u.name, u.access, u.version, u.description FROM agentctl.usable AS u
                WHERE $1::text IS NULL OR u.name = $1 ORDER BY u.kind, u.name
            ) AS r
            """
        return try await database.objects(statement, [.optional(name)])
    }

    /// What the user may use of a kind, by name: `name`, `version`, `description`, `capabilities` and `access`.
    func usableReport(_ kind: String) async throws(StoreError) -> [JSONObject] {
        try await database.objects(
            """
            SELECT row_to_json(r) AS row
            FROM (
                SELECT u.name, u.version, u.description, u.capabilities, u.access FROM agentctl.usable AS u
                WHERE u.kind = $1 ORDER BY u.name
            ) AS r
            """,
            [.text(kind)]
        )
    }
}
