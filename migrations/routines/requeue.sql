-- What another session holds, or has not committed, is left out: requeue_moved() comes again.
CREATE OR REPLACE FUNCTION agentctl.requeue(responders text[]) RETURNS integer
LANGUAGE plpgsql SET search_path = agentctl, pg_temp SET jit = off AS $$
#variable_conflict use_column
DECLARE
    moved integer;
BEGIN
    IF responders = '{}' THEN
        RETURN 0;
    END IF;
    WITH waiting AS MATERIALIZED (
        SELECT c.conversation_id, c.queue_key, c.head_seq + 1 AS seq, c.cancel_seq > c.head_seq AS is_stopped
        FROM work_list AS w
        JOIN conversation_control AS c ON c.conversation_id = w.conversation_id
        JOIN conversation AS v ON v.id = c.conversation_id
        LEFT JOIN submission AS s ON s.conversation_id = c.conversation_id AND s.seq = c.head_seq + 1
        JOIN responder_queue AS r ON r.name = coalesce(s.agent, v.agent)
        WHERE w.state = 'ready' AND c.state = 'ready' AND coalesce(s.agent, v.agent) = ANY (responders)
          -- What waits where its agent does stays there.
          AND (c.queue_key <> r.queue_key OR s.queue IS NOT NULL OR s.workspace IS NOT NULL OR v.settings ? 'model')
        FOR NO KEY UPDATE OF c SKIP LOCKED
    ), placed AS MATERIALIZED (
        SELECT w.conversation_id, w.queue_key, agentctl.queue_of(w.conversation_id, w.seq, w.is_stopped) AS key
        FROM waiting AS w
    )
    UPDATE conversation_control AS c SET queue_key = p.key
    FROM placed AS p WHERE c.conversation_id = p.conversation_id AND p.key <> p.queue_key;
    GET DIAGNOSTICS moved = ROW_COUNT;
    IF moved > 0 THEN
        PERFORM pg_notify('agentctl_ready', '');
    END IF;
    RETURN moved;
END $$;
COMMENT ON FUNCTION agentctl.requeue(text[]) IS
    'Has what is ready for these agents and chains wait in the queues that they have now; returns how many '
    'conversations moved. Internal.';
REVOKE ALL ON FUNCTION agentctl.requeue(text[]) FROM PUBLIC;
