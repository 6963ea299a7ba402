CREATE OR REPLACE FUNCTION agentctl.definition_history(kind text, name text) RETURNS TABLE (
    version integer, in_force boolean, content_hash text, created_at timestamptz, created_by text, calls bigint,
    ok bigint, p50_ms double precision, last_at timestamptz, version_id bigint
)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = agentctl, pg_temp SET jit = off AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    WITH use AS (
        SELECT u.version_id, count(*) AS calls, count(*) FILTER (WHERE u.is_ok) AS ok,
               percentile_cont(0.5) WITHIN GROUP (ORDER BY u.duration_ms) AS p50_ms, max(u.started_at) AS last_at
        FROM (
            SELECT t.agent_version_id, t.status = 'succeeded', t.duration_ms, t.started_at FROM turn AS t
            WHERE definition_history.kind IN ('agent', 'chain') AND t.agent = definition_history.name
            UNION ALL
            SELECT s.model_version_id, s.error_code IS NULL, s.duration_ms, s.started_at FROM step AS s
            WHERE definition_history.kind = 'model' AND s.kind = 'model_call' AND s.model = definition_history.name
            UNION ALL
            SELECT c.tool_version_id, c.state = 'succeeded', c.duration_ms, c.started_at
            FROM tool_call AS c WHERE definition_history.kind = 'tool' AND c.tool = definition_history.name
            UNION ALL
            SELECT f.version_id, f.exit_reason = 'ok', f.duration_ms, f.started_at
            FROM function_call AS f
            WHERE definition_history.kind = 'function' AND f.function = definition_history.name
        ) AS u (version_id, is_ok, duration_ms, started_at)
        GROUP BY u.version_id
    )
    SELECT v.version, v.version IS NOT DISTINCT FROM d.current_version, encode(v.content_hash, 'hex'), v.created_at,
           v.created_by, CASE WHEN k.is_used THEN coalesce(u.calls, 0) END,
           CASE WHEN k.is_used THEN coalesce(u.ok, 0) END, u.p50_ms, u.last_at, v.id
    FROM definition AS d
    CROSS JOIN (
        SELECT definition_history.kind IN ('agent', 'chain', 'model', 'tool', 'function') AS is_used
    ) AS k
    JOIN definition_version AS v ON v.kind = d.kind AND v.name = d.name
    LEFT JOIN use AS u ON u.version_id = v.id
    WHERE d.kind = definition_history.kind AND d.name = definition_history.name
    ORDER BY v.version DESC;
END $$;
COMMENT ON FUNCTION agentctl.definition_history(text, text) IS
    'The versions of a definition, the newest first; of agents, chains, models, tools and functions with what became '
    'of their turns or calls, which are NULL for other kinds. No rows when there is no such definition.';
REVOKE ALL ON FUNCTION agentctl.definition_history(text, text) FROM PUBLIC;
