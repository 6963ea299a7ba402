CREATE OR REPLACE FUNCTION agentctl.steer(conversation text, message text, idempotency_key text DEFAULT NULL)
    RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
DECLARE
    accepted bigint;
    responder text;
    submitted jsonb := jsonb_build_object('message', steer.message);
    asked bytea;
    largest integer := agentctl.setting('max_message_bytes')::integer;
BEGIN
    steer.conversation := agentctl.own_conversation(steer.conversation);
    IF steer.message IS NULL THEN
        RAISE EXCEPTION 'steer takes a message' USING ERRCODE = 'AC001';
    ELSIF octet_length(steer.message) > largest THEN
        RAISE EXCEPTION 'a message has at most % bytes', largest USING ERRCODE = 'AC003',
            HINT = 'Setting max_message_bytes in agentctl.setting.';
    END IF;
    IF octet_length(steer.idempotency_key) NOT BETWEEN 1 AND 200 THEN
        RAISE EXCEPTION 'an idempotency key has 1 to 200 bytes' USING ERRCODE = 'AC001';
    END IF;
    SELECT v.agent INTO responder FROM conversation AS v WHERE v.id = steer.conversation;
    IF NOT agentctl.may_be_asked(responder) THEN
        PERFORM agentctl.raise_withdrawn(steer.conversation, responder);
    END IF;
    PERFORM agentctl.lock_conversation(steer.conversation);
    IF steer.idempotency_key IS NOT NULL THEN
        asked := agentctl.request_digest(submitted, NULL, 0);
        accepted := agentctl.repeated_submission(steer.conversation, steer.idempotency_key, asked);
        IF accepted IS NOT NULL THEN
            RETURN accepted;
        END IF;
    END IF;
    UPDATE conversation_control AS c SET tail_seq = c.tail_seq + 1
    WHERE c.conversation_id = steer.conversation AND c.closed_seq IS NULL AND c.head_seq < c.tail_seq
    RETURNING c.tail_seq INTO accepted;
    IF accepted IS NULL OR NOT agentctl.begin_steering(steer.conversation, accepted, NULL) THEN
        RAISE EXCEPTION 'no turn of conversation "%" is in progress', steer.conversation
            USING ERRCODE = 'AC003', HINT = 'A message of its own is sent with agentctl.submit().';
    END IF;
    INSERT INTO submission (conversation_id, seq, operation, body, idempotency_key, request)
    VALUES (steer.conversation, accepted, 'steer', submitted, steer.idempotency_key, asked);
    RETURN accepted;
END $$;
COMMENT ON FUNCTION agentctl.steer(text, text, text) IS
    'Sends a message into the turn in progress, which takes it up before it asks the model again; returns its number. '
    'A turn that ends without having done so leaves it to be answered next. Fails with AC003 when no turn is in '
    'progress, and when the idempotency key stands for another message.';
REVOKE ALL ON FUNCTION agentctl.steer(text, text, text) FROM PUBLIC;
