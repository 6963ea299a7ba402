CREATE OR REPLACE FUNCTION agentctl.lock_conversation(conversation text) RETURNS void
LANGUAGE plpgsql SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
DECLARE
    limit_before text := current_setting('lock_timeout');
BEGIN
    IF limit_before = '0' THEN
        PERFORM set_config('lock_timeout', '2s', true);
    END IF;
    PERFORM FROM conversation_control AS c
    WHERE c.conversation_id = lock_conversation.conversation FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'there is no conversation "%"', lock_conversation.conversation USING ERRCODE = 'AC002';
    END IF;
    PERFORM set_config('lock_timeout', limit_before, true);
EXCEPTION WHEN lock_not_available THEN
    RAISE EXCEPTION 'conversation "%" is locked by %', lock_conversation.conversation,
        coalesce(agentctl.lock_holder(lock_conversation.conversation), 'another transaction')
        USING ERRCODE = 'lock_not_available', HINT = 'Try again when that transaction has ended.';
END $$;
COMMENT ON FUNCTION agentctl.lock_conversation(text) IS
    'Locks a conversation''s row until the transaction ends. Fails with 55P03, and says who holds it, when it was '
    'locked for two seconds, or for as long as the caller''s own lock_timeout says, and with AC002 when it has been deleted. Internal: interrupt(), '
    'submit_operation() and others call it.';
REVOKE ALL ON FUNCTION agentctl.lock_conversation(text) FROM PUBLIC;
