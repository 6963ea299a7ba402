CREATE OR REPLACE FUNCTION agentctl.require_conversation_id(id text) RETURNS void
LANGUAGE plpgsql IMMUTABLE SET search_path = agentctl, pg_temp AS $$
BEGIN
    IF id IS NULL OR octet_length(id) NOT BETWEEN 1 AND 200 OR id ~ '[[:cntrl:]]' OR id <> btrim(id) THEN
        RAISE EXCEPTION 'a conversation''s id has 1 to 200 bytes, no control characters and no spaces around it'
            USING ERRCODE = 'AC001';
    END IF;
END $$;
COMMENT ON FUNCTION agentctl.require_conversation_id(text) IS
    'Fails with AC001 unless a conversation can have this id, by the rule that agentctl.conversation checks.';
REVOKE ALL ON FUNCTION agentctl.require_conversation_id(text) FROM PUBLIC;
