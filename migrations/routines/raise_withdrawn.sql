CREATE OR REPLACE FUNCTION agentctl.raise_withdrawn(conversation text, responder text) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = agentctl, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'the use of "%", which answers in conversation "%", is not granted to "%"',
        raise_withdrawn.responder, raise_withdrawn.conversation, agentctl.caller() USING ERRCODE = 'AC004',
        HINT = format('An owner can grant it: SELECT agentctl.grant_use(%L, %L, %L).',
            agentctl.responder_kind(raise_withdrawn.responder), raise_withdrawn.responder, agentctl.caller());
END $$;
COMMENT ON FUNCTION agentctl.raise_withdrawn(text, text) IS
    'Fails with AC004: the caller may no longer use what answers in the conversation, or never could, as in that of a '
    'task. Internal.';
REVOKE ALL ON FUNCTION agentctl.raise_withdrawn(text, text) FROM PUBLIC;
