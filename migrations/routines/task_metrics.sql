-- What the view of the same name shows, of some of it.
CREATE OR REPLACE FUNCTION agentctl.task_metrics(
    of_agent text DEFAULT NULL, since timestamptz DEFAULT NULL, until timestamptz DEFAULT NULL
) RETURNS TABLE (
    agent text, tasks bigint, open bigint, done bigint, failed bigint, cancelled bigint, dead bigint, retried bigint,
    success_rate numeric, p50_ms double precision, p95_ms double precision, p99_ms double precision, tokens bigint,
    cost_usd numeric, first_at timestamptz, last_at timestamptz
)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = agentctl, pg_temp SET jit = off AS $$
#variable_conflict use_column
DECLARE
    asked CONSTANT record := agentctl.metric_bounds(NULL, task_metrics.since, task_metrics.until);
BEGIN
    RETURN QUERY
    SELECT nullif(g.agent, ''), g.tasks, g.open, g.done, g.failed, g.cancelled, g.dead, g.retried,
           round(g.done / nullif(g.done + g.failed + g.dead, 0)::numeric, 4), q.ms[1], q.ms[2], q.ms[3], g.tokens,
           g.cost_usd, g.first_at, g.last_at
    FROM (
        SELECT c.agent,
               sum(c.tasks)::bigint AS tasks,
               coalesce(sum(c.tasks) FILTER (WHERE c.state IN ('pending', 'held', 'assigned')), 0)::bigint AS open,
               coalesce(sum(c.tasks) FILTER (WHERE c.state = 'done'), 0)::bigint AS done,
               coalesce(sum(c.tasks) FILTER (WHERE c.state = 'failed'), 0)::bigint AS failed,
               coalesce(sum(c.tasks) FILTER (WHERE c.state = 'cancelled'), 0)::bigint AS cancelled,
               coalesce(sum(c.tasks) FILTER (WHERE c.state = 'dead'), 0)::bigint AS dead,
               sum(c.retried)::bigint AS retried,
               sum(c.tokens)::bigint AS tokens,
               sum(c.cost_usd) AS cost_usd,
               sum(c.durations) AS durations,
               min(c.first_at) AS first_at,
               max(c.last_at) AS last_at
        FROM agentctl.task_counts(task_metrics.of_agent, asked.starts, asked.ends) AS c
        GROUP BY c.agent
    ) AS g
    CROSS JOIN LATERAL agentctl.latency_percentiles(g.durations) AS q (ms);
END $$;
COMMENT ON FUNCTION agentctl.task_metrics(text, timestamptz, timestamptz) IS
    'Tasks by the agent of their last attempt. '
    'Of one agent''s tasks, and of what was accepted from since on and before until, as far as they are given.';
REVOKE ALL ON FUNCTION agentctl.task_metrics(text, timestamptz, timestamptz) FROM PUBLIC;
