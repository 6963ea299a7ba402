CREATE OR REPLACE FUNCTION agentctl.usable_responder(name text, account text DEFAULT NULL) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = agentctl, pg_temp AS $$
DECLARE
    kind text := agentctl.responder_kind(usable_responder.name);
BEGIN
    RETURN CASE WHEN agentctl.may_use(kind, usable_responder.name, usable_responder.account) THEN kind END;
END $$;
COMMENT ON FUNCTION agentctl.usable_responder(text, text) IS
    'What answers under a name, agent or chain; NULL when neither is in force, or the caller, or the account, may not '
    'use it. Internal.';
REVOKE ALL ON FUNCTION agentctl.usable_responder(text, text) FROM PUBLIC;
