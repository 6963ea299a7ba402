CREATE OR REPLACE FUNCTION agentctl.may_be_asked(responder text) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
BEGIN
    -- One that is out of force is reported by the turn.
    RETURN agentctl.may_use('agent', may_be_asked.responder) OR agentctl.may_use('chain', may_be_asked.responder)
        OR agentctl.responder_kind(may_be_asked.responder) IS NULL;
END $$;
COMMENT ON FUNCTION agentctl.may_be_asked(text) IS
    'Whether the caller may use what answers in a conversation, an agent or a chain, if it is in force. Internal.';
REVOKE ALL ON FUNCTION agentctl.may_be_asked(text) FROM PUBLIC;
