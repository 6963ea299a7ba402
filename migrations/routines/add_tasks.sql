CREATE OR REPLACE FUNCTION agentctl.add_tasks(ids bigint[], sign integer DEFAULT 1) RETURNS void
LANGUAGE plpgsql SET search_path = agentctl, pg_temp SET timezone = 'UTC' SET plan_cache_mode = force_generic_plan
    SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET jit = off AS $$
#variable_conflict use_column
BEGIN
    IF ids IS NULL THEN
        RETURN;
    END IF;
    INSERT INTO task_rollup AS r
    SELECT g.grain, date_trunc(g.grain::text, m.at), m.agent, m.state, sign * count(*), sign * sum(m.retried),
           sign * sum(m.tokens), sign * sum(m.cost_usd), sign * sum(m.durations), min(m.at), max(m.at)
    FROM unnest(ids) AS k (id)
    JOIN task_measures AS m ON m.id = k.id
    CROSS JOIN unnest(enum_range(NULL::rollup_grain)) AS g (grain)
    GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
    ON CONFLICT (grain, starts_at, agent, state) DO UPDATE
    SET tasks = r.tasks + excluded.tasks, retried = r.retried + excluded.retried, tokens = r.tokens + excluded.tokens,
        cost_usd = r.cost_usd + excluded.cost_usd, durations = r.durations + excluded.durations,
        first_at = least(r.first_at, excluded.first_at), last_at = greatest(r.last_at, excluded.last_at);
END $$;
COMMENT ON FUNCTION agentctl.add_tasks(bigint[], integer) IS
    'Adds tasks that have ended to the rollup, or, with -1, takes them out. Internal: as add_turns().';
REVOKE ALL ON FUNCTION agentctl.add_tasks(bigint[], integer) FROM PUBLIC;
