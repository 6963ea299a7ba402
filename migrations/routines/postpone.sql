-- Whoever waits for the operation, or looks at it, is told why it takes so long.
CREATE OR REPLACE FUNCTION agentctl.postpone(conversation text, seq bigint, lease uuid, message text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = agentctl, pg_temp SET lock_timeout = '250ms' AS $$
#variable_conflict use_column
DECLARE
    told bigint;
BEGIN
    UPDATE conversation_control AS c
    SET state = 'ready', ready_at = clock_timestamp(), lease = NULL, worker_id = NULL, last_event = c.last_event + 1
    WHERE c.conversation_id = postpone.conversation AND c.lease = postpone.lease AND c.state = 'running'
      AND c.head_seq = postpone.seq - 1
    RETURNING c.last_event INTO told;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    INSERT INTO event (conversation_id, number, seq, type, data)
    VALUES (postpone.conversation, told, postpone.seq, 'error',
            jsonb_build_object('code', 'operation_postponed', 'message', left(postpone.message, 10000)));
    RETURN true;
END $$;
COMMENT ON FUNCTION agentctl.postpone(text, bigint, uuid, text) IS
    'Gives a claimed operation back that could not be carried out, with an event that says why; the claim stays one of '
    'the max_attempts. False: the lease no longer holds. Fails with 55P03 like finish().';
REVOKE ALL ON FUNCTION agentctl.postpone(text, bigint, uuid, text) FROM PUBLIC;
