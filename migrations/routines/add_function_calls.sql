CREATE OR REPLACE FUNCTION agentctl.add_function_calls(ids uuid[], times timestamptz[], agents text[]) RETURNS void
LANGUAGE plpgsql SET search_path = agentctl, pg_temp SET timezone = 'UTC' SET plan_cache_mode = force_generic_plan
    SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET jit = off AS $$
#variable_conflict use_column
BEGIN
    IF ids IS NULL THEN
        RETURN;
    END IF;
    INSERT INTO function_rollup AS r
    SELECT g.grain, date_trunc(g.grain::text, m.at), coalesce(k.agent, ''), m.function, m.version, m.language,
           m.exit_reason, count(*), sum(m.cpu_ms), sum(m.cpu_calls), max(m.peak_memory_bytes), sum(m.violations),
           sum(m.durations), min(m.at), max(m.at)
    FROM unnest(ids, times, agents) AS k (id, at, agent)
    JOIN function_measures AS m ON m.id = k.id AND m.at = k.at
    CROSS JOIN unnest(enum_range(NULL::rollup_grain)) AS g (grain)
    GROUP BY 1, 2, 3, 4, 5, 6, 7 ORDER BY 1, 2, 3, 4, 5, 6, 7
    ON CONFLICT (grain, starts_at, agent, function, version, language, exit_reason) DO UPDATE
    SET calls = r.calls + excluded.calls, cpu_ms = r.cpu_ms + excluded.cpu_ms,
        cpu_calls = r.cpu_calls + excluded.cpu_calls,
        peak_memory_bytes = greatest(r.peak_memory_bytes, excluded.peak_memory_bytes),
        violations = r.violations + excluded.violations, durations = r.durations + excluded.durations,
        first_at = least(r.first_at, excluded.first_at), last_at = greatest(r.last_at, excluded.last_at);
END $$;
COMMENT ON FUNCTION agentctl.add_function_calls(uuid[], timestamptz[], text[]) IS
    'Adds calls of functions to the rollup, with the agents of their turns (NULL for none). Internal: as add_turns().';
REVOKE ALL ON FUNCTION agentctl.add_function_calls(uuid[], timestamptz[], text[]) FROM PUBLIC;
