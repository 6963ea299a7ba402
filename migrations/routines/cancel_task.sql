CREATE OR REPLACE FUNCTION agentctl.cancel_task(task bigint) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
DECLARE
    asked agentctl.task := agentctl.require_task(cancel_task.task);
BEGIN
    UPDATE task AS t SET state = 'cancelled', error_code = 'interrupted', finished_at = clock_timestamp()
    WHERE t.id = cancel_task.task AND t.state IN ('pending', 'held');
    IF FOUND THEN
        IF asked.parent_conversation_id IS NULL THEN
            PERFORM agentctl.release_dependents(cancel_task.task);
        ELSE
            PERFORM agentctl.tell_parent(asked.parent_conversation_id);
        END IF;
        RETURN true;
    END IF;
    -- Another attempt may begin meanwhile: then that one is stopped.
    FOR tries IN 1..3 LOOP
        asked := agentctl.require_task(cancel_task.task);
        IF asked.finished_at IS NOT NULL THEN
            RAISE EXCEPTION 'task % is % already', asked.id, asked.state USING ERRCODE = 'AC003';
        END IF;
        PERFORM agentctl.lock_conversation(asked.conversation_id);
        PERFORM agentctl.stop_children(asked.conversation_id, asked.seq);
        UPDATE conversation_control AS c
        SET cancel_seq = c.head_seq + 1,
            state = CASE c.state WHEN 'running' THEN c.state ELSE 'ready' END,
            ready_at = CASE c.state WHEN 'running' THEN NULL ELSE coalesce(c.ready_at, clock_timestamp()) END,
            wake_at = NULL
        WHERE c.conversation_id = asked.conversation_id AND c.head_seq = asked.seq - 1;
        EXIT WHEN FOUND;
    END LOOP;
    PERFORM pg_notify('agentctl_signal', '');
    RETURN false;
END $$;
COMMENT ON FUNCTION agentctl.cancel_task(bigint) IS
    'Cancels a task. True: it had not begun, and has ended; false: it is being stopped, with all tasks below it, and '
    'ends when a worker has seen to it. Fails with AC003 when it has ended.';
REVOKE ALL ON FUNCTION agentctl.cancel_task(bigint) FROM PUBLIC;
