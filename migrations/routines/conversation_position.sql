CREATE OR REPLACE FUNCTION agentctl.conversation_position(
    conversation text, OUT conversation_id text, OUT finished bigint, OUT submitted bigint, OUT last_event bigint,
    OUT is_running boolean
)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
BEGIN
    SELECT c.conversation_id, c.head_seq, c.tail_seq, c.last_event, c.state = 'running'
    INTO conversation_position.conversation_id, finished, submitted, last_event, is_running
    FROM conversation_control AS c
    WHERE c.conversation_id = agentctl.readable_conversation(conversation_position.conversation);
END $$;
COMMENT ON FUNCTION agentctl.conversation_position(text) IS
    'How far a conversation is: its whole id, the last submission that has ended (finished), the last one (submitted), '
    'the last event, and whether a worker holds it. Fails with AC002 for conversations that the caller may not read.';
REVOKE ALL ON FUNCTION agentctl.conversation_position(text) FROM PUBLIC;
