CREATE OR REPLACE FUNCTION agentctl.may_be_asked(responder text) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
DECLARE
    kind text;
BEGIN
    IF agentctl.may_see_all() THEN
        RETURN true;
    END IF;
    kind := agentctl.responder_kind(may_be_asked.responder);
    -- One that is out of force is reported by the turn.
    RETURN kind IS NULL OR agentctl.may_use(kind, may_be_asked.responder);
END $$;
COMMENT ON FUNCTION agentctl.may_be_asked(text) IS
    'Whether the caller may use what answers in a conversation, an agent or a chain, if it is in force. Internal.';
REVOKE ALL ON FUNCTION agentctl.may_be_asked(text) FROM PUBLIC;
