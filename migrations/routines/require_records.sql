CREATE OR REPLACE FUNCTION agentctl.require_records(conversation text, seq bigint) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = agentctl, pg_temp AS $$
BEGIN
    IF agentctl.is_pruned(conversation, seq) THEN
        RAISE EXCEPTION 'the records of turn %/% were pruned', conversation, seq USING ERRCODE = 'AC002',
            HINT = 'The messages are in agentctl.conversation_history for as long as the conversation is kept.';
    END IF;
END $$;
COMMENT ON FUNCTION agentctl.require_records(text, bigint) IS
    'Fails with AC002 when the records of a turn that has ended are no longer kept. Internal: what waits for a turn, '
    'or reads it, calls it.';
REVOKE ALL ON FUNCTION agentctl.require_records(text, bigint) FROM PUBLIC;
