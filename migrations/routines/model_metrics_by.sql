-- Periods are read together: one call for each would read their edges and what is not rolled up again and again.
CREATE OR REPLACE FUNCTION agentctl.model_metrics_by(
    by text, of_agent text DEFAULT NULL, since timestamptz DEFAULT NULL, until timestamptz DEFAULT NULL
) RETURNS TABLE (
    starts_at timestamptz, ends_at timestamptz, model text, version integer, provider text, calls bigint,
    succeeded bigint, failed bigint, success_rate numeric, p50_ms double precision, p95_ms double precision,
    p99_ms double precision, p50_first_token_ms double precision, input_tokens bigint, cached_input_tokens bigint,
    output_tokens bigint, output_tokens_per_second double precision, cost_usd numeric, last_at timestamptz
)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = agentctl, pg_temp SET jit = off AS $$
#variable_conflict use_column
DECLARE
    asked CONSTANT record := agentctl.metric_bounds(model_metrics_by.by, model_metrics_by.since, model_metrics_by.until);
BEGIN
    RETURN QUERY
    SELECT asked.labels[g.period], asked.ends[g.period], g.model, nullif(g.version, 0), nullif(g.provider, ''), g.calls,
           g.succeeded, g.calls - g.succeeded, round(g.succeeded / g.calls::numeric, 4), q.ms[1], q.ms[2], q.ms[3],
           f.ms[1], g.input_tokens, g.cached_input_tokens, g.output_tokens,
           g.output_tokens / nullif(g.duration_ms / 1000, 0), g.cost_usd, g.last_at
    FROM (
        SELECT c.period, c.model, c.version, c.provider,
               sum(c.calls)::bigint AS calls,
               coalesce(sum(c.calls) FILTER (WHERE c.error_class = ''), 0)::bigint AS succeeded,
               sum(c.input_tokens)::bigint AS input_tokens,
               sum(c.cached_input_tokens)::bigint AS cached_input_tokens,
               sum(c.output_tokens)::bigint AS output_tokens,
               sum(c.cost_usd) AS cost_usd,
               sum(c.duration_ms) AS duration_ms,
               sum(c.durations) AS durations,
               sum(c.first_tokens) AS first_tokens,
               max(c.last_at) AS last_at
        FROM agentctl.model_counts(model_metrics_by.of_agent, asked.starts, asked.ends) AS c
        GROUP BY c.period, c.model, c.version, c.provider
    ) AS g
    CROSS JOIN LATERAL agentctl.latency_percentiles(g.durations) AS q (ms)
    CROSS JOIN LATERAL agentctl.latency_percentiles(g.first_tokens, '{0.5}') AS f (ms);
END $$;
COMMENT ON FUNCTION agentctl.model_metrics_by(text, text, timestamptz, timestamptz) IS
    'The same as model_metrics() for each hour, day, week or month, as metric_periods() returns them; without by for the '
    'whole time.';
REVOKE ALL ON FUNCTION agentctl.model_metrics_by(text, text, timestamptz, timestamptz) FROM PUBLIC;
