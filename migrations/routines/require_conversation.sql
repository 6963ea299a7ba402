-- replaces: require_conversation(text)
CREATE OR REPLACE FUNCTION agentctl.require_conversation(conversation text) RETURNS timestamptz
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
DECLARE
    started timestamptz;
BEGIN
    SELECT v.created_at INTO started FROM conversation AS v
    WHERE v.id = require_conversation.conversation AND agentctl.may_see(v.created_by);
    IF NOT FOUND THEN
        RAISE EXCEPTION 'there is no conversation "%"', require_conversation.conversation USING ERRCODE = 'AC002';
    END IF;
    RETURN started;
END $$;
COMMENT ON FUNCTION agentctl.require_conversation(text) IS
    'Returns when the conversation began. Fails with AC002 unless it exists and the caller may act on it; another '
    'user''s conversation is reported as if it did not exist.';
REVOKE ALL ON FUNCTION agentctl.require_conversation(text) FROM PUBLIC;
