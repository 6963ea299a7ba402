package import JSON
internal import Postgres

extension Store {
    /// The stored functions in force, by name.
    ///
    /// - Throws: ``StoreError`` when the database cannot be asked.
    package func functionReport() async throws(StoreError) -> [JSONObject] {
        try await report(
            """
            SELECT row_to_json(r) AS row
            FROM (
                SELECT name, version, description, language, effect, is_async, requires_context, safe_mode, workspace,
                       timeout, memory_limit, jsonb_array_length(coalesce(examples, '[]')) AS examples, created_at,
                       created_by
                FROM agentctl.functions ORDER BY name
            ) AS r
            """
        )
    }

    /// The versions of a function with what became of their calls, the newest first.
    ///
    /// - Parameter name: The function's name.
    /// - Throws: ``StoreError`` when the database cannot be asked.
    package func functionHistory(_ name: String) async throws(StoreError) -> [JSONObject] {
        try await report(
            """
            SELECT row_to_json(r) AS row
            FROM (
                SELECT v.version, v.version IS NOT DISTINCT FROM d.current_version AS in_force,
                       encode(v.content_hash, 'hex') AS content_hash, v.created_at, v.created_by,
                       count(c.id) AS calls, count(c.id) FILTER (WHERE c.exit_reason = 'ok') AS ok,
                       percentile_cont(0.5) WITHIN GROUP (ORDER BY c.duration_ms) AS p50_ms, max(c.started_at) AS last_at,
                       v.id AS version_id
                FROM agentctl.definition AS d
                JOIN agentctl.definition_version AS v ON v.kind = d.kind AND v.name = d.name
                LEFT JOIN agentctl.function_call AS c ON c.function = v.name AND c.version_id = v.id
                WHERE d.kind = 'function' AND d.name = $1
                GROUP BY v.id, d.kind, d.name
                ORDER BY v.version DESC
            ) AS r
            """,
            [.text(name)]
        )
    }
}
