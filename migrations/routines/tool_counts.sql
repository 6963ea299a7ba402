CREATE OR REPLACE FUNCTION agentctl.tool_counts(of_agent text, starts timestamptz[], ends timestamptz[])
RETURNS TABLE (
    period integer, tool text, version integer, state agentctl.tool_call_state, error_class text, calls bigint,
    conversations bigint, truncated bigint, durations numeric, first_at timestamptz, last_at timestamptz
)
LANGUAGE plpgsql STABLE SET search_path = agentctl, pg_temp SET plan_cache_mode = force_generic_plan
    SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET join_collapse_limit = 1
    SET jit = off AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    WITH piece AS MATERIALIZED (
        SELECT * FROM agentctl.metric_pieces(tool_counts.starts, tool_counts.ends)
    ), fact AS (
        SELECT p.period, r.tool, r.version, r.state, r.error_class, r.calls, r.conversations, r.truncated, r.durations,
               r.first_at, r.last_at
        FROM piece AS p
        JOIN tool_rollup AS r ON r.grain = p.grain AND r.starts_at >= p.starts_at AND r.starts_at < p.ends_at
        WHERE tool_counts.of_agent IS NULL OR r.agent = tool_counts.of_agent
        UNION ALL
        SELECT p.period, m.tool, m.version, m.state, m.error_class, 1, m.conversations, m.truncated::integer,
               m.durations, m.at, m.at
        FROM piece AS p
        JOIN call_measures AS m ON p.grain IS NULL AND m.at >= p.starts_at AND m.at < p.ends_at
        WHERE tool_counts.of_agent IS NULL
           OR EXISTS (SELECT FROM turn AS t WHERE t.conversation_id = m.conversation_id AND t.seq = m.seq
                      AND t.started_at <= m.at + interval '1 day' AND t.agent = tool_counts.of_agent)
           OR EXISTS (SELECT FROM turn_progress AS t WHERE t.conversation_id = m.conversation_id AND t.seq = m.seq
                      AND t.agent = tool_counts.of_agent)
        UNION ALL
        SELECT p.period, m.tool, m.version, m.state, m.error_class, 1, m.conversations, m.truncated::integer,
               m.durations, m.at, m.at
        FROM unrolled_turns AS u
        JOIN call_measures AS m ON m.conversation_id = u.conversation_id AND m.seq = u.seq
            AND m.at >= u.calls_from AND m.at < u.calls_until
        JOIN piece AS p ON p.grain IS NOT NULL AND m.at >= p.starts_at AND m.at < p.ends_at
        WHERE tool_counts.of_agent IS NULL OR u.agent = tool_counts.of_agent
        UNION ALL
        -- The calls of a handoff are its agents'; they are its own where it is asked for.
        SELECT p.period, m.tool, m.version, m.state, m.error_class, 1, m.conversations, m.truncated::integer,
               m.durations, m.at, m.at
        FROM handoff_turns AS h
        JOIN call_measures AS m ON m.conversation_id = h.conversation_id AND m.seq = h.seq
            AND m.at >= h.calls_from AND m.at < h.calls_until
        JOIN piece AS p ON m.at >= p.starts_at AND m.at < p.ends_at
        WHERE h.chain = tool_counts.of_agent
          AND h.calls_from < (SELECT max(o.ends_at) FROM piece AS o)
          AND h.calls_until > (SELECT min(o.starts_at) FROM piece AS o)
    )
    SELECT f.period, f.tool, f.version, f.state, f.error_class, sum(f.calls)::bigint, sum(f.conversations)::bigint,
           sum(f.truncated)::bigint, sum(f.durations), min(f.first_at), max(f.last_at)
    FROM fact AS f
    GROUP BY f.period, f.tool, f.version, f.state, f.error_class;
END $$;
COMMENT ON FUNCTION agentctl.tool_counts(text, timestamptz[], timestamptz[]) IS
    'Calls of tools in periods, of one agent or all, by tool, version, state and class of error: from the rollup, and '
    'from the rows that are not in it; of a handoff, while its turns are kept. Internal.';
REVOKE ALL ON FUNCTION agentctl.tool_counts(text, timestamptz[], timestamptz[]) FROM PUBLIC;
