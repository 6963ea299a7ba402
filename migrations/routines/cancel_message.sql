-- The submission stays where it is in the queue, as one that asks for nothing: its number, its key and its place in the
-- stream of events are taken. Whoever comes to it passes over it: a worker, or this function where it is the next.
CREATE OR REPLACE FUNCTION agentctl.cancel_message(conversation text, seq bigint) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
DECLARE
    stands record;
    asked record;
    name text;
    reason text;
    passed record;
    hint text := 'Only a message that waits can be cancelled.';
BEGIN
    cancel_message.conversation := agentctl.own_conversation(cancel_message.conversation);
    PERFORM agentctl.lock_conversation(cancel_message.conversation);
    name := cancel_message.conversation || '/' || cancel_message.seq;
    SELECT c.head_seq, c.state, c.state IN ('running', 'waiting', 'parked') OR c.has_progress AS is_under_way
    INTO stands FROM conversation_control AS c WHERE c.conversation_id = cancel_message.conversation;
    SELECT s.operation, s.task_id, s.taken_by INTO asked FROM submission AS s
    WHERE s.conversation_id = cancel_message.conversation AND s.seq = cancel_message.seq;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'there is no submission %', coalesce(name, 'without a number') USING ERRCODE = 'AC002';
    ELSIF asked.operation = 'interrupt' THEN
        RETURN false;
    ELSIF asked.operation NOT IN ('user_input', 'steer') THEN
        reason := format('is no message but %s', asked.operation);
    ELSIF asked.task_id IS NOT NULL THEN
        reason := format('is what task %s asks', asked.task_id);
        hint := format('Cancel the task: agentctl tasks cancel %s, or SELECT agentctl.cancel_task(%1$s).',
            asked.task_id);
    ELSIF asked.taken_by IS NOT NULL THEN
        reason := format('was taken up by turn %s', asked.taken_by);
    ELSIF cancel_message.seq <= stands.head_seq THEN
        reason := 'has ended';
    ELSIF cancel_message.seq = stands.head_seq + 1 AND stands.is_under_way THEN
        reason := 'has begun';
        hint := 'Stop its turn: agentctl interrupt, or agentctl.interrupt().';
    ELSIF asked.operation = 'steer' AND stands.is_under_way THEN
        reason := format('was sent into turn %s, which may have taken it up', stands.head_seq + 1);
    END IF;
    IF reason IS NOT NULL THEN
        RAISE EXCEPTION 'submission % %', name, reason USING ERRCODE = 'AC003', HINT = hint;
    END IF;
    UPDATE submission AS s
    SET operation = 'interrupt',
        body = s.body || jsonb_build_object('cancelled_by', agentctl.account_name(), 'cancelled_at', clock_timestamp())
    WHERE s.conversation_id = cancel_message.conversation AND s.seq = cancel_message.seq;
    -- A plan that it was to run does not run.
    UPDATE plan AS p SET state = 'cancelled', finished_at = clock_timestamp()
    WHERE p.conversation_id = cancel_message.conversation AND p.seq = cancel_message.seq AND p.finished_at IS NULL;
    -- A worker that serves its queue may not be there, and what comes next may wait in another.
    LOOP
        UPDATE conversation_control AS c
        SET state = 'running', lease = gen_random_uuid(), worker_id = 0, ready_at = NULL
        WHERE c.conversation_id = cancel_message.conversation AND c.state = 'ready' AND NOT c.has_progress
          AND EXISTS (SELECT FROM submission AS s WHERE s.conversation_id = c.conversation_id
              AND s.seq = c.head_seq + 1 AND s.operation = 'interrupt')
        RETURNING c.head_seq + 1 AS seq, c.lease INTO passed;
        EXIT WHEN NOT FOUND;
        PERFORM agentctl.apply_operation(cancel_message.conversation, passed.seq, passed.lease);
    END LOOP;
    PERFORM agentctl.notify_workers(c.queue_key, c.conversation_id) FROM conversation_control AS c
    WHERE c.conversation_id = cancel_message.conversation AND c.state = 'ready';
    RETURN true;
END $$;
COMMENT ON FUNCTION agentctl.cancel_message(text, bigint) IS
    'Cancels a message that waits for its turn: no agent answers it. False when it was cancelled already. Fails with '
    'AC003 when it has begun or ended, with AC002 when there is no such submission, and with 55P03 as interrupt() does.';
REVOKE ALL ON FUNCTION agentctl.cancel_message(text, bigint) FROM PUBLIC;
