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
            -- Those of the tasks below the turns as well, of all attempts. To delegate is no effect of its own.
            WITH RECURSIVE below (conversation_id, seq, path) AS (
                SELECT apply_undo.conversation COLLATE "C", u.seq, ARRAY[u.seq]
                FROM unnest(undone) AS u (seq)
                UNION ALL
                SELECT CASE WHEN a.attempt = t.attempt THEN t.conversation_id ELSE agentctl.task_conversation_id(
                           t.id, t.parent_conversation_id, t.parent_seq, t.number, a.attempt) END,
                       t.seq, b.path || ARRAY[t.number, a.attempt::bigint]
                FROM below AS b
                CROSS JOIN LATERAL (
                    SELECT o.* FROM task AS o
                    WHERE o.parent_conversation_id = b.conversation_id AND o.parent_seq = b.seq
                      AND o.conversation_id IS NOT NULL OFFSET 0
                ) AS t
                CROSS JOIN LATERAL generate_series(1, t.attempt) AS a (attempt)
            )
            SELECT jsonb_agg(jsonb_strip_nulls(jsonb_build_object(
                'conversation', nullif(b.conversation_id, apply_undo.conversation), 'turn', c.seq, 'call', c.number,
                'tool', c.tool, 'state', c.state)) ORDER BY b.path, c.number)
            FROM below AS b
            CROSS JOIN LATERAL (
                SELECT o.* FROM tool_call AS o
                WHERE o.conversation_id = b.conversation_id AND o.seq = b.seq
                  AND o.effect IN ('unsafe', 'sql', 'idempotent') AND o.state IN ('succeeded', 'in_doubt', 'started')
                  AND o.started_at >= (SELECT agentctl.turn_lower_bound(b.conversation_id, b.seq)) OFFSET 0
            ) AS c
            WHERE NOT EXISTS (
                SELECT FROM task AS t
                WHERE t.parent_conversation_id = c.conversation_id AND t.parent_seq = c.seq
                  AND t.group_key = 'call ' || c.number)), '[]'));
END $$;
COMMENT ON FUNCTION agentctl.apply_undo(text, bigint, integer) IS
    'Marks the messages of the last turns as undone; returns which, and which effects of theirs and of the tasks below '
    'them stay: [{conversation, turn, call, tool, state}], conversation for tasks only. Internal: apply_operation() '
    'calls it.';
REVOKE ALL ON FUNCTION agentctl.apply_undo(text, bigint, integer) FROM PUBLIC;
