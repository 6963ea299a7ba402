CREATE OR REPLACE FUNCTION agentctl.turn_tasks(conversation text, seq bigint) RETURNS jsonb
LANGUAGE plpgsql STABLE SET search_path = agentctl, pg_temp
    SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET jit = off AS $$
#variable_conflict use_column
BEGIN
    RETURN (
        SELECT jsonb_agg(jsonb_strip_nulls(jsonb_build_object(
            'id', r.id, 'number', r.number, 'group', nullif(r.group_key, ''), 'agent', r.agent, 'state', r.state,
            'told', r.told, 'conversation', r.conversation_id, 'attempt', nullif(r.attempt, 1),
            'output', CASE WHEN r.bytes <= 4194304 THEN r.output END, 'code', r.error_code,
            'message', r.error_message, 'effects', r.effects, 'chosen', r.choices_made,
            -- An open task holds all that it may take.
            'tokens', nullif(CASE WHEN r.finished_at IS NULL THEN greatest(r.budget_tokens, r.tokens)
                ELSE r.tokens END, 0),
            'cost_usd', nullif(CASE WHEN r.finished_at IS NULL THEN greatest(r.budget_usd, r.cost_usd)
                ELSE r.cost_usd END, 0))) ORDER BY r.number)
        FROM (
            SELECT t.*, m.content AS output, sum(coalesce(octet_length(m.content), 0)) OVER (ORDER BY t.number) AS bytes
            FROM task AS t
            LEFT JOIN LATERAL (
                SELECT o.content FROM message AS o
                WHERE t.state = 'done' AND t.told AND o.conversation_id = t.conversation_id AND o.seq = t.seq
                  AND o.role = 'assistant'
                ORDER BY o.number DESC LIMIT 1
            ) AS m ON true
            WHERE t.parent_conversation_id = turn_tasks.conversation AND t.parent_seq = turn_tasks.seq
        ) AS r);
END $$;
COMMENT ON FUNCTION agentctl.turn_tasks(text, bigint) IS
    'The tasks of a turn with what came of them, by number: [{id, number, group, agent, state, told, conversation, '
    'attempt, output, code, message, effects, tokens, cost_usd}], without what is null; NULL for none. Of the outputs '
    'the first 4 MiB. Internal: turn_progress_report() calls it.';
REVOKE ALL ON FUNCTION agentctl.turn_tasks(text, bigint) FROM PUBLIC;
