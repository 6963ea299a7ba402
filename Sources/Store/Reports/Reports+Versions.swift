package import JSON
internal import Postgres

extension Reports {
    /// The versions of a definition, the newest first.
    ///
    /// - Parameters:
    ///   - kind: The kind, as documents name it.
    ///   - name: The name.
    /// - Returns: One object each: `version`, `in_force`, `content_hash`, `created_at`, `created_by`, `version_id`; of agents,
    ///   chains, models, tools and functions what became of their turns or calls, as `calls`, `ok`, `p50_ms` and `last_at`,
    ///   which are null for other kinds. Empty when there is no such definition.
    /// - Throws: ``StoreError`` when the database cannot be asked.
    package func definitionHistory(kind: String, name: String) async throws(StoreError) -> [JSONObject] {
        try await database.objects(
            """
            WITH use AS (
                SELECT u.version_id, count(*) AS calls, count(*) FILTER (WHERE u.is_ok) AS ok,
                       percentile_cont(0.5) WITHIN GROUP (ORDER BY u.duration_ms) AS p50_ms, max(u.started_at) AS last_at
                FROM (
                    SELECT t.agent_version_id, t.status = 'succeeded', t.duration_ms, t.started_at FROM agentctl.turn AS t
                    WHERE $1 IN ('agent', 'chain') AND t.agent = $2
                    UNION ALL
                    SELECT s.model_version_id, s.error_code IS NULL, s.duration_ms, s.started_at FROM agentctl.step AS s
                    WHERE $1 = 'model' AND s.kind = 'model_call' AND s.model = $2
                    UNION ALL
                    SELECT c.tool_version_id, c.state = 'succeeded', c.duration_ms, c.started_at
                    FROM agentctl.tool_call AS c WHERE $1 = 'tool' AND c.tool = $2
                    UNION ALL
                    SELECT f.version_id, f.exit_reason = 'ok', f.duration_ms, f.started_at
                    FROM agentctl.function_call AS f WHERE $1 = 'function' AND f.function = $2
                ) AS u (version_id, is_ok, duration_ms, started_at)
                GROUP BY u.version_id
            )
            SELECT row_to_json(r) AS row
            FROM (
                SELECT v.version, v.version IS NOT DISTINCT FROM d.current_version AS in_force,
                       encode(v.content_hash, 'hex') AS content_hash, v.created_at, v.created_by,
                       CASE WHEN k.is_used THEN coalesce(u.calls, 0) END AS calls,
                       CASE WHEN k.is_used THEN coalesce(u.ok, 0) END AS ok, u.p50_ms, u.last_at, v.id AS version_id
                FROM agentctl.definition AS d
                CROSS JOIN (SELECT $1 IN ('agent', 'chain', 'model', 'tool', 'function') AS is_used) AS k
                JOIN agentctl.definition_version AS v ON v.kind = d.kind AND v.name = d.name
                LEFT JOIN use AS u ON u.version_id = v.id
                WHERE d.kind = $1 AND d.name = $2
                ORDER BY v.version DESC
            ) AS r
            """,
            [.text(kind), .text(name)]
        )
    }
}
