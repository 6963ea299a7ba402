-- Periods are read together: one call for each would read their edges and what is not rolled up again and again.
CREATE OR REPLACE FUNCTION agentctl.function_metrics_by(
    by text, of_agent text DEFAULT NULL, since timestamptz DEFAULT NULL, until timestamptz DEFAULT NULL
) RETURNS TABLE (
    starts_at timestamptz, ends_at timestamptz, function text, version integer, language text, calls bigint,
    ok bigint, error bigint, timeout bigint, memory bigint, output bigint, denied bigint, killed bigint,
    success_rate numeric, p50_ms double precision, p95_ms double precision, p99_ms double precision,
    mean_cpu_ms double precision, peak_memory_bytes bigint, violations bigint, first_at timestamptz,
    last_at timestamptz
)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = agentctl, pg_temp SET jit = off AS $$
#variable_conflict use_column
DECLARE
    asked CONSTANT record := agentctl.metric_bounds(function_metrics_by.by, function_metrics_by.since, function_metrics_by.until);
BEGIN
    RETURN QUERY
    SELECT asked.labels[g.period], asked.ends[g.period], g.function, nullif(g.version, 0), g.language, g.calls, g.ok,
           g.error, g.timeout, g.memory, g.output, g.denied, g.killed, round(g.ok / g.calls::numeric, 4), q.ms[1],
           q.ms[2], q.ms[3], g.cpu_ms / nullif(g.cpu_calls, 0), g.peak_memory_bytes, g.violations, g.first_at, g.last_at
    FROM (
        SELECT c.period, c.function, c.version, c.language,
               sum(c.calls)::bigint AS calls,
               coalesce(sum(c.calls) FILTER (WHERE c.exit_reason = 'ok'), 0)::bigint AS ok,
               coalesce(sum(c.calls) FILTER (WHERE c.exit_reason = 'error'), 0)::bigint AS error,
               coalesce(sum(c.calls) FILTER (WHERE c.exit_reason = 'timeout'), 0)::bigint AS timeout,
               coalesce(sum(c.calls) FILTER (WHERE c.exit_reason = 'memory'), 0)::bigint AS memory,
               coalesce(sum(c.calls) FILTER (WHERE c.exit_reason = 'output'), 0)::bigint AS output,
               coalesce(sum(c.calls) FILTER (WHERE c.exit_reason = 'denied'), 0)::bigint AS denied,
               coalesce(sum(c.calls) FILTER (WHERE c.exit_reason = 'killed'), 0)::bigint AS killed,
               sum(c.cpu_ms) AS cpu_ms,
               sum(c.cpu_calls)::bigint AS cpu_calls,
               max(c.peak_memory_bytes) AS peak_memory_bytes,
               sum(c.violations)::bigint AS violations,
               sum(c.durations) AS durations,
               min(c.first_at) AS first_at,
               max(c.last_at) AS last_at
        FROM agentctl.function_counts(function_metrics_by.of_agent, asked.starts, asked.ends) AS c
        GROUP BY c.period, c.function, c.version, c.language
    ) AS g
    CROSS JOIN LATERAL agentctl.latency_percentiles(g.durations) AS q (ms);
END $$;
COMMENT ON FUNCTION agentctl.function_metrics_by(text, text, timestamptz, timestamptz) IS
    'The same as function_metrics() for each hour, day, week or month, as metric_periods() returns them; without by for the '
    'whole time.';
REVOKE ALL ON FUNCTION agentctl.function_metrics_by(text, text, timestamptz, timestamptz) FROM PUBLIC;
