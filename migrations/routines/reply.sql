CREATE OR REPLACE FUNCTION agentctl.reply(conversation text, seq bigint) RETURNS text
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
DECLARE
    ended record;
    answered bigint;
    cancelled_by text;
BEGIN
    reply.conversation := agentctl.readable_conversation(reply.conversation);
    -- A message that another turn took up is answered by that turn.
    SELECT coalesce(s.taken_by, s.seq), CASE s.operation WHEN 'interrupt' THEN s.body ->> 'cancelled_by' END
    INTO answered, cancelled_by
    FROM submission AS s WHERE s.conversation_id = reply.conversation AND s.seq = reply.seq;
    answered := coalesce(answered, reply.seq);
    IF cancelled_by IS NOT NULL THEN
        RAISE EXCEPTION 'message %/% was cancelled by %', reply.conversation, reply.seq, cancelled_by
            USING ERRCODE = 'AC005';
    END IF;
    SELECT t.* INTO ended FROM turn AS t
    WHERE t.conversation_id = reply.conversation AND t.seq = answered
      AND t.started_at >= (SELECT agentctl.turn_lower_bound(reply.conversation, answered));
    IF NOT FOUND THEN
        PERFORM agentctl.require_records(reply.conversation, answered);
        RETURN NULL;
    ELSIF ended.status <> 'succeeded' THEN
        RAISE EXCEPTION 'turn %/% %: %', reply.conversation, answered, ended.status,
            coalesce(ended.error_message, ended.limit_reached, '')
            USING ERRCODE = 'AC005';
    END IF;
    RETURN (SELECT m.content FROM message AS m
            WHERE m.conversation_id = reply.conversation AND m.number = ended.last_message AND m.role = 'assistant');
END $$;
COMMENT ON FUNCTION agentctl.reply(text, bigint) IS
    'The reply to a submission, or of the turn that took it up; NULL while there is none. Fails with AC005 when its '
    'turn did not succeed or it was cancelled, and with AC002 when its records were pruned.';
REVOKE ALL ON FUNCTION agentctl.reply(text, bigint) FROM PUBLIC;
