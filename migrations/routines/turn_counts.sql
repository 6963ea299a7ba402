-- Joins are made in the order of the text, by indexes: what is not in the rollup is little, whatever the server believes.
CREATE OR REPLACE FUNCTION agentctl.turn_counts(of_agent text, starts timestamptz[], ends timestamptz[])
RETURNS TABLE (
    period integer, agent text, version integer, status agentctl.turn_status, error_class text, turns bigint,
    conversations bigint, model_calls bigint, tool_calls bigint, input_tokens bigint, cached_input_tokens bigint,
    output_tokens bigint, cost_usd numeric, queue_ms double precision, durations numeric, first_at timestamptz,
    last_at timestamptz
)
LANGUAGE plpgsql STABLE SET search_path = agentctl, pg_temp SET plan_cache_mode = force_generic_plan
    SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET join_collapse_limit = 1
    SET jit = off AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    WITH piece AS MATERIALIZED (
        SELECT * FROM agentctl.metric_pieces(turn_counts.starts, turn_counts.ends)
    ), fact AS (
        SELECT p.period, r.agent, r.version, r.status, r.error_class, r.turns, r.conversations, r.model_calls,
               r.tool_calls, r.input_tokens, r.cached_input_tokens, r.output_tokens, r.cost_usd, r.queue_ms,
               r.durations, r.first_at, r.last_at
        FROM piece AS p
        JOIN turn_rollup AS r ON r.grain = p.grain AND r.starts_at >= p.starts_at AND r.starts_at < p.ends_at
        WHERE turn_counts.of_agent IS NULL OR r.agent = turn_counts.of_agent
        UNION ALL
        SELECT p.period, m.agent, m.version, m.status, m.error_class, 1, m.conversations, m.model_calls, m.tool_calls,
               m.input_tokens, m.cached_input_tokens, m.output_tokens, m.cost_usd, m.queue_ms, m.durations, m.at, m.at
        FROM piece AS p
        JOIN turn_measures AS m ON p.grain IS NULL AND m.at >= p.starts_at AND m.at < p.ends_at
        WHERE turn_counts.of_agent IS NULL OR m.agent = turn_counts.of_agent
        UNION ALL
        SELECT p.period, m.agent, m.version, m.status, m.error_class, 1, m.conversations, m.model_calls, m.tool_calls,
               m.input_tokens, m.cached_input_tokens, m.output_tokens, m.cost_usd, m.queue_ms, m.durations, m.at, m.at
        FROM unrolled_turns AS u
        JOIN piece AS p ON p.grain IS NOT NULL AND u.started_at >= p.starts_at AND u.started_at < p.ends_at
        JOIN turn_measures AS m ON m.conversation_id = u.conversation_id AND m.seq = u.seq AND m.at = u.started_at
        WHERE u.has_ended AND (turn_counts.of_agent IS NULL OR u.agent = turn_counts.of_agent)
        UNION ALL
        -- The turns of a handoff are its agents'; they are its own where it is asked for.
        SELECT p.period, h.chain, h.version, m.status, m.error_class, 1, m.conversations, m.model_calls, m.tool_calls,
               m.input_tokens, m.cached_input_tokens, m.output_tokens, m.cost_usd, m.queue_ms, m.durations, m.at, m.at
        FROM handoff_turns AS h
        JOIN piece AS p ON h.started_at >= p.starts_at AND h.started_at < p.ends_at
        JOIN turn_measures AS m ON m.conversation_id = h.conversation_id AND m.seq = h.seq AND m.at = h.started_at
        WHERE h.has_ended AND h.chain = turn_counts.of_agent
    )
    SELECT f.period, f.agent, f.version, f.status, f.error_class, sum(f.turns)::bigint, sum(f.conversations)::bigint,
           sum(f.model_calls)::bigint, sum(f.tool_calls)::bigint, sum(f.input_tokens)::bigint,
           sum(f.cached_input_tokens)::bigint, sum(f.output_tokens)::bigint, sum(f.cost_usd), sum(f.queue_ms),
           sum(f.durations), min(f.first_at), max(f.last_at)
    FROM fact AS f
    GROUP BY f.period, f.agent, f.version, f.status, f.error_class;
END $$;
COMMENT ON FUNCTION agentctl.turn_counts(text, timestamptz[], timestamptz[]) IS
    'Turns of periods, of one agent or all, by agent, version, status and class of error: from the rollup, and from '
    'the rows that are not in it; of a handoff, while its turns are kept. Internal.';
REVOKE ALL ON FUNCTION agentctl.turn_counts(text, timestamptz[], timestamptz[]) FROM PUBLIC;
