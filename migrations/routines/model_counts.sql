-- Rows of steps belong to turns, and are in the rollup when these are; summaries have marks of their own.
CREATE OR REPLACE FUNCTION agentctl.model_counts(of_agent text, starts timestamptz[], ends timestamptz[])
RETURNS TABLE (
    period integer, model text, version integer, provider text, kind text, error_class text, calls bigint,
    conversations bigint, input_tokens bigint, cached_input_tokens bigint, output_tokens bigint, cost_usd numeric,
    duration_ms double precision, durations numeric, first_tokens numeric, first_at timestamptz, last_at timestamptz
)
LANGUAGE plpgsql STABLE SET search_path = agentctl, pg_temp SET plan_cache_mode = force_generic_plan
    SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET join_collapse_limit = 1
    SET jit = off AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    WITH piece AS MATERIALIZED (
        SELECT * FROM agentctl.metric_pieces(model_counts.starts, model_counts.ends)
    ), fact AS (
        SELECT p.period, r.model, r.version, r.provider, r.kind, r.error_class, r.calls, r.conversations,
               r.input_tokens, r.cached_input_tokens, r.output_tokens, r.cost_usd, r.duration_ms, r.durations,
               r.first_tokens, r.first_at, r.last_at
        FROM piece AS p
        JOIN model_rollup AS r ON r.grain = p.grain AND r.starts_at >= p.starts_at AND r.starts_at < p.ends_at
        WHERE model_counts.of_agent IS NULL OR r.agent = model_counts.of_agent
        UNION ALL
        SELECT p.period, m.model, m.version, m.provider, m.kind, m.error_class, 1, m.conversations, m.input_tokens,
               m.cached_input_tokens, m.output_tokens, m.cost_usd, m.duration_ms, m.durations, m.first_tokens, m.at, m.at
        FROM piece AS p
        JOIN step_measures AS m ON p.grain IS NULL AND m.at >= p.starts_at AND m.at < p.ends_at
        WHERE model_counts.of_agent IS NULL
           OR EXISTS (SELECT FROM turn AS t WHERE t.conversation_id = m.conversation_id AND t.seq = m.seq
                      AND t.started_at <= m.at + interval '1 day' AND t.agent = model_counts.of_agent)
           OR EXISTS (SELECT FROM turn_progress AS t WHERE t.conversation_id = m.conversation_id AND t.seq = m.seq
                      AND t.agent = model_counts.of_agent)
        UNION ALL
        SELECT p.period, m.model, m.version, m.provider, m.kind, m.error_class, 1, m.conversations, m.input_tokens,
               m.cached_input_tokens, m.output_tokens, m.cost_usd, m.duration_ms, m.durations, m.first_tokens, m.at, m.at
        FROM unrolled_turns AS u
        JOIN step_measures AS m ON m.conversation_id = u.conversation_id AND m.seq = u.seq
            AND m.at >= u.calls_from AND m.at < u.calls_until
        JOIN piece AS p ON p.grain IS NOT NULL AND m.at >= p.starts_at AND m.at < p.ends_at
        WHERE model_counts.of_agent IS NULL OR u.agent = model_counts.of_agent
        UNION ALL
        SELECT p.period, m.model, m.version, m.provider, m.kind, m.error_class, 1, 0, m.input_tokens,
               m.cached_input_tokens, m.output_tokens, m.cost_usd, m.duration_ms, m.durations, 0, m.at, m.at
        FROM piece AS p
        JOIN compaction_measures AS m ON p.grain IS NULL AND m.created_at >= p.starts_at
            AND m.created_at < p.ends_at + interval '1 day' AND m.at >= p.starts_at AND m.at < p.ends_at
        WHERE model_counts.of_agent IS NULL OR m.agent = model_counts.of_agent
        UNION ALL
        SELECT p.period, m.model, m.version, m.provider, m.kind, m.error_class, 1, 0, m.input_tokens,
               m.cached_input_tokens, m.output_tokens, m.cost_usd, m.duration_ms, m.durations, 0, m.at, m.at
        FROM rollup_mark AS k
        JOIN compaction_measures AS m ON m.recorded_by >= k.recorded_before
        JOIN piece AS p ON p.grain IS NOT NULL AND m.at >= p.starts_at AND m.at < p.ends_at
        WHERE model_counts.of_agent IS NULL OR m.agent = model_counts.of_agent
        UNION ALL
        -- The calls of a handoff are its agents'; they are its own where it is asked for.
        SELECT p.period, m.model, m.version, m.provider, m.kind, m.error_class, 1, m.conversations, m.input_tokens,
               m.cached_input_tokens, m.output_tokens, m.cost_usd, m.duration_ms, m.durations, m.first_tokens, m.at, m.at
        FROM handoff_turns AS h
        JOIN step_measures AS m ON m.conversation_id = h.conversation_id AND m.seq = h.seq
            AND m.at >= h.calls_from AND m.at < h.calls_until
        JOIN piece AS p ON m.at >= p.starts_at AND m.at < p.ends_at
        WHERE h.chain = model_counts.of_agent
          AND h.calls_from < (SELECT max(o.ends_at) FROM piece AS o)
          AND h.calls_until > (SELECT min(o.starts_at) FROM piece AS o)
    )
    SELECT f.period, f.model, f.version, f.provider, f.kind, f.error_class, sum(f.calls)::bigint,
           sum(f.conversations)::bigint, sum(f.input_tokens)::bigint, sum(f.cached_input_tokens)::bigint,
           sum(f.output_tokens)::bigint, sum(f.cost_usd), sum(f.duration_ms), sum(f.durations), sum(f.first_tokens),
           min(f.first_at), max(f.last_at)
    FROM fact AS f
    GROUP BY f.period, f.model, f.version, f.provider, f.kind, f.error_class;
END $$;
COMMENT ON FUNCTION agentctl.model_counts(text, timestamptz[], timestamptz[]) IS
    'Calls of models in periods, of one agent or all, by model, version, provider, purpose and class of error: from the '
    'rollup, and from the rows that are not in it; of a handoff, while its turns are kept. Internal.';
REVOKE ALL ON FUNCTION agentctl.model_counts(text, timestamptz[], timestamptz[]) FROM PUBLIC;
