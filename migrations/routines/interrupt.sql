CREATE OR REPLACE FUNCTION agentctl.interrupt(conversation text) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
DECLARE
    stopped bigint;
BEGIN
    interrupt.conversation := agentctl.own_conversation(interrupt.conversation);
    PERFORM agentctl.lock_conversation(interrupt.conversation);
    -- Before the turn itself: its tasks end first.
    PERFORM agentctl.stop_children(c.conversation_id, c.head_seq + 1)
    FROM agentctl.conversation_control AS c WHERE c.conversation_id = interrupt.conversation AND c.has_progress;
    stopped := agentctl.stop_turn(interrupt.conversation);
    IF stopped IS NULL THEN
        RAISE EXCEPTION 'no turn of conversation "%" is running', interrupt.conversation USING ERRCODE = 'AC003';
    END IF;
    RETURN stopped;
END $$;
COMMENT ON FUNCTION agentctl.interrupt(text) IS
    'Stops the turn that runs in a conversation, or that waits, and all tasks below it; returns its number. What it '
    'has done stays. Fails with AC003 when no turn is running, and with 55P03, saying who it is, when another '
    'transaction holds the conversation for two seconds.';
REVOKE ALL ON FUNCTION agentctl.interrupt(text) FROM PUBLIC;
