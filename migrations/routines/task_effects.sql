-- Delegating is no effect of its own: what the tasks below have done is listed themselves.
CREATE OR REPLACE FUNCTION agentctl.task_effects(conversation text, seq bigint) RETURNS jsonb
LANGUAGE plpgsql STABLE SET search_path = agentctl, pg_temp
    SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET jit = off AS $$
#variable_conflict use_column
BEGIN
    RETURN (
        WITH RECURSIVE below (conversation_id, seq) AS (
            SELECT task_effects.conversation COLLATE "C", task_effects.seq
            UNION ALL
            SELECT t.conversation_id, t.seq
            FROM below AS b JOIN task AS t ON t.parent_conversation_id = b.conversation_id AND t.parent_seq = b.seq
            WHERE t.conversation_id IS NOT NULL
        )
        SELECT jsonb_agg(jsonb_build_object('turn', c.conversation_id || '/' || c.seq, 'call', c.number,
            'tool', c.tool, 'state', c.state) ORDER BY c.started_at, c.conversation_id, c.number)
        FROM below AS b
        JOIN submission AS s ON s.conversation_id = b.conversation_id AND s.seq = b.seq
        JOIN tool_call AS c ON c.conversation_id = b.conversation_id AND c.seq = b.seq
            AND c.started_at >= s.created_at - interval '1 day'
        WHERE (c.effect IN ('unsafe', 'sql') AND c.state IN ('started', 'succeeded', 'in_doubt')
               -- What failed may have done a part, unless it never began.
               OR c.effect = 'unsafe' AND c.state = 'failed' AND coalesce(c.error_code, '') NOT IN (
                   'invalid_arguments', 'not_found', 'denied', 'not_begun', 'configuration', 'did_not_happen'))
          AND NOT EXISTS (
              SELECT FROM task AS t
              WHERE t.parent_conversation_id = c.conversation_id AND t.parent_seq = c.seq
                AND t.group_key = 'call ' || c.number));
END $$;
COMMENT ON FUNCTION agentctl.task_effects(text, bigint) IS
    'What a turn and all tasks below it have done that a repetition would do again: [{turn, call, tool, state}]; NULL '
    'for nothing. Internal: settle_task() calls it.';
REVOKE ALL ON FUNCTION agentctl.task_effects(text, bigint) FROM PUBLIC;
