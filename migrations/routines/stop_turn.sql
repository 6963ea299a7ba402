-- The worker that holds the conversation is told by a notification, and finds out with its next heartbeat if that is
-- lost.
CREATE OR REPLACE FUNCTION agentctl.stop_turn(conversation text) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
DECLARE
    stopped bigint;
BEGIN
    -- A turn that waits for a person, or for a worker to go on with it, is claimed once more and ended.
    UPDATE conversation_control AS c
    SET cancel_seq = c.head_seq + 1,
        state = CASE c.state WHEN 'running' THEN c.state ELSE 'ready' END,
        ready_at = CASE c.state WHEN 'running' THEN c.ready_at ELSE coalesce(c.ready_at, clock_timestamp()) END
    WHERE c.conversation_id = stop_turn.conversation AND (c.state = 'running' OR c.has_progress)
    RETURNING c.cancel_seq INTO stopped;
    IF FOUND THEN
        PERFORM pg_notify('agentctl_signal', '');
    END IF;
    RETURN stopped;
END $$;
COMMENT ON FUNCTION agentctl.stop_turn(text) IS
    'Has the turn in progress stopped and returns its number; NULL when none is. Internal: interrupt() and submit() '
    'call it.';
REVOKE ALL ON FUNCTION agentctl.stop_turn(text) FROM PUBLIC;
