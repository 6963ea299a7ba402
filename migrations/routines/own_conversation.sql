-- As conversation_id() finds it, with one look where the id is a whole one: every call of a client begins here.
CREATE OR REPLACE FUNCTION agentctl.own_conversation(conversation text) RETURNS text
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
DECLARE
    account text := agentctl.account_name();
    whole text;
BEGIN
    IF EXISTS (SELECT FROM conversation AS v
               WHERE v.id = own_conversation.conversation AND v.created_by = account) THEN
        RETURN own_conversation.conversation;
    END IF;
    whole := agentctl.conversation_id(own_conversation.conversation);
    IF NOT EXISTS (SELECT FROM conversation AS v
                   WHERE v.id = whole AND (v.created_by = account OR agentctl.may_see_all())) THEN
        RAISE EXCEPTION 'there is no conversation "%"', own_conversation.conversation USING ERRCODE = 'AC002';
    END IF;
    RETURN whole;
END $$;
COMMENT ON FUNCTION agentctl.own_conversation(text) IS
    'The id of the conversation that the caller calls by this name. Fails with AC002 unless it exists and the caller '
    'may act on it; another user''s conversation is reported as if it did not exist.';
REVOKE ALL ON FUNCTION agentctl.own_conversation(text) FROM PUBLIC;
