-- replaces: start_conversation(text, text); start_conversation(text, text, text)
CREATE OR REPLACE FUNCTION agentctl.start_conversation(
    conversation text, agent text, account text DEFAULT agentctl.keep_account(), user_id text DEFAULT NULL
) RETURNS boolean
LANGUAGE plpgsql SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
DECLARE
    is_new boolean;
BEGIN
    IF agentctl.usable_responder(start_conversation.agent) IS NULL THEN
        PERFORM agentctl.raise_unusable('agent', start_conversation.agent,
            'Name one of agentctl.agents or agentctl.chains, or register it first.');
    END IF;
    PERFORM agentctl.refuse_task_conversation_id(start_conversation.conversation);
    INSERT INTO conversation (id, agent, created_by, user_id)
    VALUES (start_conversation.conversation, start_conversation.agent, start_conversation.account,
            start_conversation.user_id)
    ON CONFLICT DO NOTHING;
    is_new := FOUND;
    INSERT INTO conversation_control (conversation_id, account_key)
    VALUES (start_conversation.conversation, agentctl.account_key(start_conversation.account)) ON CONFLICT DO NOTHING;
    RETURN is_new;
END $$;
COMMENT ON FUNCTION agentctl.start_conversation(text, text, text, text) IS
    'Makes the rows of a conversation of an account; false when another has made them meanwhile, and only who has '
    'made them may fill them. Internal: submit() and fork() call it.';
REVOKE ALL ON FUNCTION agentctl.start_conversation(text, text, text, text) FROM PUBLIC;
