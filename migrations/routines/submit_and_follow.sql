-- replaces: submit_and_follow(text, text, text, text, integer, jsonb); submit_and_follow(text, text, text, text, integer, jsonb, text, text)
-- What a client needs that waits for the reply, in one round trip.
CREATE OR REPLACE FUNCTION agentctl.submit_and_follow(
    conversation text, message text DEFAULT NULL, agent text DEFAULT NULL, idempotency_key text DEFAULT NULL,
    priority integer DEFAULT 0, input jsonb DEFAULT NULL, queue text DEFAULT NULL, workspace text DEFAULT NULL,
    user_id text DEFAULT NULL
) RETURNS TABLE (seq bigint, is_new boolean, last_event bigint, has_service boolean)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = agentctl, pg_temp SET lock_timeout = '10s' AS $$
#variable_conflict use_column
DECLARE
    accepted bigint;
BEGIN
    accepted := agentctl.submit(submit_and_follow.conversation, submit_and_follow.message, submit_and_follow.agent,
        submit_and_follow.idempotency_key, submit_and_follow.priority, submit_and_follow.input,
        submit_and_follow.queue, submit_and_follow.workspace, submit_and_follow.user_id);
    submit_and_follow.conversation := agentctl.own_conversation(submit_and_follow.conversation);
    -- Nobody would ever answer who waits for a turn of which nothing is left.
    IF submit_and_follow.idempotency_key IS NOT NULL THEN
        PERFORM agentctl.require_records(submit_and_follow.conversation, accepted);
    END IF;
    RETURN QUERY
    -- Nothing of the submission can have happened before the commit.
    SELECT accepted, s.created_at >= transaction_timestamp(), c.last_event,
           agentctl.has_service(submit_and_follow.conversation)
    FROM conversation_control AS c
    JOIN submission AS s ON s.conversation_id = c.conversation_id AND s.seq = accepted
    WHERE c.conversation_id = submit_and_follow.conversation;
END $$;
COMMENT ON FUNCTION agentctl.submit_and_follow(text, text, text, text, integer, jsonb, text, text, text) IS
    'submit(), for a caller that waits for the reply: returns the submission''s number, whether it is a new one or '
    'that of the same idempotency key, the number of the conversation''s last event, and whether a worker lives that '
    'will process it. Fails with 55P03 when another transaction holds the conversation for ten seconds; '
    'submission_obstacle() says who it is.';
REVOKE ALL ON FUNCTION agentctl.submit_and_follow(text, text, text, text, integer, jsonb, text, text, text) FROM PUBLIC;
