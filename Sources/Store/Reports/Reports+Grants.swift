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

    /// Which roles may read which conversations: rows of the view `agentctl.conversation_grants`, by conversation and role.
    ///
    /// - Parameter conversation: Only of this one; nil for all that the user may see.
    /// - Throws: ``StoreError/Code/notFound`` for a conversation that the user may not read.
    package func conversationGrants(of conversation: String?) async throws(StoreError) -> [JSONObject] {
        guard let conversation else {
            return try await database.objects(
                """
                SELECT row_to_json(g) AS row FROM agentctl.conversation_grants AS g
                ORDER BY g.conversation_id, g.role COLLATE "C"
                """
            )
        }
        return try await database.objects(
            """
            SELECT row_to_json(g) AS row
            FROM agentctl.conversation_position($1) AS p
            JOIN agentctl.conversation_grants AS g ON g.conversation_id = p.conversation_id
            ORDER BY g.role COLLATE "C"
            """,
            [.text(conversation)]
        )
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
