CREATE OR REPLACE FUNCTION agentctl.resolve_busy_conversation(conversation text, seq bigint, agent text) RETURNS agentctl.operation
LANGUAGE plpgsql SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
DECLARE
    choice text := (
        SELECT v.document ->> 'when_busy'
        FROM definition AS d
        JOIN definition_version AS v ON v.kind = d.kind AND v.name = d.name AND v.version = d.current_version
        WHERE d.kind = 'agent'
          AND d.name = coalesce(resolve_busy_conversation.agent,
              (SELECT o.agent FROM conversation AS o WHERE o.id = resolve_busy_conversation.conversation)));
BEGIN
    -- Operations that wait are carried out at once; it is messages that make an agent busy.
    IF choice = 'reject' AND EXISTS (
        SELECT FROM submission AS s
        JOIN conversation_control AS c ON c.conversation_id = s.conversation_id
        WHERE c.conversation_id = resolve_busy_conversation.conversation AND s.seq > c.head_seq
          AND s.seq < resolve_busy_conversation.seq AND s.operation IN ('user_input', 'steer'))
    THEN
        RAISE EXCEPTION 'conversation "%" is busy, and its agent takes one message at a time', resolve_busy_conversation.conversation
            USING ERRCODE = 'AC003', HINT = 'Send it again when the turn has ended.';
    ELSIF choice = 'interrupt' THEN
        PERFORM agentctl.stop_turn(resolve_busy_conversation.conversation);
    ELSIF choice = 'steer' AND agentctl.begin_steering(resolve_busy_conversation.conversation, resolve_busy_conversation.seq, resolve_busy_conversation.agent) THEN
        RETURN 'steer';
    END IF;
    RETURN 'user_input';
END $$;
COMMENT ON FUNCTION agentctl.resolve_busy_conversation(text, bigint, text) IS
    'What becomes of a message that does not come first, by the agent''s when_busy. Internal: submit() calls it.';
REVOKE ALL ON FUNCTION agentctl.resolve_busy_conversation(text, bigint, text) FROM PUBLIC;
