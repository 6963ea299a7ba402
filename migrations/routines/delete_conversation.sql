CREATE OR REPLACE FUNCTION agentctl.delete_conversation(conversation text) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = agentctl, pg_temp SET lock_timeout = '5s' AS $$
#variable_conflict use_column
DECLARE
    parent text;
    family text[];
    deleted jsonb;
    rows bigint;
BEGIN
    delete_conversation.conversation := agentctl.own_conversation(delete_conversation.conversation);
    SELECT t.parent_conversation_id INTO parent FROM submission AS s JOIN task AS t ON t.id = s.task_id
    WHERE s.conversation_id = delete_conversation.conversation AND s.seq = 1 AND t.parent_conversation_id IS NOT NULL;
    IF FOUND THEN
        RAISE EXCEPTION 'conversation "%" is part of "%", which delegated its task', delete_conversation.conversation,
            parent USING ERRCODE = 'AC003', HINT = 'It goes with that one: delete the whole tree.';
    END IF;
    family := agentctl.lock_family(ARRAY[delete_conversation.conversation]);
    IF cardinality(family) = 0 THEN
        RAISE EXCEPTION 'there is no conversation "%"', delete_conversation.conversation USING ERRCODE = 'AC002';
    END IF;
    deleted := agentctl.erase_conversations(family);
    -- What is not sent yet is sent: it holds numbers and no texts.
    DELETE FROM hook_delivery AS d
    WHERE d.finished_at IS NOT NULL AND d.body #>> '{data,conversation}' = ANY (family);
    GET DIAGNOSTICS rows = ROW_COUNT;
    RETURN deleted || jsonb_build_object('hook_deliveries', rows);
END $$;
COMMENT ON FUNCTION agentctl.delete_conversation(text) IS
    'Deletes a conversation with everything that belongs to it, and the conversations of its tasks; returns how many '
    'rows of each kind. What waits in it, or for a person, is withdrawn. The id is free again, and what begins under '
    'it begins from nothing. Fails with AC003 while one of its turns is running, and for a task''s conversation, which '
    'is deleted with its parent.';
REVOKE ALL ON FUNCTION agentctl.delete_conversation(text) FROM PUBLIC;
