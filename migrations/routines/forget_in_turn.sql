CREATE OR REPLACE FUNCTION agentctl.forget_in_turn(
    conversation text, agent text, collection text, memory bigint, inside text[], is_tainted boolean
) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
DECLARE
    known record;
BEGIN
    SELECT m.trust, m.source_conversation, m.source_seq INTO known
    FROM conversation AS v
    JOIN memory AS m ON m.id = forget_in_turn.memory AND m.scope_id = ANY (agentctl.visible_scopes(v.tenant,
        forget_in_turn.collection, v.created_by, forget_in_turn.agent, v.user_id, v.id))
    WHERE v.id = forget_in_turn.conversation;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'there is no memory %', forget_in_turn.memory USING ERRCODE = 'AC002';
    END IF;
    IF known.trust = 'owner' THEN
        RAISE EXCEPTION 'memory % is the owner''s: only an owner forgets it', forget_in_turn.memory
            USING ERRCODE = 'AC004';
    END IF;
    IF known.trust > 'untrusted' AND (is_tainted OR agentctl.has_read_outside(forget_in_turn.conversation, inside)) THEN
        RAISE EXCEPTION 'after reading from outside, what is trusted is not forgotten' USING ERRCODE = 'AC004',
            HINT = 'The user can say so in a new conversation.';
    END IF;
    PERFORM agentctl.bury_memories(ARRAY[forget_in_turn.memory]);
    RETURN jsonb_build_object('forgotten', forget_in_turn.memory) || jsonb_strip_nulls(jsonb_build_object(
        'conversation_id', known.source_conversation, 'seq', known.source_seq));
END $$;
COMMENT ON FUNCTION agentctl.forget_in_turn(text, text, text, bigint, text[], boolean) IS
    'Forgets a memory that a conversation sees, for its agent: not an owner''s, and after reading from outside only '
    'what is untrusted (AC004). Internal: the tool forget calls it in the transaction that stores the call.';
REVOKE ALL ON FUNCTION agentctl.forget_in_turn(text, text, text, bigint, text[], boolean) FROM PUBLIC;
