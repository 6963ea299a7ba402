-- The row of the conversation is locked first: two that come at once with one key take turns.
CREATE OR REPLACE FUNCTION agentctl.repeated_submission(conversation text, idempotency_key text, request bytea)
    RETURNS bigint
LANGUAGE plpgsql SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
DECLARE
    earlier record;
BEGIN
    PERFORM FROM conversation_control AS c WHERE c.conversation_id = repeated_submission.conversation
    FOR NO KEY UPDATE;
    SELECT s.seq, s.request INTO earlier FROM submission AS s
    WHERE s.conversation_id = repeated_submission.conversation
      AND s.idempotency_key = repeated_submission.idempotency_key;
    IF earlier.request <> repeated_submission.request THEN
        RAISE EXCEPTION 'idempotency key "%" stands for another submission: %/%',
            repeated_submission.idempotency_key, repeated_submission.conversation, earlier.seq
            USING ERRCODE = 'AC003',
            HINT = 'A key stands for one body, agent and priority. Send something else under a key of its own.';
    END IF;
    RETURN earlier.seq;
END $$;
COMMENT ON FUNCTION agentctl.repeated_submission(text, text, bytea) IS
    'The submission of a conversation that has this idempotency key; NULL when none has. Fails with AC003 when it was '
    'another request. Internal: submit() and steer() call it.';
REVOKE ALL ON FUNCTION agentctl.repeated_submission(text, text, bytea) FROM PUBLIC;
