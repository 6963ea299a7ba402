CREATE OR REPLACE FUNCTION agentctl.readable_conversation(conversation text) RETURNS text
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
BEGIN
    -- Readers see all conversations, and name them by their whole ids.
    IF agentctl.holds_role(agentctl.caller(), 'agentctl_reader')
        AND EXISTS (SELECT FROM conversation AS v WHERE v.id = readable_conversation.conversation) THEN
        RETURN readable_conversation.conversation;
    END IF;
    -- Where nothing is granted, nothing is looked for.
    IF EXISTS (SELECT FROM conversation_grant) AND agentctl.is_granted_conversation(readable_conversation.conversation) THEN
        RETURN readable_conversation.conversation;
    END IF;
    RETURN agentctl.own_conversation(readable_conversation.conversation);
END $$;
COMMENT ON FUNCTION agentctl.readable_conversation(text) IS
    'The id of the conversation that the caller calls by this name and may read: its own, those that are '
    'granted to its roles, or any for readers. Fails '
    'with AC002 for others, as if they did not exist.';
REVOKE ALL ON FUNCTION agentctl.readable_conversation(text) FROM PUBLIC;
