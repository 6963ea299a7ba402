-- Periods are read together: one call for each would read their edges and what is not rolled up again and again.
CREATE OR REPLACE FUNCTION agentctl.agent_metrics_by(
    by text, of_agent text DEFAULT NULL, since timestamptz DEFAULT NULL, until timestamptz DEFAULT NULL
) RETURNS TABLE (
    starts_at timestamptz, ends_at timestamptz, agent text, version integer, turns bigint, succeeded bigint,
    failed bigint, limited bigint, interrupted bigint, success_rate numeric, p50_ms double precision,
    p95_ms double precision, p99_ms double precision, mean_queue_ms double precision, model_calls bigint,
    tool_calls bigint, input_tokens bigint, cached_input_tokens bigint, output_tokens bigint, cost_usd numeric,
    first_at timestamptz, last_at timestamptz
)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = agentctl, pg_temp SET jit = off AS $$
#variable_conflict use_column
DECLARE
    asked CONSTANT record := agentctl.metric_bounds(agent_metrics_by.by, agent_metrics_by.since, agent_metrics_by.until);
BEGIN
    RETURN QUERY
    SELECT asked.labels[g.period], asked.ends[g.period], g.agent, nullif(g.version, 0), g.turns, g.succeeded, g.failed,
           g.limited, g.interrupted, round(g.succeeded / g.turns::numeric, 4), q.ms[1], q.ms[2], q.ms[3],
           g.queue_ms / g.turns, g.model_calls, g.tool_calls, g.input_tokens, g.cached_input_tokens, g.output_tokens,
           g.cost_usd, g.first_at, g.last_at
    FROM (
        SELECT c.period, c.agent, c.version,
               sum(c.turns)::bigint AS turns,
               coalesce(sum(c.turns) FILTER (WHERE c.status = 'succeeded'), 0)::bigint AS succeeded,
               coalesce(sum(c.turns) FILTER (WHERE c.status = 'failed'), 0)::bigint AS failed,
               coalesce(sum(c.turns) FILTER (WHERE c.status = 'limited'), 0)::bigint AS limited,
               coalesce(sum(c.turns) FILTER (WHERE c.status = 'interrupted'), 0)::bigint AS interrupted,
               sum(c.queue_ms) AS queue_ms,
               sum(c.model_calls)::bigint AS model_calls,
               sum(c.tool_calls)::bigint AS tool_calls,
               sum(c.input_tokens)::bigint AS input_tokens,
               sum(c.cached_input_tokens)::bigint AS cached_input_tokens,
               sum(c.output_tokens)::bigint AS output_tokens,
               sum(c.cost_usd) AS cost_usd,
               sum(c.durations) AS durations,
               min(c.first_at) AS first_at,
               max(c.last_at) AS last_at
        FROM agentctl.turn_counts(agent_metrics_by.of_agent, asked.starts, asked.ends) AS c
        GROUP BY c.period, c.agent, c.version
    ) AS g
    CROSS JOIN LATERAL agentctl.latency_percentiles(g.durations) AS q (ms);
END $$;
COMMENT ON FUNCTION agentctl.agent_metrics_by(text, text, timestamptz, timestamptz) IS
    'The same as agent_metrics() for each hour, day, week or month, as metric_periods() returns them; without by for the '
    'whole time.';
REVOKE ALL ON FUNCTION agentctl.agent_metrics_by(text, text, timestamptz, timestamptz) FROM PUBLIC;
