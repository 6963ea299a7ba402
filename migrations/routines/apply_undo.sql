CREATE OR REPLACE FUNCTION agentctl.apply_undo(conversation text, seq bigint, turns integer) RETURNS jsonb
LANGUAGE plpgsql SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
DECLARE
    undone bigint[];
    messages bigint;
    first bigint;
BEGIN
    -- Of a fork the copied messages too: they have the numbers of the turns that they come from.
    undone := ARRAY(
        SELECT DISTINCT m.seq FROM message AS m
        WHERE m.conversation_id = apply_undo.conversation AND m.undone_by IS NULL AND m.role = 'user'
        ORDER BY m.seq DESC LIMIT apply_undo.turns);
    first := (SELECT min(m.number) FROM message AS m
              WHERE m.conversation_id = apply_undo.conversation AND m.undone_by IS NULL AND m.seq = ANY (undone));
    UPDATE message AS m SET undone_by = apply_undo.seq
    WHERE m.conversation_id = apply_undo.conversation AND m.undone_by IS NULL AND m.seq = ANY (undone);
    GET DIAGNOSTICS messages = ROW_COUNT;
    -- The summary before it may tell of nothing that was undone; else the messages speak for themselves again.
    UPDATE compaction AS o SET undone_by = apply_undo.seq
    WHERE o.conversation_id = apply_undo.conversation AND o.undone_by IS NULL AND o.last_message >= first;
    RETURN jsonb_build_object(
        'turns', coalesce((SELECT jsonb_agg(u ORDER BY u) FROM unnest(undone) AS u), '[]'),
        'messages', messages,
        'effects', coalesce((
            SELECT jsonb_agg(jsonb_build_object('turn', t.seq, 'call', t.number, 'tool', t.tool, 'state', t.state)
                ORDER BY t.seq, t.number)
            FROM tool_call AS t
            WHERE t.conversation_id = apply_undo.conversation AND t.seq = ANY (undone)
              AND t.effect IN ('unsafe', 'sql', 'idempotent')
              AND t.state IN ('succeeded', 'in_doubt', 'started')
              AND t.started_at >= (SELECT v.created_at FROM conversation AS v WHERE v.id = t.conversation_id)), '[]'));
END $$;
COMMENT ON FUNCTION agentctl.apply_undo(text, bigint, integer) IS
    'Marks the messages of the last turns as undone; returns which, and which effects of theirs stay. Internal: '
    'apply_operation() calls it.';
REVOKE ALL ON FUNCTION agentctl.apply_undo(text, bigint, integer) FROM PUBLIC;
