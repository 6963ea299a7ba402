-- Each statement joins a list of keys, in the order of its text, so that a row is looked up once for both grains. The calls of
-- a turn began while it ran, but for what clocks do: so only the partitions of that time are searched.
CREATE OR REPLACE FUNCTION agentctl.add_turns(conversations text[], seqs bigint[], times timestamptz[]) RETURNS void
LANGUAGE plpgsql SET search_path = agentctl, pg_temp SET timezone = 'UTC' SET plan_cache_mode = force_generic_plan
    SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET join_collapse_limit = 1
    SET jit = off AS $$
#variable_conflict use_column
DECLARE
    called record;
BEGIN
    INSERT INTO turn_rollup AS r
    SELECT g.grain, date_trunc(g.grain::text, m.at), m.agent, m.version, m.status, m.error_class, count(*),
           sum(m.conversations), sum(m.model_calls), sum(m.tool_calls), sum(m.input_tokens),
           sum(m.cached_input_tokens), sum(m.output_tokens), sum(m.cost_usd), sum(m.queue_ms), sum(m.durations),
           min(m.at), max(m.at)
    FROM unnest(conversations, seqs, times) AS k (conversation_id, seq, at)
    JOIN turn_measures AS m ON m.conversation_id = k.conversation_id AND m.seq = k.seq AND m.at = k.at
    CROSS JOIN unnest(enum_range(NULL::rollup_grain)) AS g (grain)
    GROUP BY 1, 2, 3, 4, 5, 6 ORDER BY 1, 2, 3, 4, 5, 6
    ON CONFLICT (grain, starts_at, agent, version, status, error_class) DO UPDATE
    SET turns = r.turns + excluded.turns, conversations = r.conversations + excluded.conversations,
        model_calls = r.model_calls + excluded.model_calls, tool_calls = r.tool_calls + excluded.tool_calls,
        input_tokens = r.input_tokens + excluded.input_tokens,
        cached_input_tokens = r.cached_input_tokens + excluded.cached_input_tokens,
        output_tokens = r.output_tokens + excluded.output_tokens, cost_usd = r.cost_usd + excluded.cost_usd,
        queue_ms = r.queue_ms + excluded.queue_ms, durations = r.durations + excluded.durations,
        first_at = least(r.first_at, excluded.first_at), last_at = greatest(r.last_at, excluded.last_at);

    INSERT INTO model_rollup AS r
    SELECT g.grain, date_trunc(g.grain::text, m.at), t.agent, m.model, m.version, m.provider, m.kind, m.error_class,
           count(*), sum(m.conversations), sum(m.input_tokens), sum(m.cached_input_tokens), sum(m.output_tokens),
           sum(m.cost_usd), sum(m.duration_ms), sum(m.durations), sum(m.first_tokens), min(m.at), max(m.at)
    FROM unnest(conversations, seqs, times) AS k (conversation_id, seq, at)
    JOIN turn AS t ON t.conversation_id = k.conversation_id AND t.seq = k.seq AND t.started_at = k.at
    JOIN step_measures AS m ON m.conversation_id = k.conversation_id AND m.seq = k.seq
        AND m.at >= t.started_at - interval '1 day' AND m.at < t.finished_at + interval '1 day'
    CROSS JOIN unnest(enum_range(NULL::rollup_grain)) AS g (grain)
    GROUP BY 1, 2, 3, 4, 5, 6, 7, 8 ORDER BY 1, 2, 3, 4, 5, 6, 7, 8
    ON CONFLICT (grain, starts_at, agent, model, version, provider, kind, error_class) DO UPDATE
    SET calls = r.calls + excluded.calls, conversations = r.conversations + excluded.conversations,
        input_tokens = r.input_tokens + excluded.input_tokens,
        cached_input_tokens = r.cached_input_tokens + excluded.cached_input_tokens,
        output_tokens = r.output_tokens + excluded.output_tokens, cost_usd = r.cost_usd + excluded.cost_usd,
        duration_ms = r.duration_ms + excluded.duration_ms, durations = r.durations + excluded.durations,
        first_tokens = r.first_tokens + excluded.first_tokens,
        first_at = least(r.first_at, excluded.first_at), last_at = greatest(r.last_at, excluded.last_at);

    INSERT INTO tool_rollup AS r
    SELECT g.grain, date_trunc(g.grain::text, m.at), t.agent, m.tool, m.version, m.state, m.error_class, count(*),
           sum(m.conversations), count(*) FILTER (WHERE m.truncated), sum(m.durations), min(m.at), max(m.at)
    FROM unnest(conversations, seqs, times) AS k (conversation_id, seq, at)
    JOIN turn AS t ON t.conversation_id = k.conversation_id AND t.seq = k.seq AND t.started_at = k.at
    JOIN call_measures AS m ON m.conversation_id = k.conversation_id AND m.seq = k.seq
        AND m.at >= t.started_at - interval '1 day' AND m.at < t.finished_at + interval '1 day'
    CROSS JOIN unnest(enum_range(NULL::rollup_grain)) AS g (grain)
    GROUP BY 1, 2, 3, 4, 5, 6, 7 ORDER BY 1, 2, 3, 4, 5, 6, 7
    ON CONFLICT (grain, starts_at, agent, tool, version, state, error_class) DO UPDATE
    SET calls = r.calls + excluded.calls, conversations = r.conversations + excluded.conversations,
        truncated = r.truncated + excluded.truncated, durations = r.durations + excluded.durations,
        first_at = least(r.first_at, excluded.first_at), last_at = greatest(r.last_at, excluded.last_at);

    SELECT array_agg(c.id) AS ids, array_agg(c.started_at) AS times, array_agg(t.agent) AS agents INTO called
    FROM unnest(conversations, seqs, times) AS k (conversation_id, seq, at)
    JOIN turn AS t ON t.conversation_id = k.conversation_id AND t.seq = k.seq AND t.started_at = k.at
    JOIN function_call AS c ON c.conversation_id = k.conversation_id AND c.seq = k.seq
        AND c.started_at >= t.started_at - interval '1 day' AND c.started_at < t.finished_at + interval '1 day';
    PERFORM agentctl.add_function_calls(called.ids, called.times, called.agents);
END $$;
COMMENT ON FUNCTION agentctl.add_turns(text[], bigint[], timestamptz[]) IS
    'Adds turns, with all their calls, to the rollup. Internal: whoever calls it holds the row of rollup_mark, and sees '
    'to it that no turn is added twice.';
REVOKE ALL ON FUNCTION agentctl.add_turns(text[], bigint[], timestamptz[]) FROM PUBLIC;
