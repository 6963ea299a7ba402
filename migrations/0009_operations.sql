-- Operations on conversations besides sending a message: submitted like messages, worked off in their order.

ALTER TABLE agentctl.message ADD COLUMN undone_by bigint;
COMMENT ON COLUMN agentctl.message.undone_by IS 'The submission that took it out of the context; NULL while the model is shown it.';
ALTER TABLE agentctl.conversation_control ADD COLUMN closed_seq bigint;
COMMENT ON COLUMN agentctl.conversation_control.closed_seq IS 'The shutdown after which nothing more is accepted; NULL while the conversation is open.';
ALTER TABLE agentctl.conversation ADD COLUMN forked_from text COLLATE "C", ADD COLUMN forked_message bigint;
COMMENT ON COLUMN agentctl.conversation.forked_from IS 'The conversation that it went on from; NULL if it began by itself.';
COMMENT ON COLUMN agentctl.conversation.forked_message IS 'The last message of that conversation that it has.';
COMMENT ON COLUMN agentctl.conversation.agent IS 'The agent that answers unless a submission names another; an operation can change it for what follows.';
ALTER TABLE agentctl.conversation ADD COLUMN settings jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(settings) = 'object');
COMMENT ON COLUMN agentctl.conversation.settings IS 'What set() has changed for the conversation: the model, and limits in place of the agent''s.';
ALTER TABLE agentctl.submission ADD COLUMN taken_by bigint;
COMMENT ON COLUMN agentctl.submission.taken_by IS 'The turn that took it up while it ran; NULL for what is worked off by itself.';
CREATE INDEX submission_steering ON agentctl.submission (conversation_id, seq) WHERE operation = 'steer' AND taken_by IS NULL;
COMMENT ON COLUMN agentctl.submission.body IS '{"message": text}, {"input": value}, or what belongs to the operation.';

INSERT INTO agentctl.document_field
    (kind, path, type, required, default_value, allowed, pattern, minimum, maximum, reference_kind, description) VALUES
    ('agent', 'when_busy', 'string', false, '"queue"', '{interrupt,queue,reject,steer}', NULL, NULL, NULL, NULL,
        'What becomes of a message that arrives while a turn is in progress: it waits (queue), the turn takes it up (steer), it is refused (reject), or the turn is stopped for it (interrupt).');
COMMENT ON COLUMN agentctl.agents.when_busy IS 'What becomes of a message that arrives while a turn is in progress: it waits (queue), the turn takes it up (steer), it is refused (reject), or the turn is stopped for it (interrupt).';

