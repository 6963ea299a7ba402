-- Whose a new memory is, as a conversation and the word of `for` say.
CREATE OR REPLACE FUNCTION agentctl.scope_for(conversation text, "for" text, collection text, agent text)
RETURNS integer
LANGUAGE plpgsql SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
DECLARE
    held record;
    whose text := coalesce(scope_for."for", 'user');
BEGIN
    SELECT v.tenant, v.created_by, v.agent, v.user_id INTO held FROM conversation AS v
    WHERE v.id = scope_for.conversation;
    IF whose NOT IN ('user', 'conversation', 'agent', 'everyone') THEN
        RAISE EXCEPTION 'a memory is for user, conversation, agent or everyone, not "%"', whose USING ERRCODE = 'AC001';
    END IF;
    IF whose = 'user' AND held.user_id IS NULL THEN
        RAISE EXCEPTION 'conversation "%" has no user', scope_for.conversation USING ERRCODE = 'AC003',
            HINT = 'Its first message names one: agentctl send --user NAME. Or remember it for the conversation.';
    END IF;
    RETURN agentctl.keep_scope(held.tenant, scope_for.collection, held.created_by,
        CASE whose WHEN 'agent' THEN coalesce(scope_for.agent, held.agent) END,
        CASE WHEN whose IN ('user', 'conversation') THEN held.user_id END,
        CASE whose WHEN 'conversation' THEN scope_for.conversation END);
END $$;
COMMENT ON FUNCTION agentctl.scope_for(text, text, text, text) IS
    'The scope of what is remembered in a conversation, for its user, the conversation, an agent or everyone: all of '
    'them within the account that began the conversation. Fails with AC003 for the user where none is known.';
REVOKE ALL ON FUNCTION agentctl.scope_for(text, text, text, text) FROM PUBLIC;
