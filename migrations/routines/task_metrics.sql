-- What the view of the same name shows, of some of it.
CREATE OR REPLACE FUNCTION agentctl.task_metrics(
    of_agent text DEFAULT NULL, since timestamptz DEFAULT NULL, until timestamptz DEFAULT NULL
) RETURNS TABLE (
    agent text, tasks bigint, open bigint, done bigint, failed bigint, cancelled bigint, dead bigint, retried bigint,
    success_rate numeric, p50_ms double precision, p95_ms double precision, p99_ms double precision, tokens bigint,
    cost_usd numeric, first_at timestamptz, last_at timestamptz
)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
    SELECT t.agent,
           count(*) AS tasks,
           count(*) FILTER (WHERE t.finished_at IS NULL) AS open,
           count(*) FILTER (WHERE t.state = 'done') AS done,
           count(*) FILTER (WHERE t.state = 'failed') AS failed,
           count(*) FILTER (WHERE t.state = 'cancelled') AS cancelled,
           count(*) FILTER (WHERE t.state = 'dead') AS dead,
           count(*) FILTER (WHERE t.attempt > 1) AS retried,
           round(count(*) FILTER (WHERE t.state = 'done')
               / nullif(count(*) FILTER (WHERE t.state IN ('done', 'failed', 'dead')), 0)::numeric, 4) AS success_rate,
           percentile_cont(0.5) WITHIN GROUP (ORDER BY w.ms) AS p50_ms,
           percentile_cont(0.95) WITHIN GROUP (ORDER BY w.ms) AS p95_ms,
           percentile_cont(0.99) WITHIN GROUP (ORDER BY w.ms) AS p99_ms,
           sum(t.tokens)::bigint AS tokens,
           sum(t.cost_usd) AS cost_usd,
           min(t.created_at) AS first_at,
           max(t.created_at) AS last_at
    FROM task AS t
    CROSS JOIN LATERAL (
        SELECT (extract(epoch FROM t.finished_at - t.created_at) * 1000)::double precision AS ms) AS w
    WHERE t.created_at >= coalesce(task_metrics.since, '-infinity')
      AND t.created_at < coalesce(task_metrics.until, 'infinity')
      AND (task_metrics.of_agent IS NULL OR t.agent = task_metrics.of_agent)
    GROUP BY t.agent
$$;
COMMENT ON FUNCTION agentctl.task_metrics(text, timestamptz, timestamptz) IS
    'Tasks by the agent of their last attempt. '
    'Of one agent''s tasks, and of what was accepted from since on and before until, as far as they are given.';
REVOKE ALL ON FUNCTION agentctl.task_metrics(text, timestamptz, timestamptz) FROM PUBLIC;
