CREATE OR REPLACE FUNCTION agentctl.definition_history(kind text, name text) RETURNS TABLE (
    version integer, in_force boolean, content_hash text, created_at timestamptz, created_by text, calls bigint,
    ok bigint, p50_ms double precision, last_at timestamptz, version_id bigint
)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = agentctl, pg_temp SET jit = off AS $$
#variable_conflict use_column
DECLARE
    always CONSTANT record := agentctl.metric_bounds(NULL, NULL, NULL);
BEGIN
    RETURN QUERY
    WITH use AS (
        SELECT u.version, sum(u.calls)::bigint AS calls, coalesce(sum(u.calls) FILTER (WHERE u.is_ok), 0)::bigint AS ok,
               sum(u.durations) AS durations, max(u.last_at) AS last_at
        FROM (
            SELECT t.version, t.status = 'succeeded', t.turns, t.durations, t.last_at
            FROM agentctl.turn_counts(definition_history.name, always.starts, always.ends) AS t
            WHERE definition_history.kind IN ('agent', 'chain')
            UNION ALL
            SELECT s.version, s.error_class = '', s.calls, s.durations, s.last_at
            FROM agentctl.model_counts(NULL, always.starts, always.ends) AS s
            WHERE definition_history.kind = 'model' AND s.kind = 'model_call' AND s.model = definition_history.name
            UNION ALL
            SELECT c.version, c.state = 'succeeded', c.calls, c.durations, c.last_at
            FROM agentctl.tool_counts(NULL, always.starts, always.ends) AS c
            WHERE definition_history.kind = 'tool' AND c.tool = definition_history.name
            UNION ALL
            SELECT f.version, f.exit_reason = 'ok', f.calls, f.durations, f.last_at
            FROM agentctl.function_counts(NULL, always.starts, always.ends) AS f
            WHERE definition_history.kind = 'function' AND f.function = definition_history.name
        ) AS u (version, is_ok, calls, durations, last_at)
        GROUP BY u.version
    )
    SELECT v.version, v.version IS NOT DISTINCT FROM d.current_version, encode(v.content_hash, 'hex'), v.created_at,
           v.created_by, CASE WHEN k.is_used THEN coalesce(u.calls, 0) END,
           CASE WHEN k.is_used THEN coalesce(u.ok, 0) END,
           (agentctl.latency_percentiles(u.durations, '{0.5}'))[1], u.last_at, v.id
    FROM definition AS d
    CROSS JOIN (
        SELECT definition_history.kind IN ('agent', 'chain', 'model', 'tool', 'function') AS is_used
    ) AS k
    JOIN definition_version AS v ON v.kind = d.kind AND v.name = d.name
    LEFT JOIN use AS u ON u.version = v.version
    WHERE d.kind = definition_history.kind AND d.name = definition_history.name
    ORDER BY v.version DESC;
END $$;
COMMENT ON FUNCTION agentctl.definition_history(text, text) IS
    'The versions of a definition, the newest first; of agents, chains, models, tools and functions with what became '
    'of their turns or calls, which are NULL for other kinds. No rows when there is no such definition.';
REVOKE ALL ON FUNCTION agentctl.definition_history(text, text) FROM PUBLIC;
