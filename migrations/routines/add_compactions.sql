CREATE OR REPLACE FUNCTION agentctl.add_compactions(conversations text[], numbers integer[]) RETURNS void
LANGUAGE plpgsql SET search_path = agentctl, pg_temp SET timezone = 'UTC' SET plan_cache_mode = force_generic_plan
    SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET jit = off AS $$
#variable_conflict use_column
BEGIN
    IF conversations IS NULL THEN
        RETURN;
    END IF;
    INSERT INTO model_rollup AS r
    SELECT g.grain, date_trunc(g.grain::text, m.at), m.agent, m.model, m.version, m.provider, m.kind, m.error_class,
           count(*), 0, sum(m.input_tokens), sum(m.cached_input_tokens), sum(m.output_tokens), sum(m.cost_usd),
           sum(m.duration_ms), sum(m.durations), 0, min(m.at), max(m.at)
    FROM unnest(conversations, numbers) AS k (conversation_id, number)
    JOIN compaction_measures AS m ON m.conversation_id = k.conversation_id AND m.number = k.number
    CROSS JOIN unnest(enum_range(NULL::rollup_grain)) AS g (grain)
    GROUP BY 1, 2, 3, 4, 5, 6, 7, 8 ORDER BY 1, 2, 3, 4, 5, 6, 7, 8
    ON CONFLICT (grain, starts_at, agent, model, version, provider, kind, error_class) DO UPDATE
    SET calls = r.calls + excluded.calls, input_tokens = r.input_tokens + excluded.input_tokens,
        cached_input_tokens = r.cached_input_tokens + excluded.cached_input_tokens,
        output_tokens = r.output_tokens + excluded.output_tokens, cost_usd = r.cost_usd + excluded.cost_usd,
        duration_ms = r.duration_ms + excluded.duration_ms, durations = r.durations + excluded.durations,
        first_at = least(r.first_at, excluded.first_at), last_at = greatest(r.last_at, excluded.last_at);
END $$;
COMMENT ON FUNCTION agentctl.add_compactions(text[], integer[]) IS
    'Adds the calls of summaries to the rollup. Internal: as add_turns().';
REVOKE ALL ON FUNCTION agentctl.add_compactions(text[], integer[]) FROM PUBLIC;
