package import JSON
internal import Postgres

extension Reports {
    /// The versions of a definition, the newest first.
    ///
    /// - Parameters:
    ///   - kind: The kind, as documents name it.
    ///   - name: The name.
    /// - Returns: One object each: `version`, `in_force`, `content_hash`, `created_at`, `created_by`, `version_id`; of agents,
    ///   chains, models, tools and functions the results of their turns or calls, as `calls`, `ok`, `p50_ms` and `last_at`,
    ///   which are null for other kinds. Empty when there is no such definition.
    /// - Throws: ``StoreError`` when the database cannot be asked.
    package func definitionHistory(kind: String, name: String) async throws(StoreError) -> [JSONObject] {
        try await database.objects(
            "SELECT row_to_json(r) AS row FROM agentctl.definition_history($1, $2) AS r",
            [.text(kind), .text(name)]
        )
    }
}
