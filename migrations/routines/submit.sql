-- replaces: submit(text, text, text, text, integer, jsonb); submit(text, text, text, text, integer, jsonb, text, text)
CREATE OR REPLACE FUNCTION agentctl.submit(
    conversation text, message text DEFAULT NULL, agent text DEFAULT NULL, idempotency_key text DEFAULT NULL,
    priority integer DEFAULT 0, input jsonb DEFAULT NULL, queue text DEFAULT NULL, workspace text DEFAULT NULL,
    user_id text DEFAULT NULL
) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
DECLARE
    who text := agentctl.caller();
    account text;
    prefix text;
    owner text;
    id text;
    accepted bigint;
    is_first boolean;
    kind operation := 'user_input';
    routing text;
    own_agent text;
    own_model text;
    own_queue integer;
    chosen text := submit.agent;
    decision agentctl.routing;
    largest integer := agentctl.setting('max_message_bytes')::integer;
    submitted jsonb := CASE WHEN message IS NULL THEN jsonb_build_object('input', input)
        ELSE jsonb_build_object('message', message) END;
    is_allowed boolean := true;
    own_user text;
    asked bytea;
BEGIN
    PERFORM agentctl.require_conversation_id(submit.conversation);
    IF octet_length(submit.idempotency_key) NOT BETWEEN 1 AND 200 THEN
        RAISE EXCEPTION 'an idempotency key has 1 to 200 bytes' USING ERRCODE = 'AC001';
    END IF;
    IF (message IS NULL) = (input IS NULL) THEN
        RAISE EXCEPTION 'submit takes either a message or an input' USING ERRCODE = 'AC001';
    END IF;
    IF message = '' THEN
        RAISE EXCEPTION 'the message is empty' USING ERRCODE = 'AC001';
    END IF;
    IF priority IS NULL OR priority NOT BETWEEN -32768 AND 32767 THEN
        RAISE EXCEPTION 'a priority is a number from -32768 to 32767' USING ERRCODE = 'AC001';
    END IF;
    IF greatest(octet_length(message), octet_length(input::text)) > largest THEN
        RAISE EXCEPTION 'the message has more than % bytes', largest
            USING ERRCODE = 'AC003', HINT = 'Setting max_message_bytes in agentctl.setting.';
    END IF;
    IF octet_length(submit.user_id) NOT BETWEEN 1 AND 200 OR submit.user_id ~ '[[:cntrl:]]' THEN
        RAISE EXCEPTION 'a user is named by 1 to 200 bytes without control characters' USING ERRCODE = 'AC001';
    END IF;
    -- What a worker could not read would only fail later.
    IF input @? 'strict $.**{128}' THEN
        RAISE EXCEPTION 'the input nests deeper than 127 levels' USING ERRCODE = 'AC001';
    END IF;
    IF input @? 'strict $.** ? (@.type() == "number" && (@ > 1.7e308 || @ < -1.7e308))' THEN
        RAISE EXCEPTION 'the input holds a number beyond the range of double precision' USING ERRCODE = 'AC001';
    END IF;
    SELECT a.name, a.prefix INTO account, prefix FROM account AS a
    WHERE a.role = to_regrole(quote_ident(who))::oid AND a.role_name = who;
    IF NOT FOUND THEN
        account := agentctl.keep_account();
        SELECT a.prefix INTO prefix FROM account AS a WHERE a.name = account;
    END IF;
    -- The rule of conversation_id(): a client's own, by its whole id or its name.
    SELECT c.id, c.created_by, c.settings ->> 'routing', c.agent, c.settings ->> 'model', c.user_id
    INTO id, owner, routing, own_agent, own_model, own_user
    FROM conversation AS c WHERE c.id IN (submit.conversation, prefix || submit.conversation)
    ORDER BY c.created_by = account DESC, c.id = submit.conversation DESC LIMIT 1;
    IF owner = account THEN
        conversation := id;
    ELSIF NOT starts_with(submit.conversation, prefix) AND NOT agentctl.may_see_all() THEN
        conversation := prefix || submit.conversation;
        PERFORM agentctl.require_conversation_id(submit.conversation);
        owner := NULL;
    ELSIF id <> submit.conversation THEN
        owner := NULL;
    END IF;
    IF owner IS NULL THEN
        IF submit.agent IS NULL THEN
            decision := agentctl.choose_agent(submit.message, input => submit.input, account => account);
        END IF;
        -- Another may have started it meanwhile: then its agent answers.
        IF NOT agentctl.start_conversation(submit.conversation, coalesce(submit.agent, decision.agent),
            account, submit.user_id) THEN
            decision := NULL;
        END IF;
        SELECT c.created_by, c.agent, c.settings ->> 'model', c.user_id INTO owner, own_agent, own_model, own_user
        FROM conversation AS c WHERE c.id = submit.conversation;
    ELSIF submit.agent IS NULL THEN
        is_allowed := routing IS NOT DISTINCT FROM 'each' OR agentctl.may_be_asked(own_agent);
    ELSIF agentctl.usable_responder(submit.agent) IS NULL THEN
        PERFORM agentctl.raise_unusable('agent', submit.agent, 'See agentctl.agents and agentctl.chains.');
    END IF;
    IF owner <> account AND NOT agentctl.may_see_all() THEN
        RAISE EXCEPTION 'conversation "%" belongs to another user', submit.conversation USING ERRCODE = 'AC004';
    END IF;
    -- What one user's messages have brought to light is not for another: also where nobody was named at first.
    IF submit.user_id <> own_user OR submit.user_id IS NOT NULL AND own_user IS NULL THEN
        RAISE EXCEPTION 'conversation "%" was begun %', submit.conversation,
            CASE WHEN own_user IS NULL THEN 'without a user' ELSE 'for another user' END USING ERRCODE = 'AC004',
            HINT = 'The first message says whose a conversation is: begin another.';
    END IF;
    IF NOT is_allowed THEN
        PERFORM agentctl.raise_withdrawn(submit.conversation, own_agent);
    END IF;
    IF submit.priority < 0 AND NOT agentctl.may_see_all() THEN
        RAISE EXCEPTION 'only a worker''s or an owner''s messages may go before those of others'
            USING ERRCODE = 'AC004',
            HINT = 'A priority of 0 or more is free to everybody; higher waits longer.';
    END IF;

    IF submit.idempotency_key IS NOT NULL THEN
        asked := agentctl.request_digest(submitted, submit.agent, submit.priority);
        accepted := agentctl.repeated_submission(submit.conversation, submit.idempotency_key, asked);
        IF accepted IS NOT NULL THEN
            RETURN accepted;
        END IF;
    END IF;
    PERFORM agentctl.check_queue(submit.queue, submit.workspace);
    PERFORM agentctl.require_room(account);
    IF submit.agent IS NULL AND routing = 'each' THEN
        decision := agentctl.choose_agent(submit.message, input => submit.input, otherwise => own_agent,
            account => account);
        chosen := decision.agent;
    END IF;
    IF submit.queue IS NOT NULL OR submit.workspace IS NOT NULL OR own_model IS NOT NULL THEN
        -- A queue may be made: after the row is locked, as everywhere.
        PERFORM FROM conversation_control AS c WHERE c.conversation_id = submit.conversation FOR NO KEY UPDATE;
    END IF;
    own_queue := agentctl.queue_for(coalesce(chosen, own_agent), submit.queue, submit.workspace,
        CASE WHEN coalesce(chosen, own_agent) = own_agent THEN own_model END);
    WITH changed AS (
        UPDATE conversation_control AS c
        SET tail_seq = c.tail_seq + 1,
            queue_key = CASE c.state WHEN 'idle' THEN own_queue ELSE c.queue_key END,
            state = CASE c.state WHEN 'idle' THEN 'ready' ELSE c.state END,
            ready_at = CASE c.state WHEN 'idle' THEN clock_timestamp() ELSE c.ready_at END,
            priority = CASE c.state WHEN 'idle' THEN submit.priority ELSE least(c.priority, submit.priority) END,
            listed = NOT c.listed
        WHERE c.conversation_id = submit.conversation AND c.closed_seq IS NULL
        RETURNING c.*
    ), entry AS (
        INSERT INTO work_list AS w
        SELECT c.conversation_id, c.state, c.priority, c.queue_key, c.account_key, c.lane, c.ready_at, c.worker_id,
               c.wake_at
        FROM changed AS c
        ON CONFLICT (conversation_id) DO UPDATE SET priority = excluded.priority
        WHERE w.priority <> excluded.priority
    )
    SELECT c.tail_seq, c.tail_seq = c.head_seq + 1 INTO accepted, is_first FROM changed AS c;
    IF accepted IS NULL THEN
        -- It was deleted meanwhile: what is submitted now begins a new one.
        IF NOT EXISTS (SELECT FROM conversation AS c WHERE c.id = submit.conversation) THEN
            RETURN agentctl.submit(submit.conversation, submit.message, submit.agent, submit.idempotency_key,
                submit.priority, submit.input, submit.queue, submit.workspace, submit.user_id);
        END IF;
        RAISE EXCEPTION 'conversation "%" is closed', submit.conversation USING ERRCODE = 'AC003',
            HINT = 'A new conversation can go on from it: agentctl.fork().';
    END IF;
    IF NOT is_first THEN
        kind := agentctl.resolve_busy_conversation(submit.conversation, accepted, chosen);
    END IF;
    INSERT INTO submission (conversation_id, seq, operation, agent, body, idempotency_key, request, created_by, queue,
        workspace)
    VALUES (submit.conversation, accepted, kind, chosen, submitted, submit.idempotency_key, asked, account,
            submit.queue, submit.workspace);
    IF decision.agent IS NOT NULL THEN
        decision.conversation_id := submit.conversation;
        decision.seq := accepted;
        INSERT INTO routing SELECT decision.*;
    END IF;
    IF is_first THEN
        PERFORM agentctl.notify_workers(own_queue, submit.conversation);
    END IF;
    RETURN accepted;
END $$;
COMMENT ON FUNCTION agentctl.submit(text, text, text, text, integer, jsonb, text, text, text) IS
    'Queues a message (or a structured input) for a conversation and returns its number; works inside the caller''s '
    'transaction. The same idempotency key returns the same number, and fails with AC003 when body, agent or priority '
    'are others. Lower priority is processed first. A new conversation without an agent gets the one that route() '
    'finds, and keeps it. It waits in the queue of its agent, or in the one that is given; with a workspace, HOST:PATH, '
    'only a worker processes it, and its tasks, that has it. user_id, with the first message, says for '
    'which user of the application the conversation is: that user''s memories are seen in it; AC004 for another one '
    'later. Fails with AC003 when as much waits as max_ready allows.';
REVOKE ALL ON FUNCTION agentctl.submit(text, text, text, text, integer, jsonb, text, text, text) FROM PUBLIC;
