CREATE OR REPLACE FUNCTION agentctl.submit_operation(conversation text, operation agentctl.operation, body jsonb)
    RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
DECLARE
    accepted bigint;
    is_first boolean;
    queue integer;
BEGIN
    submit_operation.conversation := agentctl.own_conversation(submit_operation.conversation);
    PERFORM agentctl.lock_conversation(submit_operation.conversation);
    SELECT agentctl.queue_for(v.agent, model => v.settings ->> 'model',
        is_bare => submit_operation.operation <> 'compact') INTO queue
    FROM conversation AS v WHERE v.id = submit_operation.conversation;
    UPDATE conversation_control AS c
    SET tail_seq = c.tail_seq + 1,
        queue_key = CASE c.state WHEN 'idle' THEN queue ELSE c.queue_key END,
        state = CASE c.state WHEN 'idle' THEN 'ready' ELSE c.state END,
        ready_at = CASE c.state WHEN 'idle' THEN clock_timestamp() ELSE c.ready_at END,
        closed_seq = CASE submit_operation.operation WHEN 'shutdown' THEN c.tail_seq + 1 END
    WHERE c.conversation_id = submit_operation.conversation AND c.closed_seq IS NULL
    RETURNING c.tail_seq, c.tail_seq = c.head_seq + 1 INTO accepted, is_first;
    IF accepted IS NULL THEN
        RAISE EXCEPTION 'conversation "%" is closed', submit_operation.conversation USING ERRCODE = 'AC003';
    END IF;
    INSERT INTO submission (conversation_id, seq, operation, body)
    VALUES (submit_operation.conversation, accepted, submit_operation.operation, submit_operation.body);
    IF is_first THEN
        PERFORM agentctl.notify_workers(queue, submit_operation.conversation);
    END IF;
    RETURN accepted;
END $$;
COMMENT ON FUNCTION agentctl.submit_operation(text, agentctl.operation, jsonb) IS
    'Queues an operation for a conversation and returns its number. Fails with 55P03, and says who it is, when another '
    'transaction holds the conversation for two seconds. Internal: undo(), shutdown() and set() call it.';
REVOKE ALL ON FUNCTION agentctl.submit_operation(text, agentctl.operation, jsonb) FROM PUBLIC;