-- A message for the turn in progress is a submission like any other: a turn that ends without having taken it up leaves
-- it to be answered in its turn, so that it is never lost.
CREATE FUNCTION agentctl.begin_steering(conversation text, seq bigint, agent text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
BEGIN
    UPDATE conversation_control AS c SET steer_seq = begin_steering.seq
    WHERE c.conversation_id = begin_steering.conversation AND (c.state IN ('running', 'waiting', 'parked') OR c.has_progress)
      AND EXISTS (
        SELECT FROM submission AS s JOIN conversation AS v ON v.id = s.conversation_id
        WHERE s.conversation_id = c.conversation_id AND s.seq = c.head_seq + 1 AND s.operation IN ('user_input', 'steer')
          AND s.taken_by IS NULL AND coalesce(begin_steering.agent, s.agent, v.agent) = coalesce(s.agent, v.agent));
    IF FOUND THEN
        PERFORM pg_notify('agentctl_signal', '');
    END IF;
    RETURN FOUND;
END $$;
COMMENT ON FUNCTION agentctl.begin_steering(text, bigint, text) IS 'Tells the turn in progress that a submission is for it; false when there is none, or another agent''s. Internal: steer() and submit() call it.';

CREATE FUNCTION agentctl.meet_busy(conversation text, seq bigint, agent text) RETURNS agentctl.operation
LANGUAGE plpgsql SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
DECLARE
    choice text := (
        SELECT v.document ->> 'when_busy'
        FROM definition AS d
        JOIN definition_version AS v ON v.kind = d.kind AND v.name = d.name AND v.version = d.current_version
        WHERE d.kind = 'agent'
          AND d.name = coalesce(meet_busy.agent, (SELECT o.agent FROM conversation AS o WHERE o.id = meet_busy.conversation)));
BEGIN
    IF choice = 'reject' THEN
        RAISE EXCEPTION 'conversation "%" is busy, and its agent takes one message at a time', meet_busy.conversation
            USING ERRCODE = 'AC003', HINT = 'Send it again when the turn has ended.';
    ELSIF choice = 'interrupt' THEN
        PERFORM agentctl.stop_turn(meet_busy.conversation);
    ELSIF choice = 'steer' AND agentctl.begin_steering(meet_busy.conversation, meet_busy.seq, meet_busy.agent) THEN
        RETURN 'steer';
    END IF;
    RETURN 'user_input';
END $$;
COMMENT ON FUNCTION agentctl.meet_busy(text, bigint, text) IS 'What becomes of a message that does not come first, by the agent''s when_busy. Internal: submit() calls it.';

CREATE OR REPLACE FUNCTION agentctl.submit(
    conversation text, message text DEFAULT NULL, agent text DEFAULT NULL, idempotency_key text DEFAULT NULL,
    priority integer DEFAULT 0, input jsonb DEFAULT NULL
) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
DECLARE
    owner text;
    accepted bigint;
    is_first boolean;
    kind operation := 'user_input';
    largest integer := agentctl.setting('max_message_bytes')::integer;
BEGIN
    IF octet_length(submit.conversation) NOT BETWEEN 1 AND 200 OR submit.conversation ~ '[[:cntrl:]]'
        OR submit.conversation <> btrim(submit.conversation) THEN
        RAISE EXCEPTION 'a conversation''s id has 1 to 200 bytes, no control characters and no spaces around it' USING ERRCODE = 'AC001';
    END IF;
    IF octet_length(submit.idempotency_key) NOT BETWEEN 1 AND 200 THEN
        RAISE EXCEPTION 'an idempotency key has 1 to 200 bytes' USING ERRCODE = 'AC001';
    END IF;
    IF (message IS NULL) = (input IS NULL) THEN
        RAISE EXCEPTION 'submit takes either a message or an input' USING ERRCODE = 'AC001';
    END IF;
    IF priority IS NULL OR priority NOT BETWEEN -32768 AND 32767 THEN
        RAISE EXCEPTION 'a priority is a number from -32768 to 32767' USING ERRCODE = 'AC001';
    END IF;
    IF greatest(octet_length(message), octet_length(input::text)) > largest THEN
        RAISE EXCEPTION 'the message has more than % bytes', largest
            USING ERRCODE = 'AC003', HINT = 'Setting max_message_bytes in agentctl.setting.';
    END IF;
    -- What a worker could not read would only fail later.
    IF input @? 'strict $.**{128}' THEN
        RAISE EXCEPTION 'the input nests deeper than 127 levels' USING ERRCODE = 'AC001';
    END IF;
    IF input @? 'strict $.** ? (@.type() == "number" && (@ > 1.7e308 || @ < -1.7e308))' THEN
        RAISE EXCEPTION 'the input holds a number beyond the range of double precision' USING ERRCODE = 'AC001';
    END IF;
    SELECT c.created_by INTO owner FROM conversation AS c WHERE c.id = submit.conversation;
    IF NOT FOUND THEN
        PERFORM agentctl.start_conversation(submit.conversation, submit.agent);
        SELECT c.created_by INTO owner FROM conversation AS c WHERE c.id = submit.conversation;
    ELSIF submit.agent IS NOT NULL AND NOT EXISTS (
        SELECT FROM definition AS d WHERE d.kind = 'agent' AND d.name = submit.agent) THEN
        RAISE EXCEPTION 'there is no agent "%"', submit.agent USING ERRCODE = 'AC002',
            HINT = coalesce('Did you mean ' || agentctl.nearest(submit.agent,
                ARRAY(SELECT d.name FROM definition AS d WHERE d.kind = 'agent')) || '?', 'See agentctl.agents.');
    END IF;
    IF owner <> agentctl.caller() AND NOT agentctl.may_see_all() THEN
        RAISE EXCEPTION 'conversation "%" belongs to another user', submit.conversation USING ERRCODE = 'AC004';
    END IF;
    IF submit.priority < 0 AND NOT agentctl.may_see_all() THEN
        RAISE EXCEPTION 'only a worker''s or an owner''s messages may go before those of others' USING ERRCODE = 'AC004',
            HINT = 'A priority of 0 or more is free to everybody; higher waits longer.';
    END IF;

    IF submit.idempotency_key IS NOT NULL THEN
        PERFORM FROM conversation_control AS c WHERE c.conversation_id = submit.conversation FOR NO KEY UPDATE;
        SELECT s.seq INTO accepted FROM submission AS s
        WHERE s.conversation_id = submit.conversation AND s.idempotency_key = submit.idempotency_key;
        IF FOUND THEN
            RETURN accepted;
        END IF;
    END IF;
    UPDATE conversation_control AS c
    SET tail_seq = c.tail_seq + 1,
        state = CASE c.state WHEN 'idle' THEN 'ready' ELSE c.state END,
        ready_at = CASE c.state WHEN 'idle' THEN clock_timestamp() ELSE c.ready_at END,
        priority = CASE c.state WHEN 'idle' THEN submit.priority ELSE least(c.priority, submit.priority) END
    WHERE c.conversation_id = submit.conversation AND c.closed_seq IS NULL
    RETURNING c.tail_seq, c.tail_seq = c.head_seq + 1 INTO accepted, is_first;
    IF accepted IS NULL THEN
        RAISE EXCEPTION 'conversation "%" is closed', submit.conversation USING ERRCODE = 'AC003',
            HINT = 'A new conversation can go on from it: agentctl.fork().';
    END IF;
    IF NOT is_first THEN
        kind := agentctl.meet_busy(submit.conversation, accepted, submit.agent);
    END IF;
    INSERT INTO submission (conversation_id, seq, operation, agent, body, idempotency_key)
    VALUES (submit.conversation, accepted, kind, submit.agent,
            CASE WHEN message IS NULL THEN jsonb_build_object('input', input) ELSE jsonb_build_object('message', message) END,
            submit.idempotency_key);
    RETURN accepted;
END $$;

-- Whether whoever calls may act on a conversation; fails with AC002 if not, as if it were not there.
CREATE FUNCTION agentctl.require_conversation(conversation text) RETURNS void
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
BEGIN
    PERFORM FROM conversation AS v
    WHERE v.id = require_conversation.conversation AND (v.created_by = agentctl.caller() OR agentctl.may_see_all());
    IF NOT FOUND THEN
        RAISE EXCEPTION 'there is no conversation "%"', require_conversation.conversation USING ERRCODE = 'AC002';
    END IF;
END $$;
COMMENT ON FUNCTION agentctl.require_conversation(text) IS 'Fails with AC002 unless there is the conversation and the caller may act on it.';

CREATE FUNCTION agentctl.submit_operation(conversation text, operation agentctl.operation, body jsonb) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
DECLARE
    accepted bigint;
BEGIN
    PERFORM agentctl.require_conversation(submit_operation.conversation);
    UPDATE conversation_control AS c
    SET tail_seq = c.tail_seq + 1,
        state = CASE c.state WHEN 'idle' THEN 'ready' ELSE c.state END,
        ready_at = CASE c.state WHEN 'idle' THEN clock_timestamp() ELSE c.ready_at END,
        closed_seq = CASE submit_operation.operation WHEN 'shutdown' THEN c.tail_seq + 1 END
    WHERE c.conversation_id = submit_operation.conversation AND c.closed_seq IS NULL
    RETURNING c.tail_seq INTO accepted;
    IF accepted IS NULL THEN
        RAISE EXCEPTION 'conversation "%" is closed', submit_operation.conversation USING ERRCODE = 'AC003';
    END IF;
    INSERT INTO submission (conversation_id, seq, operation, body)
    VALUES (submit_operation.conversation, accepted, submit_operation.operation, submit_operation.body);
    RETURN accepted;
END $$;
COMMENT ON FUNCTION agentctl.submit_operation(text, agentctl.operation, jsonb) IS 'Queues an operation for a conversation and returns its number. Internal: undo(), shutdown() and set() call it.';

CREATE FUNCTION agentctl.undo(conversation text, turns integer DEFAULT 1) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
BEGIN
    IF turns IS NULL OR turns NOT BETWEEN 1 AND 10000 THEN
        RAISE EXCEPTION 'undo takes back 1 to 10000 turns' USING ERRCODE = 'AC001';
    END IF;
    RETURN agentctl.submit_operation(conversation, 'undo', jsonb_build_object('turns', turns));
END $$;
COMMENT ON FUNCTION agentctl.undo(text, integer) IS 'Takes the last turns out of what the model is shown, when the messages before it are processed; returns its number. Nothing is deleted, and what tools have done is done: the event undone lists it.';

CREATE FUNCTION agentctl.shutdown(conversation text) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
    SELECT agentctl.submit_operation(conversation, 'shutdown', '{}')
$$;
COMMENT ON FUNCTION agentctl.shutdown(text) IS 'Closes a conversation: what was submitted before is processed, nothing more is accepted. Returns its number.';

CREATE FUNCTION agentctl.steer(conversation text, message text, idempotency_key text DEFAULT NULL) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
DECLARE
    accepted bigint;
    largest integer := agentctl.setting('max_message_bytes')::integer;
BEGIN
    PERFORM agentctl.require_conversation(steer.conversation);
    IF steer.message IS NULL OR octet_length(steer.message) > largest THEN
        RAISE EXCEPTION 'a message has at most % bytes', largest USING ERRCODE = 'AC003', HINT = 'Setting max_message_bytes in agentctl.setting.';
    END IF;
    IF octet_length(steer.idempotency_key) NOT BETWEEN 1 AND 200 THEN
        RAISE EXCEPTION 'an idempotency key has 1 to 200 bytes' USING ERRCODE = 'AC001';
    END IF;
    PERFORM FROM conversation_control AS c WHERE c.conversation_id = steer.conversation FOR NO KEY UPDATE;
    SELECT s.seq INTO accepted FROM submission AS s
    WHERE s.conversation_id = steer.conversation AND s.idempotency_key = steer.idempotency_key;
    IF FOUND THEN
        RETURN accepted;
    END IF;
    UPDATE conversation_control AS c SET tail_seq = c.tail_seq + 1
    WHERE c.conversation_id = steer.conversation AND c.closed_seq IS NULL AND c.head_seq < c.tail_seq
    RETURNING c.tail_seq INTO accepted;
    IF accepted IS NULL OR NOT agentctl.begin_steering(steer.conversation, accepted, NULL) THEN
        RAISE EXCEPTION 'no turn of conversation "%" is in progress', steer.conversation
            USING ERRCODE = 'AC003', HINT = 'A message of its own is sent with agentctl.submit().';
    END IF;
    INSERT INTO submission (conversation_id, seq, operation, body, idempotency_key)
    VALUES (steer.conversation, accepted, 'steer', jsonb_build_object('message', steer.message), steer.idempotency_key);
    RETURN accepted;
END $$;
COMMENT ON FUNCTION agentctl.steer(text, text, text) IS 'Sends a message into the turn in progress, which takes it up before it asks the model again; returns its number. A turn that ends without having done so leaves it to be answered next. Fails with AC003 when no turn is in progress.';

CREATE OR REPLACE FUNCTION agentctl.reply(conversation text, seq bigint) RETURNS text
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
DECLARE
    ended record;
    -- A message that another turn took up is answered by that turn.
    answered bigint := coalesce((
        SELECT s.taken_by FROM submission AS s WHERE s.conversation_id = reply.conversation AND s.seq = reply.seq), reply.seq);
BEGIN
    PERFORM FROM conversation AS c
    WHERE c.id = reply.conversation AND (c.created_by = agentctl.caller() OR agentctl.may_see_all());
    IF NOT FOUND THEN
        RAISE EXCEPTION 'there is no conversation "%"', reply.conversation USING ERRCODE = 'AC002';
    END IF;
    SELECT t.* INTO ended FROM turn AS t
    WHERE t.conversation_id = reply.conversation AND t.seq = answered
      AND t.started_at >= (SELECT agentctl.turn_lower_bound(reply.conversation, answered));
    IF NOT FOUND THEN
        RETURN NULL;
    ELSIF ended.status <> 'succeeded' THEN
        RAISE EXCEPTION 'turn %/% %: %', reply.conversation, answered, ended.status, coalesce(ended.error_message, ended.limit_reached, '')
            USING ERRCODE = 'AC005';
    END IF;
    RETURN (SELECT m.content FROM message AS m
            WHERE m.conversation_id = reply.conversation AND m.number = ended.last_message AND m.role = 'assistant');
END $$;
COMMENT ON FUNCTION agentctl.reply(text, bigint) IS 'The reply to a submission, or of the turn that took it up; NULL while there is none. Fails with AC005 when its turn did not succeed.';

CREATE FUNCTION agentctl.set(conversation text, settings jsonb) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
DECLARE
    wrong record;
BEGIN
    IF jsonb_typeof(set.settings) IS DISTINCT FROM 'object' OR set.settings = '{}' THEN
        RAISE EXCEPTION 'settings are an object: {"agent": name, "model": name, "max_iterations": number, …}' USING ERRCODE = 'AC001';
    END IF;
    -- The numbers of an agent's document; null goes back to the agent's own.
    SELECT e.key, e.value, f.type, f.minimum, f.maximum INTO wrong
    FROM jsonb_each(set.settings) AS e
    LEFT JOIN document_field AS f ON f.kind = 'agent' AND f.path = e.key AND f.type IN ('integer', 'number')
    WHERE e.key NOT IN ('agent', 'model') AND (f.path IS NULL OR e.value <> 'null' AND CASE
        WHEN jsonb_typeof(e.value) <> 'number' THEN true
        WHEN f.type = 'integer' AND (e.value #>> '{}')::numeric % 1 <> 0 THEN true
        ELSE NOT (e.value #>> '{}')::numeric BETWEEN coalesce(f.minimum, '-infinity')::numeric AND coalesce(f.maximum, 'infinity')::numeric END)
    LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'setting "%" is %', wrong.key, CASE WHEN wrong.type IS NULL THEN 'none that a conversation has' ELSE wrong.value::text END
            USING ERRCODE = 'AC001', HINT = CASE WHEN wrong.type IS NULL
                THEN 'agent, model, or one of: ' || (SELECT string_agg(f.path, ', ' ORDER BY f.path) FROM document_field AS f
                    WHERE f.kind = 'agent' AND f.type IN ('integer', 'number') AND f.path !~ '[.[]')
                ELSE format('It takes %s %s from %s to %s.', CASE wrong.type WHEN 'integer' THEN 'an' ELSE 'a' END, wrong.type,
                    coalesce(wrong.minimum::text, 'any'), coalesce(wrong.maximum::text, 'any')) END;
    END IF;
    SELECT e.key AS kind, e.value #>> '{}' AS name INTO wrong
    FROM jsonb_each(set.settings) AS e
    WHERE e.key IN ('agent', 'model') AND NOT (e.key = 'model' AND e.value = 'null') AND NOT EXISTS (
        SELECT FROM definition AS d WHERE d.kind = e.key AND d.name = e.value #>> '{}' AND d.current_version IS NOT NULL)
    LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'there is no % "%"', wrong.kind, coalesce(wrong.name, 'null') USING ERRCODE = 'AC002',
            HINT = coalesce('Did you mean ' || agentctl.nearest(wrong.name,
                ARRAY(SELECT d.name FROM definition AS d WHERE d.kind = wrong.kind)) || '?', format('See agentctl.%ss.', wrong.kind));
    END IF;
    -- An agent's limits and its model are what its author lets it cost.
    IF NOT agentctl.may_see_all() THEN
        IF set.settings ->> 'model' IS NOT NULL THEN
            RAISE EXCEPTION 'only an owner gives a conversation another model' USING ERRCODE = 'AC004',
                HINT = 'Another agent, with that model, can be named by everybody.';
        END IF;
        RETURN agentctl.submit_operation(set.conversation, 'set', set.settings || '{"lowers": true}');
    END IF;
    RETURN agentctl.submit_operation(set.conversation, 'set', set.settings);
END $$;
COMMENT ON FUNCTION agentctl.set(text, jsonb) IS 'Changes the agent, the model or limits for what is submitted after it; returns its number. settings: {"agent": name, "model": name, and numbers by their names in an agent''s document}; null goes back to the agent''s own, and another agent comes with its own. Only owners change the model or raise limits.';

CREATE FUNCTION agentctl.apply_settings(conversation text, change jsonb) RETURNS jsonb
LANGUAGE plpgsql SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
DECLARE
    chosen text := coalesce(apply_settings.change ->> 'agent', (SELECT v.agent FROM conversation AS v WHERE v.id = apply_settings.conversation));
    numbers jsonb := apply_settings.change - '{agent,lowers}'::text[];
BEGIN
    IF apply_settings.change ? 'lowers' THEN
        SELECT coalesce(jsonb_object_agg(n.key, CASE
                   WHEN n.key ~ '^(max_|timeout$|output_retries$|history_limit$)' AND jsonb_typeof(n.value) = 'number'
                   THEN least((n.value #>> '{}')::numeric, (coalesce(own.document -> n.key, f.default_value) #>> '{}')::numeric)::text::jsonb
                   ELSE n.value END), '{}') INTO numbers
        FROM jsonb_each(numbers) AS n
        LEFT JOIN document_field AS f ON f.kind = 'agent' AND f.path = n.key
        LEFT JOIN (
            SELECT v.document FROM definition AS d
            JOIN definition_version AS v ON v.kind = d.kind AND v.name = d.name AND v.version = d.current_version
            WHERE d.kind = 'agent' AND d.name = chosen
        ) AS own ON true;
    END IF;
    UPDATE conversation AS v
    SET agent = chosen, settings = jsonb_strip_nulls(CASE WHEN v.agent = chosen THEN v.settings || numbers ELSE numbers END)
    WHERE v.id = apply_settings.conversation;
    RETURN apply_settings.change - 'lowers' || numbers;
END $$;
COMMENT ON FUNCTION agentctl.apply_settings(text, jsonb) IS 'Carries out a change of settings and returns what it came to: limits that the caller of set() may only lower are not raised. Internal: apply_operation() calls it.';

-- What a worker does with an operation other than a message: all of it, in the commit that ends the submission.
CREATE FUNCTION agentctl.apply_operation(conversation text, seq bigint, lease uuid) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = agentctl, pg_temp SET lock_timeout = '250ms' AS $$
#variable_conflict use_column
DECLARE
    held record;
    asked record;
    told record;
BEGIN
    SELECT c.last_event INTO held FROM conversation_control AS c
    WHERE c.conversation_id = apply_operation.conversation AND c.lease = apply_operation.lease AND c.state = 'running'
      AND c.head_seq = apply_operation.seq - 1
    FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    SELECT s.operation, s.body INTO asked FROM submission AS s
    WHERE s.conversation_id = apply_operation.conversation AND s.seq = apply_operation.seq;
    CASE asked.operation
        WHEN 'undo' THEN
            SELECT 'undone'::text AS type, agentctl.apply_undo(apply_operation.conversation, apply_operation.seq, (asked.body ->> 'turns')::integer) AS data INTO told;
        WHEN 'set' THEN
            SELECT 'settings_changed'::text AS type, agentctl.apply_settings(apply_operation.conversation, asked.body) AS data INTO told;
        WHEN 'shutdown' THEN
            SELECT 'closed'::text AS type, '{}'::jsonb AS data INTO told;
        WHEN 'steer' THEN
            -- A turn has taken it up.
            SELECT NULL::text AS type, NULL::jsonb AS data INTO told;
        ELSE
            SELECT 'error'::text AS type, jsonb_build_object('code', 'operation_unsupported',
                'message', format('this release does not know the operation %s', asked.operation)) AS data INTO told;
    END CASE;
    INSERT INTO event (conversation_id, number, seq, type, data)
    SELECT apply_operation.conversation, held.last_event + 1, apply_operation.seq, told.type, told.data WHERE told.type IS NOT NULL;
    UPDATE conversation_control AS c
    SET head_seq = apply_operation.seq,
        state = CASE WHEN c.tail_seq > apply_operation.seq THEN 'ready' ELSE 'idle' END::conversation_state,
        ready_at = CASE WHEN c.tail_seq > apply_operation.seq THEN clock_timestamp() END,
        lease = NULL, worker_id = NULL, attempt = 0, generation = 0,
        last_event = c.last_event + CASE WHEN told.type IS NULL THEN 0 ELSE 1 END
    WHERE c.conversation_id = apply_operation.conversation;
    RETURN true;
END $$;
COMMENT ON FUNCTION agentctl.apply_operation(text, bigint, uuid) IS 'Carries out a claimed operation that is not a message and ends it, if the lease still holds. Fails with 55P03 like finish().';

CREATE FUNCTION agentctl.apply_undo(conversation text, seq bigint, turns integer) RETURNS jsonb
LANGUAGE plpgsql SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
DECLARE
    undone bigint[];
    messages bigint;
    first bigint;
BEGIN
    -- Of a fork the copied messages too: they have the numbers of the turns that they come from.
    undone := ARRAY(
        SELECT DISTINCT m.seq FROM message AS m
        WHERE m.conversation_id = apply_undo.conversation AND m.undone_by IS NULL AND m.role = 'user'
        ORDER BY m.seq DESC LIMIT apply_undo.turns);
    first := (SELECT min(m.number) FROM message AS m
              WHERE m.conversation_id = apply_undo.conversation AND m.undone_by IS NULL AND m.seq = ANY (undone));
    UPDATE message AS m SET undone_by = apply_undo.seq
    WHERE m.conversation_id = apply_undo.conversation AND m.undone_by IS NULL AND m.seq = ANY (undone);
    GET DIAGNOSTICS messages = ROW_COUNT;
    -- The summary before it may tell of nothing that was undone; else the messages speak for themselves again.
    UPDATE compaction AS o SET undone_by = apply_undo.seq
    WHERE o.conversation_id = apply_undo.conversation AND o.undone_by IS NULL AND o.last_message >= first;
    RETURN jsonb_build_object(
        'turns', coalesce((SELECT jsonb_agg(u ORDER BY u) FROM unnest(undone) AS u), '[]'),
        'messages', messages,
        'effects', coalesce((
            SELECT jsonb_agg(jsonb_build_object('turn', t.seq, 'call', t.number, 'tool', t.tool, 'state', t.state) ORDER BY t.seq, t.number)
            FROM tool_call AS t
            WHERE t.conversation_id = apply_undo.conversation AND t.seq = ANY (undone) AND t.effect IN ('unsafe', 'sql', 'idempotent')
              AND t.state IN ('succeeded', 'in_doubt', 'started')
              AND t.started_at >= (SELECT v.created_at FROM conversation AS v WHERE v.id = t.conversation_id)), '[]'));
END $$;
COMMENT ON FUNCTION agentctl.apply_undo(text, bigint, integer) IS 'Marks the messages of the last turns as undone; returns which, and which effects of theirs stay. Internal: apply_operation() calls it.';

-- A conversation that goes on from a message of another. The messages are copied, once, so that reading a conversation
-- never follows a chain of others.
CREATE FUNCTION agentctl.fork(conversation text, new_conversation text, message bigint DEFAULT NULL, agent text DEFAULT NULL) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
DECLARE
    upto bigint;
    turn bigint;
    copied bigint;
BEGIN
    PERFORM agentctl.require_conversation(fork.conversation);
    IF EXISTS (SELECT FROM conversation AS v WHERE v.id = fork.new_conversation) THEN
        RAISE EXCEPTION 'there is a conversation "%" already', fork.new_conversation USING ERRCODE = 'AC003';
    END IF;
    IF octet_length(fork.new_conversation) NOT BETWEEN 1 AND 200 OR fork.new_conversation ~ '[[:cntrl:]]'
        OR fork.new_conversation <> btrim(fork.new_conversation) THEN
        RAISE EXCEPTION 'a conversation''s id has 1 to 200 bytes, no control characters and no spaces around it' USING ERRCODE = 'AC001';
    END IF;
    SELECT m.number, m.seq INTO upto, turn FROM message AS m
    WHERE m.conversation_id = fork.conversation AND (fork.message IS NULL OR m.number = fork.message)
    ORDER BY m.number DESC LIMIT 1;
    IF upto IS NULL THEN
        RAISE EXCEPTION 'conversation "%" has no %', fork.conversation,
            coalesce('message ' || fork.message, 'message') USING ERRCODE = 'AC002';
    END IF;
    PERFORM agentctl.start_conversation(fork.new_conversation,
        coalesce(fork.agent, (SELECT v.agent FROM conversation AS v WHERE v.id = fork.conversation)));
    UPDATE conversation AS v
    SET forked_from = fork.conversation, forked_message = upto,
        settings = (SELECT o.settings FROM conversation AS o WHERE o.id = fork.conversation)
    WHERE v.id = fork.new_conversation;
    INSERT INTO message (conversation_id, number, seq, role, content, tool_calls, tool_call_id, created_at)
    SELECT fork.new_conversation, row_number() OVER (ORDER BY m.number), m.seq, m.role, m.content, m.tool_calls, m.tool_call_id, m.created_at
    FROM message AS m
    WHERE m.conversation_id = fork.conversation AND m.number <= upto AND m.undone_by IS NULL;
    GET DIAGNOSTICS copied = ROW_COUNT;
    -- Summaries that tell only of copied messages go along, with the new numbers of these. They have been paid.
    INSERT INTO compaction (conversation_id, number, first_message, last_message, summary, made_by, before_tokens, after_tokens, created_by)
    SELECT fork.new_conversation, row_number() OVER (ORDER BY o.number), 1, kept.messages, o.summary, o.made_by, o.before_tokens,
           o.after_tokens, o.created_by
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
COMMENT ON FUNCTION agentctl.fork(text, text, bigint, text) IS 'Makes a conversation that goes on from the given message of another, or from its last one; returns how many messages it has. Messages that were undone are left out.';

REVOKE ALL ON FUNCTION agentctl.require_conversation(text), agentctl.submit_operation(text, agentctl.operation, jsonb),
    agentctl.undo(text, integer), agentctl.shutdown(text), agentctl.steer(text, text, text),
    agentctl.set(text, jsonb), agentctl.apply_settings(text, jsonb), agentctl.begin_steering(text, bigint, text), agentctl.meet_busy(text, bigint, text), agentctl.apply_operation(text, bigint, uuid),
    agentctl.apply_undo(text, bigint, integer), agentctl.fork(text, text, bigint, text) FROM PUBLIC;
INSERT INTO agentctl.role_grant (role, object_type, object, privileges) VALUES
    ('agentctl_client', 'function', 'agentctl.undo(text, integer)', 'EXECUTE'),
    ('agentctl_client', 'function', 'agentctl.shutdown(text)', 'EXECUTE'),
    ('agentctl_client', 'function', 'agentctl.set(text, jsonb)', 'EXECUTE'),
    ('agentctl_client', 'function', 'agentctl.steer(text, text, text)', 'EXECUTE'),
    ('agentctl_client', 'function', 'agentctl.fork(text, text, bigint, text)', 'EXECUTE');
SELECT agentctl.grant_roles();
