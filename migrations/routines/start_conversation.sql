CREATE OR REPLACE FUNCTION agentctl.start_conversation(conversation text, agent text) RETURNS void
LANGUAGE plpgsql SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
DECLARE
    chosen text := coalesce(start_conversation.agent, agentctl.setting('default_agent'));
BEGIN
    IF NOT EXISTS (SELECT FROM definition AS d WHERE d.kind = 'agent' AND d.name = chosen) THEN
        PERFORM agentctl.raise_unknown('agent', chosen,
            'Name one of the agents in agentctl.agents, or register it first.');
    END IF;
    PERFORM agentctl.refuse_task_conversation_id(start_conversation.conversation);
    INSERT INTO conversation (id, agent) VALUES (start_conversation.conversation, chosen) ON CONFLICT DO NOTHING;
    INSERT INTO conversation_control (conversation_id) VALUES (start_conversation.conversation) ON CONFLICT DO NOTHING;
END $$;
COMMENT ON FUNCTION agentctl.start_conversation(text, text) IS
    'Makes the rows of a conversation. Internal: submit() calls it.';
REVOKE ALL ON FUNCTION agentctl.start_conversation(text, text) FROM PUBLIC;
