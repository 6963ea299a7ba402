-- A conversation that goes on from a message of another. The messages are copied, once, so that reading a conversation
-- never follows a chain of others.
CREATE OR REPLACE FUNCTION agentctl.fork(conversation text, new_conversation text, message bigint DEFAULT NULL,
    agent text DEFAULT NULL) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
DECLARE
    upto bigint;
    turn bigint;
    last_turn bigint;
    source record;
    copied bigint;
BEGIN
    fork.conversation := agentctl.own_conversation(fork.conversation);
    PERFORM agentctl.require_conversation_id(fork.new_conversation);
    fork.new_conversation := agentctl.conversation_id(fork.new_conversation);
    PERFORM agentctl.require_conversation_id(fork.new_conversation);
    -- Unless it is asked for, a turn in progress is left out: its calls and tasks have no results yet.
    -- It must not be deleted meanwhile.
    SELECT c.head_seq INTO last_turn FROM conversation_control AS c WHERE c.conversation_id = fork.conversation
    FOR KEY SHARE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'there is no conversation "%"', fork.conversation USING ERRCODE = 'AC002';
    END IF;
    SELECT m.number, m.seq INTO upto, turn FROM message AS m
    WHERE m.conversation_id = fork.conversation
      AND (m.number = fork.message OR fork.message IS NULL AND m.seq <= last_turn)
    ORDER BY m.number DESC LIMIT 1;
    IF upto IS NULL THEN
        RAISE EXCEPTION 'conversation "%" has no %', fork.conversation,
            coalesce('message ' || fork.message, 'turn that has ended') USING ERRCODE = 'AC002',
            HINT = format(CASE WHEN fork.message IS NULL THEN 'A message of the turn in progress can be named'
                ELSE 'See its messages and their numbers' END || ': agentctl conversations show %s', fork.conversation);
    END IF;
    SELECT v.agent, v.settings, v.user_id INTO source FROM conversation AS v WHERE v.id = fork.conversation;
    -- Only a row of this transaction's own may be filled: another's conversation may have begun meanwhile.
    IF NOT agentctl.start_conversation(fork.new_conversation, coalesce(fork.agent, source.agent)) THEN
        RAISE EXCEPTION 'there is a conversation "%" already', fork.new_conversation USING ERRCODE = 'AC003',
            HINT = 'Give the new one an id that is not taken.';
    END IF;
    -- Another agent comes with its own model and limits, as with set().
    UPDATE conversation AS v
    SET forked_from = fork.conversation, forked_message = upto, user_id = source.user_id,
        read_outside = agentctl.has_read_outside(fork.conversation, '{}'),
        settings = CASE WHEN v.agent = source.agent THEN source.settings ELSE '{}' END
    WHERE v.id = fork.new_conversation;
    INSERT INTO message (conversation_id, number, seq, role, content, tool_calls, tool_call_id, created_at)
    SELECT fork.new_conversation, row_number() OVER (ORDER BY m.number), m.seq, m.role, m.content, m.tool_calls,
           m.tool_call_id, m.created_at
    FROM message AS m
    WHERE m.conversation_id = fork.conversation AND m.number <= upto AND m.undone_by IS NULL;
    GET DIAGNOSTICS copied = ROW_COUNT;
    IF copied = 0 THEN
        RAISE EXCEPTION 'conversation "%" has no message up to % that was not undone', fork.conversation, upto
            USING ERRCODE = 'AC003', HINT = format('The last undo can be taken back: agentctl conversations redo %s',
                fork.conversation);
    END IF;
    -- Summaries that tell only of copied messages go along, with the new numbers of these. They have been paid.
    INSERT INTO compaction (conversation_id, number, first_message, last_message, summary, made_by, before_tokens,
        after_tokens, created_by)
    SELECT fork.new_conversation, row_number() OVER (ORDER BY o.number), 1, kept.messages, o.summary, o.made_by,
           o.before_tokens, o.after_tokens, o.created_by
    FROM compaction AS o
    CROSS JOIN LATERAL (
        SELECT count(*) AS messages FROM message AS m
        WHERE m.conversation_id = fork.conversation AND m.number <= o.last_message AND m.undone_by IS NULL
    ) AS kept
    WHERE o.conversation_id = fork.conversation AND o.undone_by IS NULL AND o.last_message <= upto;
    -- Numbers of turns go on after those of the copied messages.
    UPDATE conversation_control AS c SET head_seq = turn, tail_seq = turn, last_message = copied
    WHERE c.conversation_id = fork.new_conversation;
    RETURN copied;
END $$;
COMMENT ON FUNCTION agentctl.fork(text, text, bigint, text) IS
    'Makes a conversation that goes on from the given message of another, or from the last one of a turn that has '
    'ended; returns how many messages it has. Messages that were undone are left out, and tasks: it keeps their '
    'results. Fails with AC003 when there is a conversation of the new id. Another agent comes with its own model and '
    'limits.';
REVOKE ALL ON FUNCTION agentctl.fork(text, text, bigint, text) FROM PUBLIC;
