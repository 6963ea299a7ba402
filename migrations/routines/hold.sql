-- A transaction that runs an SQL function and stores its result takes the row first, so that nobody else does both.
CREATE OR REPLACE FUNCTION agentctl.hold(conversation text, lease uuid) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = agentctl, pg_temp SET lock_timeout = '250ms' AS $$
#variable_conflict use_column
BEGIN
    PERFORM FROM conversation_control AS c
    WHERE c.conversation_id = hold.conversation AND c.lease = hold.lease AND c.state = 'running' FOR NO KEY UPDATE;
    RETURN FOUND;
END $$;
COMMENT ON FUNCTION agentctl.hold(text, uuid) IS
    'Locks a conversation''s row until the transaction ends. False: the lease no longer holds. Fails with 55P03 like '
    'finish().';
REVOKE ALL ON FUNCTION agentctl.hold(text, uuid) FROM PUBLIC;
