-- Periods are read together: one call for each would read their edges and what is not rolled up again and again.
CREATE OR REPLACE FUNCTION agentctl.tool_metrics_by(
    by text, of_agent text DEFAULT NULL, since timestamptz DEFAULT NULL, until timestamptz DEFAULT NULL
) RETURNS TABLE (
    starts_at timestamptz, ends_at timestamptz, tool text, version integer, calls bigint, succeeded bigint,
    failed bigint, success_rate numeric, p50_ms double precision, p95_ms double precision, p99_ms double precision,
    truncated bigint, last_at timestamptz, denied bigint, unfinished bigint
)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = agentctl, pg_temp SET jit = off AS $$
#variable_conflict use_column
DECLARE
    asked CONSTANT record := agentctl.metric_bounds(tool_metrics_by.by, tool_metrics_by.since, tool_metrics_by.until);
BEGIN
    RETURN QUERY
    SELECT asked.labels[g.period], asked.ends[g.period], nullif(g.tool, ''), nullif(g.version, 0), g.calls, g.succeeded,
           g.failed, round(g.succeeded / nullif(g.succeeded + g.failed, 0)::numeric, 4), q.ms[1], q.ms[2], q.ms[3],
           g.truncated, g.last_at, g.denied, g.calls - g.succeeded - g.failed
    FROM (
        SELECT c.period, c.tool, c.version,
               sum(c.calls)::bigint AS calls,
               coalesce(sum(c.calls) FILTER (WHERE c.state = 'succeeded'), 0)::bigint AS succeeded,
               coalesce(sum(c.calls) FILTER (WHERE c.state IN ('failed', 'denied')), 0)::bigint AS failed,
               coalesce(sum(c.calls) FILTER (WHERE c.state = 'denied'), 0)::bigint AS denied,
               sum(c.truncated)::bigint AS truncated,
               sum(c.durations) AS durations,
               max(c.last_at) AS last_at
        FROM agentctl.tool_counts(tool_metrics_by.of_agent, asked.starts, asked.ends) AS c
        GROUP BY c.period, c.tool, c.version
    ) AS g
    CROSS JOIN LATERAL agentctl.latency_percentiles(g.durations) AS q (ms);
END $$;
COMMENT ON FUNCTION agentctl.tool_metrics_by(text, text, timestamptz, timestamptz) IS
    'The same as tool_metrics() for each hour, day, week or month, as metric_periods() returns them; without by for the '
    'whole time.';
REVOKE ALL ON FUNCTION agentctl.tool_metrics_by(text, text, timestamptz, timestamptz) FROM PUBLIC;
