CREATE OR REPLACE FUNCTION agentctl.hold_conversation(conversation text) RETURNS void
LANGUAGE plpgsql SET search_path = agentctl, pg_temp AS $$
BEGIN
    PERFORM FROM conversation_control AS c WHERE c.conversation_id = hold_conversation.conversation FOR KEY SHARE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'there is no conversation "%"', hold_conversation.conversation USING ERRCODE = 'AC002';
    END IF;
END $$;
COMMENT ON FUNCTION agentctl.hold_conversation(text) IS
    'Keeps a conversation from being deleted until the transaction ends, so that nothing is written for one that is '
    'gone; fails with AC002 when it is. Internal.';
REVOKE ALL ON FUNCTION agentctl.hold_conversation(text) FROM PUBLIC;
