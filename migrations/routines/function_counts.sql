CREATE OR REPLACE FUNCTION agentctl.function_counts(of_agent text, starts timestamptz[], ends timestamptz[])
RETURNS TABLE (
    period integer, function text, version integer, language text, exit_reason agentctl.exit_reason, calls bigint,
    cpu_ms double precision, cpu_calls bigint, peak_memory_bytes bigint, violations bigint, durations numeric,
    first_at timestamptz, last_at timestamptz
)
LANGUAGE plpgsql STABLE SET search_path = agentctl, pg_temp SET plan_cache_mode = force_generic_plan
    SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET join_collapse_limit = 1
    SET jit = off AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    WITH piece AS MATERIALIZED (
        SELECT * FROM agentctl.metric_pieces(function_counts.starts, function_counts.ends)
    ), fact AS (
        SELECT p.period, r.function, r.version, r.language, r.exit_reason, r.calls, r.cpu_ms, r.cpu_calls,
               r.peak_memory_bytes, r.violations, r.durations, r.first_at, r.last_at
        FROM piece AS p
        JOIN function_rollup AS r ON r.grain = p.grain AND r.starts_at >= p.starts_at AND r.starts_at < p.ends_at
        WHERE function_counts.of_agent IS NULL OR r.agent = function_counts.of_agent
        UNION ALL
        SELECT p.period, m.function, m.version, m.language, m.exit_reason, 1, m.cpu_ms, m.cpu_calls,
               m.peak_memory_bytes, m.violations, m.durations, m.at, m.at
        FROM piece AS p
        JOIN function_measures AS m ON p.grain IS NULL AND m.at >= p.starts_at AND m.at < p.ends_at
        WHERE function_counts.of_agent IS NULL
           OR EXISTS (SELECT FROM turn AS t WHERE t.conversation_id = m.conversation_id AND t.seq = m.seq
                      AND t.started_at <= m.at + interval '1 day' AND t.agent = function_counts.of_agent)
           OR EXISTS (SELECT FROM turn_progress AS t WHERE t.conversation_id = m.conversation_id AND t.seq = m.seq
                      AND t.agent = function_counts.of_agent)
        UNION ALL
        SELECT p.period, m.function, m.version, m.language, m.exit_reason, 1, m.cpu_ms, m.cpu_calls,
               m.peak_memory_bytes, m.violations, m.durations, m.at, m.at
        FROM unrolled_turns AS u
        JOIN function_measures AS m ON m.conversation_id = u.conversation_id AND m.seq = u.seq
            AND m.at >= u.calls_from AND m.at < u.calls_until
        JOIN piece AS p ON p.grain IS NOT NULL AND m.at >= p.starts_at AND m.at < p.ends_at
        WHERE function_counts.of_agent IS NULL OR u.agent = function_counts.of_agent
        UNION ALL
        SELECT p.period, m.function, m.version, m.language, m.exit_reason, 1, m.cpu_ms, m.cpu_calls,
               m.peak_memory_bytes, m.violations, m.durations, m.at, m.at
        FROM unrolled_function_calls AS u
        JOIN piece AS p ON p.grain IS NOT NULL AND u.started_at >= p.starts_at AND u.started_at < p.ends_at
        JOIN function_measures AS m ON m.id = u.id AND m.at = u.started_at
        WHERE function_counts.of_agent IS NULL
        UNION ALL
        -- The calls of a handoff are its agents'; they are its own where it is asked for.
        SELECT p.period, m.function, m.version, m.language, m.exit_reason, 1, m.cpu_ms, m.cpu_calls,
               m.peak_memory_bytes, m.violations, m.durations, m.at, m.at
        FROM handoff_turns AS h
        JOIN function_measures AS m ON m.conversation_id = h.conversation_id AND m.seq = h.seq
            AND m.at >= h.calls_from AND m.at < h.calls_until
        JOIN piece AS p ON m.at >= p.starts_at AND m.at < p.ends_at
        WHERE h.chain = function_counts.of_agent
          AND h.calls_from < (SELECT max(o.ends_at) FROM piece AS o)
          AND h.calls_until > (SELECT min(o.starts_at) FROM piece AS o)
    )
    SELECT f.period, f.function, f.version, f.language, f.exit_reason, sum(f.calls)::bigint, sum(f.cpu_ms),
           sum(f.cpu_calls)::bigint, max(f.peak_memory_bytes), sum(f.violations)::bigint, sum(f.durations),
           min(f.first_at), max(f.last_at)
    FROM fact AS f
    GROUP BY f.period, f.function, f.version, f.language, f.exit_reason;
END $$;
COMMENT ON FUNCTION agentctl.function_counts(text, timestamptz[], timestamptz[]) IS
    'Calls of functions in periods, of one agent or all, by function, version, language and how they ended: from the '
    'rollup, and from the rows that are not in it; of a handoff, while its turns are kept. Internal.';
REVOKE ALL ON FUNCTION agentctl.function_counts(text, timestamptz[], timestamptz[]) FROM PUBLIC;
