CREATE OR REPLACE FUNCTION agentctl.grantable_conversation(conversation text) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
DECLARE
    whole text := agentctl.own_conversation(grantable_conversation.conversation);
BEGIN
    -- A worker may act on all of them, and decides about none.
    IF NOT agentctl.is_owner() AND NOT EXISTS (
        SELECT FROM conversation AS v WHERE v.id = whole AND v.created_by = agentctl.account_name())
    THEN
        RAISE EXCEPTION 'who may read conversation "%" is for its user or an owner to say', whole
            USING ERRCODE = 'AC004';
    END IF;
    RETURN whole;
END $$;
COMMENT ON FUNCTION agentctl.grantable_conversation(text) IS
    'The id of a conversation that the caller may grant to others. Fails with AC002 for others, and with AC004 for '
    'workers. Internal: grant_conversation() and revoke_conversation() call it.';
REVOKE ALL ON FUNCTION agentctl.grantable_conversation(text) FROM PUBLIC;
