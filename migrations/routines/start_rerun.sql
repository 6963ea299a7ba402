CREATE OR REPLACE FUNCTION agentctl.start_rerun(conversation text, chain text, name text) RETURNS text
LANGUAGE plpgsql SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
DECLARE
    candidate text;
    user_id text := (SELECT v.user_id FROM conversation AS v WHERE v.id = start_rerun.conversation);
BEGIN
    IF start_rerun.name IS NOT NULL THEN
        PERFORM agentctl.require_conversation_id(start_rerun.name);
        candidate := agentctl.conversation_id(start_rerun.name);
        PERFORM agentctl.require_conversation_id(candidate);
        IF NOT agentctl.start_conversation(candidate, start_rerun.chain, user_id => user_id) THEN
            RAISE EXCEPTION 'there is a conversation "%" already', candidate USING ERRCODE = 'AC003';
        END IF;
        RETURN candidate;
    END IF;
    FOR attempt IN 1 .. 10000 LOOP
        candidate := agentctl.conversation_id(start_rerun.conversation || '-rerun-' || attempt);
        CONTINUE WHEN EXISTS (SELECT FROM conversation AS v WHERE v.id = candidate);
        PERFORM agentctl.require_conversation_id(candidate);
        -- Another session may take the name meanwhile, which is not seen before it commits: then the next one is free.
        IF agentctl.start_conversation(candidate, start_rerun.chain, user_id => user_id) THEN
            RETURN candidate;
        END IF;
    END LOOP;
    RAISE EXCEPTION 'conversation "%" was run again 10000 times', start_rerun.conversation
        USING ERRCODE = 'AC003', HINT = 'Name the new conversation.';
END $$;
COMMENT ON FUNCTION agentctl.start_rerun(text, text, text) IS
    'Makes the conversation in which a chain runs again, of that name, or of the first free CONVERSATION-rerun-N; '
    'returns its id. Internal: rerun_chain() calls it.';
REVOKE ALL ON FUNCTION agentctl.start_rerun(text, text, text) FROM PUBLIC;
