CREATE OR REPLACE FUNCTION agentctl.task_counts(of_agent text, starts timestamptz[], ends timestamptz[])
RETURNS TABLE (
    period integer, agent text, state agentctl.task_state, tasks bigint, retried bigint, tokens bigint,
    cost_usd numeric, durations numeric, first_at timestamptz, last_at timestamptz
)
LANGUAGE plpgsql STABLE SET search_path = agentctl, pg_temp SET plan_cache_mode = force_generic_plan
    SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET join_collapse_limit = 1
    SET jit = off AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    WITH piece AS MATERIALIZED (
        SELECT * FROM agentctl.metric_pieces(task_counts.starts, task_counts.ends)
    ), fact AS (
        SELECT p.period, r.agent, r.state, r.tasks, r.retried, r.tokens, r.cost_usd, r.durations, r.first_at, r.last_at
        FROM piece AS p
        JOIN task_rollup AS r ON r.grain = p.grain AND r.starts_at >= p.starts_at AND r.starts_at < p.ends_at
        WHERE task_counts.of_agent IS NULL OR r.agent = task_counts.of_agent
        UNION ALL
        SELECT p.period, m.agent, m.state, 1, m.retried, m.tokens, m.cost_usd, m.durations, m.at, m.at
        FROM piece AS p
        JOIN task_measures AS m ON p.grain IS NULL AND m.at >= p.starts_at AND m.at < p.ends_at
        WHERE task_counts.of_agent IS NULL OR m.agent = task_counts.of_agent
        UNION ALL
        SELECT p.period, m.agent, m.state, 1, m.retried, m.tokens, m.cost_usd, m.durations, m.at, m.at
        FROM unrolled_tasks AS u
        JOIN piece AS p ON p.grain IS NOT NULL AND u.created_at >= p.starts_at AND u.created_at < p.ends_at
        JOIN task_measures AS m ON m.id = u.id
        WHERE task_counts.of_agent IS NULL OR m.agent = task_counts.of_agent
    )
    SELECT f.period, f.agent, f.state, sum(f.tasks)::bigint, sum(f.retried)::bigint, sum(f.tokens)::bigint,
           sum(f.cost_usd), sum(f.durations), min(f.first_at), max(f.last_at)
    FROM fact AS f
    GROUP BY f.period, f.agent, f.state
    -- Those that are tried again were taken out.
    HAVING sum(f.tasks) > 0;
END $$;
COMMENT ON FUNCTION agentctl.task_counts(text, timestamptz[], timestamptz[]) IS
    'Tasks of periods, of one agent or all, by agent and state: from the rollup, and from the rows that are not in it. '
    'Internal.';
REVOKE ALL ON FUNCTION agentctl.task_counts(text, timestamptz[], timestamptz[]) FROM PUBLIC;
