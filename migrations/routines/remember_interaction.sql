CREATE OR REPLACE FUNCTION agentctl.remember_interaction(
    conversation text, seq bigint, importance double precision DEFAULT NULL, above double precision DEFAULT 0.7,
    collection text DEFAULT 'default'
) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
DECLARE
    held record;
    said record;
    weight double precision := remember_interaction.importance;
BEGIN
    PERFORM agentctl.check_memory('x', '{}', NULL, coalesce(weight, 0));
    SELECT v.id, v.agent, v.user_id, v.tenant, v.created_by, v.read_outside INTO held FROM conversation AS v
    WHERE v.id = agentctl.own_conversation(remember_interaction.conversation);
    PERFORM agentctl.hold_conversation(held.id);
    -- The transcript only: neither the system prompt nor what was shown beside the message.
    SELECT (array_agg(m.content ORDER BY m.number) FILTER (WHERE m.role = 'user'))[1] AS question,
           (array_agg(m.content ORDER BY m.number DESC) FILTER (WHERE m.role = 'assistant' AND m.content <> ''))[1]
               AS answer
    INTO said FROM message AS m
    WHERE m.conversation_id = held.id AND m.seq = remember_interaction.seq AND m.undone_by IS NULL;
    IF said.question IS NULL THEN
        RAISE EXCEPTION 'conversation "%" has no turn %', held.id, remember_interaction.seq USING ERRCODE = 'AC002';
    END IF;
    IF said.answer IS NULL THEN
        RETURN NULL;
    END IF;
    weight := coalesce(weight, (
        SELECT max(r.importance) FROM memory_rule AS r
        WHERE (r.agent IS NULL OR r.agent = held.agent) AND said.question ~* r.pattern), 0.5);
    IF weight <= above THEN
        RETURN NULL;
    END IF;
    RETURN agentctl.write_memory(
        agentctl.keep_scope(held.tenant, remember_interaction.collection, held.created_by, NULL, held.user_id,
            CASE WHEN held.user_id IS NULL THEN held.id END),
        'User: ' || left(said.question, 1900) || E'\nAssistant: ' || left(said.answer, 1900),
        CASE WHEN held.read_outside OR EXISTS (SELECT FROM tool_call AS t WHERE t.conversation_id = held.id AND t.state = 'succeeded')
            THEN 'untrusted' ELSE 'user' END::memory_trust,
        importance => weight, kind => 'interaction', written_by => held.agent, source_conversation => held.id,
        source_seq => remember_interaction.seq, is_statement => false);
END $$;
COMMENT ON FUNCTION agentctl.remember_interaction(text, bigint, double precision, double precision, text) IS
    'Remembers what was said and answered in a turn of the caller''s, for the conversation''s user, or else the '
    'conversation: when its importance is above the threshold. Without one, the highest of the rows of memory_rule '
    'that match counts, or 0.5. Returns the memory; NULL when it is not stored. In a conversation with calls of tools '
    'it is untrusted.';
REVOKE ALL ON FUNCTION agentctl.remember_interaction(text, bigint, double precision, double precision, text)
    FROM PUBLIC;
