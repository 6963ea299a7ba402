-- Periods are read together: one call for each would read their edges and what is not rolled up again and again.
CREATE OR REPLACE FUNCTION agentctl.error_patterns_by(
    by text, of_agent text DEFAULT NULL, since timestamptz DEFAULT NULL, until timestamptz DEFAULT NULL
) RETURNS TABLE (
    starts_at timestamptz, ends_at timestamptz, source text, subject text, error_code text,
    occurrences bigint, conversations bigint, last_message text, first_at timestamptz, last_at timestamptz
)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = agentctl, pg_temp SET jit = off
    SET plan_cache_mode = force_generic_plan SET enable_seqscan = off AS $$
#variable_conflict use_column
DECLARE
    asked CONSTANT record := agentctl.metric_bounds(error_patterns_by.by, error_patterns_by.since, error_patterns_by.until);
BEGIN
    RETURN QUERY
    SELECT asked.labels[g.period], asked.ends[g.period], g.source, nullif(g.subject, ''), nullif(g.error_class, ''),
           g.occurrences, g.conversations,
           -- The rollup keeps no messages: they may say anything. The last is read for as long as its row is kept.
           CASE g.source WHEN 'turn' THEN (
               SELECT t.error_message FROM turn AS t
               WHERE t.started_at = g.last_at AND t.status IN ('failed', 'limited')
                 AND (t.agent = g.subject OR EXISTS (
                     SELECT FROM definition_version AS v
                     WHERE v.id = t.chain_version_id AND v.kind = 'chain' AND v.name = g.subject))
                 AND coalesce(t.error_code, t.limit_reached, '') = g.error_class LIMIT 1)
           WHEN 'model' THEN (
               SELECT s.error_message FROM step AS s
               WHERE s.started_at = g.last_at AND s.model = g.subject AND s.kind = 'model_call'
                 AND s.error_code = g.error_class LIMIT 1)
           ELSE (
               SELECT left(c.result, 500) FROM tool_call AS c
               WHERE c.started_at = g.last_at AND c.error_code = g.error_class
                 AND (c.tool = g.subject OR g.subject = '' AND c.tool_version_id IS NULL) LIMIT 1)
           END,
           g.first_at, g.last_at
    FROM (
        SELECT f.period, f.source, f.subject, f.error_class, sum(f.occurrences)::bigint AS occurrences,
               sum(f.conversations)::bigint AS conversations, min(f.first_at) AS first_at, max(f.last_at) AS last_at
        FROM (
            SELECT c.period, 'turn', c.agent, c.error_class, c.turns, c.conversations, c.first_at, c.last_at
            FROM agentctl.turn_counts(error_patterns_by.of_agent, asked.starts, asked.ends) AS c
            WHERE c.status IN ('failed', 'limited')
            UNION ALL
            SELECT c.period, 'model', c.model, c.error_class, c.calls, c.conversations, c.first_at, c.last_at
            FROM agentctl.model_counts(error_patterns_by.of_agent, asked.starts, asked.ends) AS c
            WHERE c.kind = 'model_call' AND c.error_class <> ''
            UNION ALL
            SELECT c.period, 'tool', c.tool, c.error_class, c.calls, c.conversations, c.first_at, c.last_at
            FROM agentctl.tool_counts(error_patterns_by.of_agent, asked.starts, asked.ends) AS c
            WHERE c.error_class <> ''
        ) AS f (period, source, subject, error_class, occurrences, conversations, first_at, last_at)
        GROUP BY f.period, f.source, f.subject, f.error_class
    ) AS g;
END $$;
COMMENT ON FUNCTION agentctl.error_patterns_by(text, text, timestamptz, timestamptz) IS
    'The same as error_patterns() for each hour, day, week or month, as metric_periods() returns them; without by for the '
    'whole time.';
REVOKE ALL ON FUNCTION agentctl.error_patterns_by(text, text, timestamptz, timestamptz) FROM PUBLIC;
