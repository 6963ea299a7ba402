CREATE OR REPLACE FUNCTION agentctl.is_locked(conversation text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
BEGIN
    PERFORM FROM conversation_control AS c
    WHERE c.conversation_id = is_locked.conversation FOR NO KEY UPDATE SKIP LOCKED;
    RETURN NOT FOUND;
END $$;
COMMENT ON FUNCTION agentctl.is_locked(text) IS
    'Whether a transaction holds a conversation''s row, without waiting for it. Internal: a worker that has a turn to '
    'store asks.';
REVOKE ALL ON FUNCTION agentctl.is_locked(text) FROM PUBLIC;
