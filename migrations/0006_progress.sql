-- Turns that call tools with effects: what is done is stored while the turn goes on.
--
-- Before a tool with an effect runs, the model's answer and the intent to run it are stored; after it, its result. A
-- turn that a crash cut off goes on from there: nothing that was stored is done again, the model's answers are not paid
-- twice, and a call whose intent is stored without a result is in doubt: a person says whether it happened.

ALTER TABLE agentctl.conversation_control
    ADD COLUMN has_progress boolean NOT NULL DEFAULT false,
    ADD COLUMN generation smallint NOT NULL DEFAULT 0;
COMMENT ON COLUMN agentctl.conversation_control.has_progress IS 'The next submission''s turn has stored something already: see turn_progress.';
COMMENT ON COLUMN agentctl.conversation_control.generation IS 'Counts claims of the next submission, also those that were given back: pieces of answers are told apart by it.';
COMMENT ON COLUMN agentctl.delta.attempt IS 'The generation of the claim; a higher one begins the answer anew.';
COMMENT ON COLUMN agentctl.tool_call.idempotency_key IS 'Given to tools that can use one: every attempt of a call has the same. Random and stored with the intent before the first attempt; of an idempotent call, made from what is asked for.';
COMMENT ON COLUMN agentctl.event.type IS 'turn_started, message, steered, tool_call_requested, tool_started, tool_finished, call_in_doubt, approval_requested, approval_decided, waiting, call_resolved, limit_reached, interrupted, error, turn_complete, undone, settings_changed, compacted, compaction_undone, guardrail_hit, closed.';
ALTER TABLE agentctl.tool_call ADD COLUMN rule text;
COMMENT ON COLUMN agentctl.tool_call.rule IS 'What decided whether it may run: the policy and the rule; NULL when it was not asked.';
-- A person may be asked about what is said, and about what a tool returned, as about a call.
ALTER TABLE agentctl.approval
    ADD COLUMN place text COLLATE "C" NOT NULL DEFAULT 'call' CHECK (place IN ('call', 'input', 'tool_output')),
    DROP CONSTRAINT approval_conversation_id_seq_call_number_key,
    ADD UNIQUE (conversation_id, seq, call_number, place);
COMMENT ON COLUMN agentctl.approval.place IS 'What is asked about: the call; or what a guardrail found in the message (input) or in the call''s result (tool_output).';
COMMENT ON COLUMN agentctl.approval.call_number IS 'The tool call within the turn; 0 for the message.';
COMMENT ON COLUMN agentctl.approval.tool IS 'The tool; for what a guardrail found, guardrail: and its name.';
CREATE INDEX tool_call_in_doubt ON agentctl.tool_call (conversation_id, seq) WHERE state = 'in_doubt';

CREATE TABLE agentctl.turn_progress (
    conversation_id text COLLATE "C" PRIMARY KEY REFERENCES agentctl.conversation_control ON DELETE CASCADE,
    seq bigint NOT NULL,
    saves integer NOT NULL CHECK (saves > 0),
    agent text COLLATE "C" NOT NULL,
    agent_version integer,
    started_at timestamptz NOT NULL,
    first_message bigint NOT NULL,
    steps integer NOT NULL,
    model_calls integer NOT NULL,
    tool_calls integer NOT NULL,
    input_tokens bigint NOT NULL,
    cached_input_tokens bigint NOT NULL,
    output_tokens bigint NOT NULL,
    cost_usd numeric(20, 10) NOT NULL,
    duration_ms double precision NOT NULL
) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 1000);
COMMENT ON TABLE agentctl.turn_progress IS 'Turns that have stored something and have not ended: one row each, gone when the turn ends.';
COMMENT ON COLUMN agentctl.turn_progress.conversation_id IS 'The conversation.';
COMMENT ON COLUMN agentctl.turn_progress.seq IS 'The submission that is processed.';
COMMENT ON COLUMN agentctl.turn_progress.saves IS 'Times that something was stored: tells a repeated save from a new one.';
COMMENT ON COLUMN agentctl.turn_progress.agent IS 'Name of the agent.';
COMMENT ON COLUMN agentctl.turn_progress.agent_version IS 'Version of the agent that stored last.';
COMMENT ON COLUMN agentctl.turn_progress.started_at IS 'When the turn began.';
COMMENT ON COLUMN agentctl.turn_progress.first_message IS 'Number of its first message.';
COMMENT ON COLUMN agentctl.turn_progress.steps IS 'Steps that are stored.';
COMMENT ON COLUMN agentctl.turn_progress.model_calls IS 'Calls to the model so far.';
COMMENT ON COLUMN agentctl.turn_progress.tool_calls IS 'Calls to tools so far.';
COMMENT ON COLUMN agentctl.turn_progress.input_tokens IS 'Input tokens so far.';
COMMENT ON COLUMN agentctl.turn_progress.cached_input_tokens IS 'Those of them that the provider had cached.';
COMMENT ON COLUMN agentctl.turn_progress.output_tokens IS 'Output tokens so far.';
COMMENT ON COLUMN agentctl.turn_progress.cost_usd IS 'Cost so far, in USD.';
COMMENT ON COLUMN agentctl.turn_progress.duration_ms IS 'Milliseconds of work so far, not counting what lay between attempts.';

-- What finish() and save_progress() have in common. Messages and events of the record are those that are not stored yet;
-- an event's message counts from 1 within the turn. A tool call that says stored is there already and is brought up to date.
CREATE FUNCTION agentctl.write_turn_parts(
    conversation text, seq bigint, record jsonb, started timestamptz, first_message bigint, last_message bigint, last_event bigint
) RETURNS void
LANGUAGE plpgsql SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
DECLARE
    -- The clock is the database's; the worker tells only how long things took, from the beginning of its attempt.
    began timestamptz := greatest(started,
        clock_timestamp() - make_interval(secs => (write_turn_parts.record #>> '{turn,elapsed_ms}')::double precision / 1000));
BEGIN
    INSERT INTO message (conversation_id, number, seq, role, content, tool_calls, tool_call_id)
    SELECT write_turn_parts.conversation, write_turn_parts.last_message + m.ordinality, write_turn_parts.seq,
           (m.value ->> 'role')::message_role, m.value ->> 'content', m.value -> 'tool_calls', m.value ->> 'tool_call_id'
    FROM jsonb_array_elements(write_turn_parts.record -> 'messages') WITH ORDINALITY AS m;

    INSERT INTO step (
        conversation_id, seq, number, kind, model, model_version_id, provider, finish_reason, input_tokens, cached_input_tokens,
        output_tokens, usage_estimated, cost_usd, time_to_first_token_ms, duration_ms, started_at, error_code, error_message)
    SELECT write_turn_parts.conversation, write_turn_parts.seq, s.number, s.kind, s.model, s.model_version_id, s.provider, s.finish_reason,
           coalesce(s.input_tokens, 0), coalesce(s.cached_input_tokens, 0), coalesce(s.output_tokens, 0),
           coalesce(s.usage_estimated, false), coalesce(s.cost_usd, 0), s.time_to_first_token_ms, s.duration_ms,
           began + make_interval(secs => s.offset_ms / 1000), s.error_code, s.error_message
    FROM jsonb_to_recordset(write_turn_parts.record -> 'steps') AS s (
        number integer, kind step_kind, model text, model_version_id bigint, provider text, finish_reason text,
        input_tokens bigint, cached_input_tokens bigint, output_tokens bigint, usage_estimated boolean, cost_usd numeric,
        time_to_first_token_ms double precision, duration_ms double precision, offset_ms double precision,
        error_code text, error_message text);

    IF jsonb_array_length(write_turn_parts.record -> 'tool_calls') > 0 THEN
        INSERT INTO tool_call (
            conversation_id, seq, number, step_number, call_id, tool, tool_version_id, arguments, effect, idempotency_key, state, result,
            truncated, error_code, duration_ms, rule, started_at)
        SELECT write_turn_parts.conversation, write_turn_parts.seq, c.number, c.step_number, c.call_id, c.tool, c.tool_version_id,
               c.arguments, c.effect, c.idempotency_key, c.state, c.result, c.truncated, c.error_code, c.duration_ms, c.rule,
               began + make_interval(secs => c.offset_ms / 1000)
        FROM jsonb_to_recordset(write_turn_parts.record -> 'tool_calls') AS c (
            number integer, step_number integer, call_id text, tool text, tool_version_id bigint, arguments text,
            effect tool_effect, idempotency_key uuid, state tool_call_state, result text, truncated boolean, error_code text,
            duration_ms double precision, rule text, offset_ms double precision, stored boolean)
        WHERE c.stored IS NOT TRUE;

        UPDATE tool_call AS t
        SET state = c.state, result = c.result, truncated = c.truncated, error_code = c.error_code, duration_ms = c.duration_ms,
            rule = coalesce(c.rule, t.rule)
        FROM jsonb_to_recordset(write_turn_parts.record -> 'tool_calls') AS c (
            number integer, state tool_call_state, result text, truncated boolean, error_code text, duration_ms double precision,
            rule text, stored boolean)
        WHERE c.stored AND t.conversation_id = write_turn_parts.conversation AND t.seq = write_turn_parts.seq AND t.number = c.number
          AND t.started_at >= write_turn_parts.started;
    END IF;

    INSERT INTO event (conversation_id, number, seq, type, data)
    SELECT write_turn_parts.conversation, write_turn_parts.last_event + e.ordinality, write_turn_parts.seq, e.value ->> 'type',
           coalesce(e.value -> 'data', '{}') || CASE WHEN e.value ? 'message'
               THEN jsonb_build_object('message', write_turn_parts.first_message - 1 + (e.value ->> 'message')::bigint) ELSE '{}' END
    FROM jsonb_array_elements(write_turn_parts.record -> 'events') WITH ORDINALITY AS e;

    IF write_turn_parts.record ? 'steered' THEN
        UPDATE submission AS s SET taken_by = write_turn_parts.seq
        WHERE s.conversation_id = write_turn_parts.conversation AND s.operation = 'steer' AND s.taken_by IS NULL
          AND s.seq = ANY (ARRAY(SELECT jsonb_array_elements_text(write_turn_parts.record -> 'steered')::bigint));
    END IF;
    IF write_turn_parts.record ? 'function_calls' THEN
        PERFORM agentctl.record_function_calls(write_turn_parts.conversation, write_turn_parts.seq, write_turn_parts.record -> 'function_calls');
    END IF;
    -- What a guardrail has taken out of a message is not kept in the submission either.
    IF write_turn_parts.record ? 'bodies' THEN
        UPDATE submission AS s SET body = left_over.value
        FROM jsonb_each(write_turn_parts.record -> 'bodies') AS left_over
        WHERE s.conversation_id = write_turn_parts.conversation AND s.seq = left_over.key::bigint;
    END IF;
    IF write_turn_parts.record ? 'security_events' THEN
        PERFORM agentctl.record_security_events(write_turn_parts.conversation, write_turn_parts.seq, write_turn_parts.record -> 'security_events');
    END IF;
END $$;
COMMENT ON FUNCTION agentctl.write_turn_parts(text, bigint, jsonb, timestamptz, bigint, bigint, bigint) IS 'Stores the messages, steps, tool calls and events of a record. Internal: finish() and save_progress() call it under the lock on the control row.';

CREATE FUNCTION agentctl.save_progress(
    conversation text, seq bigint, lease uuid, save integer, record jsonb, park boolean DEFAULT false
) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = agentctl, pg_temp SET lock_timeout = '250ms' AS $$
#variable_conflict use_column
DECLARE
    held record;
    saved record;
    wakes timestamptz;
BEGIN
    SELECT c.has_progress, c.last_message, c.last_event INTO held
    FROM conversation_control AS c
    WHERE c.conversation_id = save_progress.conversation AND c.lease = save_progress.lease AND c.state = 'running'
      AND c.head_seq = save_progress.seq - 1
    FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    SELECT p.saves, p.started_at, p.first_message INTO saved
    FROM turn_progress AS p WHERE held.has_progress AND p.conversation_id = save_progress.conversation;
    -- The same save, told again because its answer was lost.
    IF saved.saves >= save_progress.save THEN
        RETURN true;
    END IF;
    saved.started_at := coalesce(saved.started_at,
        clock_timestamp() - make_interval(secs => (save_progress.record #>> '{turn,duration_ms}')::double precision / 1000));
    saved.first_message := coalesce(saved.first_message, held.last_message + 1);
    PERFORM agentctl.write_turn_parts(save_progress.conversation, save_progress.seq, save_progress.record, saved.started_at,
        saved.first_message, held.last_message, held.last_event);
    IF save_progress.record ? 'approvals' THEN
        wakes := agentctl.request_approvals(save_progress.conversation, save_progress.seq, save_progress.record -> 'approvals');
    END IF;
    INSERT INTO turn_progress AS p (
        conversation_id, seq, saves, started_at, first_message, agent, agent_version, steps, model_calls, tool_calls, input_tokens,
        cached_input_tokens, output_tokens, cost_usd, duration_ms)
    SELECT save_progress.conversation, save_progress.seq, save_progress.save, saved.started_at, saved.first_message, t.*
    FROM jsonb_to_record(save_progress.record -> 'turn') AS t (
        agent text, agent_version integer, steps integer, model_calls integer, tool_calls integer, input_tokens bigint,
        cached_input_tokens bigint, output_tokens bigint, cost_usd numeric, duration_ms double precision)
    ON CONFLICT (conversation_id) DO UPDATE
    SET saves = excluded.saves, agent = excluded.agent, agent_version = excluded.agent_version, steps = excluded.steps,
        model_calls = excluded.model_calls, tool_calls = excluded.tool_calls, input_tokens = excluded.input_tokens,
        cached_input_tokens = excluded.cached_input_tokens, output_tokens = excluded.output_tokens, cost_usd = excluded.cost_usd,
        duration_ms = excluded.duration_ms;
    UPDATE conversation_control AS c
    SET has_progress = true,
        last_message = c.last_message + jsonb_array_length(save_progress.record -> 'messages'),
        last_event = c.last_event + jsonb_array_length(save_progress.record -> 'events'),
        state = CASE WHEN park AND wakes IS NULL THEN 'parked' WHEN park THEN 'waiting' ELSE c.state END,
        wake_at = CASE WHEN park THEN wakes END,
        lease = CASE WHEN park THEN NULL ELSE c.lease END,
        worker_id = CASE WHEN park THEN NULL ELSE c.worker_id END,
        attempt = CASE WHEN park THEN 0 ELSE c.attempt END
    WHERE c.conversation_id = save_progress.conversation;
    RETURN true;
END $$;
COMMENT ON FUNCTION agentctl.save_progress(text, bigint, uuid, integer, jsonb, boolean) IS 'Stores what a turn has done so far, if the lease still holds. save counts from 1 within the turn: the same number again changes nothing. With park the conversation is given up and waits for a person. record: as finish() takes it, only with what is not stored yet.';

CREATE OR REPLACE FUNCTION agentctl.finish(conversation text, seq bigint, lease uuid, record jsonb) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = agentctl, pg_temp SET lock_timeout = '250ms' AS $$
#variable_conflict use_column
DECLARE
    held record;
    started timestamptz := clock_timestamp() - make_interval(secs => (finish.record #>> '{turn,duration_ms}')::double precision / 1000);
    first bigint;
BEGIN
    UPDATE conversation_control AS c
    SET head_seq = finish.seq,
        state = CASE WHEN c.tail_seq > finish.seq THEN 'ready' ELSE 'idle' END::conversation_state,
        ready_at = CASE WHEN c.tail_seq > finish.seq THEN clock_timestamp() END,
        lease = NULL, worker_id = NULL, attempt = 0, generation = 0, has_progress = false,
        last_message = c.last_message + jsonb_array_length(finish.record -> 'messages'),
        last_event = c.last_event + jsonb_array_length(finish.record -> 'events')
    FROM (SELECT o.conversation_id, o.worker_id, o.attempt, o.last_message, o.last_event, o.has_progress, o.steer_seq
          FROM conversation_control AS o
          WHERE o.conversation_id = finish.conversation AND o.lease = finish.lease AND o.state = 'running'
            AND o.head_seq = finish.seq - 1
          FOR NO KEY UPDATE) AS old
    WHERE c.conversation_id = old.conversation_id
    RETURNING old.worker_id, old.attempt, old.last_message, old.last_event, old.has_progress, old.steer_seq,
              c.last_message AS new_last_message INTO held;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    first := held.last_message + 1;
    IF held.has_progress THEN
        DELETE FROM turn_progress AS p WHERE p.conversation_id = finish.conversation
        RETURNING p.started_at, p.first_message INTO started, first;
    END IF;

    PERFORM agentctl.write_turn_parts(finish.conversation, finish.seq, finish.record, started, first, held.last_message, held.last_event);

    INSERT INTO turn (
        conversation_id, seq, attempt, worker_id, first_message, last_message, submitted_at,
        status, agent, agent_version, agent_version_id, limit_reached, error_code, error_message, model_calls, tool_calls,
        input_tokens, cached_input_tokens, output_tokens, cost_usd, started_at, duration_ms)
    SELECT finish.conversation, finish.seq, held.attempt, held.worker_id, first, held.new_last_message,
           (SELECT s.created_at FROM submission AS s WHERE s.conversation_id = finish.conversation AND s.seq = finish.seq),
           t.status, t.agent, t.agent_version, t.agent_version_id, t.limit_reached, t.error_code, t.error_message, t.model_calls,
           t.tool_calls, t.input_tokens, t.cached_input_tokens, t.output_tokens, t.cost_usd, started, t.duration_ms
    FROM jsonb_to_record(finish.record -> 'turn') AS t (
        status turn_status, agent text, agent_version integer, agent_version_id bigint, limit_reached text, error_code text,
        error_message text, model_calls integer, tool_calls integer, input_tokens bigint, cached_input_tokens bigint,
        output_tokens bigint, cost_usd numeric, duration_ms double precision);
    IF held.steer_seq > finish.seq THEN
        PERFORM agentctl.pass_taken(finish.conversation, finish.seq);
    END IF;
    RETURN true;
END $$;
COMMENT ON FUNCTION agentctl.finish(text, bigint, uuid, jsonb) IS 'Ends a turn in one commit, if the lease still holds. record: {turn, messages, steps, tool_calls, events, function_calls, security_events}, without what save_progress() has stored; an event''s message counts from 1 within the turn. Fails with 55P03 when the row was locked for 250 ms: try again.';

-- Messages that the turn took up and that come right after it are done with it.
CREATE FUNCTION agentctl.pass_taken(conversation text, seq bigint) RETURNS void
LANGUAGE plpgsql SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
DECLARE
    last bigint := pass_taken.seq;
BEGIN
    WHILE EXISTS (SELECT FROM submission AS s WHERE s.conversation_id = pass_taken.conversation AND s.seq = last + 1 AND s.taken_by IS NOT NULL) LOOP
        last := last + 1;
    END LOOP;
    UPDATE conversation_control AS c
    SET head_seq = last,
        state = CASE WHEN c.tail_seq > last THEN c.state ELSE 'idle' END,
        ready_at = CASE WHEN c.tail_seq > last THEN c.ready_at END
    WHERE c.conversation_id = pass_taken.conversation AND last > c.head_seq;
END $$;
COMMENT ON FUNCTION agentctl.pass_taken(text, bigint) IS 'Goes on past the messages that a turn has taken up. Internal: finish() calls it under the lock on the control row.';

-- A transaction that runs an SQL function and stores its result takes the row first, so that nobody else does both.
CREATE FUNCTION agentctl.hold(conversation text, lease uuid) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = agentctl, pg_temp SET lock_timeout = '250ms' AS $$
#variable_conflict use_column
BEGIN
    PERFORM FROM conversation_control AS c
    WHERE c.conversation_id = hold.conversation AND c.lease = hold.lease AND c.state = 'running' FOR NO KEY UPDATE;
    RETURN FOUND;
END $$;
COMMENT ON FUNCTION agentctl.hold(text, uuid) IS 'Locks a conversation''s row until the transaction ends. False: the lease no longer holds. Fails with 55P03 like finish().';

-- claim() and finish_and_claim() return three more columns, which CREATE OR REPLACE cannot give them.
DROP FUNCTION agentctl.finish_and_claim(text, bigint, uuid, jsonb, bigint, integer);
DROP FUNCTION agentctl.claim(bigint, integer, text);

CREATE FUNCTION agentctl.claim(worker bigint, maximum integer, conversation text DEFAULT NULL)
RETURNS TABLE (
    conversation_id text, seq bigint, lease uuid, attempt smallint, operation text, body jsonb, agent text, epoch bigint,
    submitted_at timestamptz, last_message bigint, history jsonb, generation smallint, progress jsonb,
    settings jsonb
)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
DECLARE
    claimed text[];
BEGIN
    -- A worker that was counted as lost gets no more: nobody would take over from it a second time.
    IF claim.maximum < 1 OR NOT EXISTS (SELECT FROM worker AS w WHERE w.id = claim.worker AND w.state IN ('active', 'draining')) THEN
        RETURN;
    END IF;
    IF claim.conversation IS NULL THEN
        WITH candidate AS MATERIALIZED (
            SELECT c.conversation_id FROM conversation_control AS c
            WHERE c.state = 'ready'
            ORDER BY c.priority, c.ready_at, c.conversation_id
            LIMIT claim.maximum
            FOR NO KEY UPDATE SKIP LOCKED
        ), taken AS (
            UPDATE conversation_control AS c
            SET state = 'running', lease = gen_random_uuid(), worker_id = claim.worker, ready_at = NULL,
                attempt = least(c.attempt, 32766) + 1, generation = least(c.generation, 32766) + 1
            WHERE c.conversation_id = ANY (ARRAY(SELECT candidate.conversation_id FROM candidate))
            RETURNING c.conversation_id
        )
        SELECT array_agg(taken.conversation_id) INTO claimed FROM taken;
    ELSE
        UPDATE conversation_control AS c
        SET state = 'running', lease = gen_random_uuid(), worker_id = claim.worker, ready_at = NULL,
            attempt = least(c.attempt, 32766) + 1, generation = least(c.generation, 32766) + 1
        WHERE c.conversation_id = ANY (ARRAY(
            SELECT o.conversation_id FROM conversation_control AS o
            WHERE o.conversation_id = claim.conversation AND o.state = 'ready' FOR NO KEY UPDATE SKIP LOCKED));
        claimed := CASE WHEN FOUND THEN ARRAY[claim.conversation] END;
    END IF;
    IF claimed IS NULL THEN
        RETURN;
    END IF;
    RETURN QUERY
    SELECT c.conversation_id, s.seq, c.lease, c.attempt, CASE WHEN s.taken_by IS NULL THEN s.operation::text ELSE 'taken' END, s.body, coalesce(s.agent, v.agent),
           (SELECT e.epoch FROM definition_epoch AS e), s.created_at, c.last_message,
           CASE WHEN compacted.summary IS NULL THEN past.messages
                ELSE jsonb_build_array(jsonb_build_array(compacted.last_message, 'summary', compacted.summary)) || coalesce(past.messages, '[]') END,
           c.generation,
           CASE WHEN c.has_progress THEN agentctl.turn_progress_report(c.conversation_id) END,
           CASE WHEN coalesce(s.agent, v.agent) = v.agent THEN nullif(v.settings, '{}') END
    FROM conversation_control AS c
    JOIN conversation AS v ON v.id = c.conversation_id
    JOIN submission AS s ON s.conversation_id = c.conversation_id AND s.seq = c.head_seq + 1
    CROSS JOIN LATERAL (
        SELECT CASE WHEN c.has_progress
            THEN (SELECT p.first_message - 1 FROM turn_progress AS p WHERE p.conversation_id = c.conversation_id)
            ELSE c.last_message END AS message
    ) AS before
    LEFT JOIN LATERAL (
        SELECT o.last_message, o.summary FROM compaction AS o
        WHERE o.conversation_id = c.conversation_id AND o.undone_by IS NULL
        ORDER BY o.number DESC LIMIT 1
    ) AS compacted ON true
    CROSS JOIN LATERAL (
        SELECT jsonb_agg(jsonb_build_array(m.number, m.role, m.content, m.tool_calls, m.tool_call_id) ORDER BY m.number) AS messages
        FROM (
            SELECT recent.*, sum(octet_length(recent.content) + coalesce(octet_length(recent.tool_calls::text), 0))
                                 OVER (ORDER BY recent.number DESC) AS bytes
            FROM message AS recent
            WHERE recent.conversation_id = c.conversation_id AND recent.number > greatest(before.message - 100, compacted.last_message)
              AND recent.number <= before.message AND recent.undone_by IS NULL
        ) AS m
        WHERE m.bytes <= 4194304
    ) AS past
    WHERE c.conversation_id = ANY (claimed);
END $$;
COMMENT ON FUNCTION agentctl.claim(bigint, integer, text) IS 'Takes the lease of up to maximum ready conversations (or of the given one) and returns the next submission of each, with the last 100 messages before it, at most 4 MiB of text, as [number, role, content, tool_calls, tool_call_id] (where a summary stands for the oldest, first [number, "summary", text] and then those after it), and what its turn has stored already.';

CREATE FUNCTION agentctl.turn_progress_report(conversation text) RETURNS jsonb
LANGUAGE sql STABLE SET search_path = agentctl, pg_temp AS $$
    SELECT to_jsonb(p) || jsonb_build_object(
        'interrupted', c.cancel_seq > c.head_seq,
        'messages', coalesce((
            SELECT jsonb_agg(jsonb_build_array(m.number, m.role, m.content, m.tool_calls, m.tool_call_id) ORDER BY m.number)
            FROM agentctl.message AS m WHERE m.conversation_id = p.conversation_id AND m.number >= p.first_message), '[]'),
        'input_approval', (
            SELECT jsonb_build_object('state', a.state, 'reason', a.reason) FROM agentctl.approval AS a
            WHERE a.conversation_id = p.conversation_id AND a.seq = p.seq AND a.place = 'input'),
        'calls', (
            SELECT jsonb_agg(jsonb_build_object(
                'number', t.number, 'step_number', t.step_number, 'call_id', t.call_id, 'tool', t.tool, 'tool_version_id', t.tool_version_id,
                'arguments', t.arguments, 'effect', t.effect, 'idempotency_key', t.idempotency_key, 'state', t.state, 'result', t.result,
                'truncated', t.truncated, 'error_code', t.error_code, 'duration_ms', t.duration_ms,
                'approval', CASE WHEN a.id IS NOT NULL THEN jsonb_build_object('state', a.state, 'reason', a.reason, 'by', a.decided_by) END,
                'output_approval', CASE WHEN o.id IS NOT NULL THEN jsonb_build_object('state', o.state, 'reason', o.reason) END)
                ORDER BY t.number)
            FROM agentctl.tool_call AS t
            LEFT JOIN agentctl.approval AS a ON a.conversation_id = t.conversation_id AND a.seq = t.seq AND a.call_number = t.number
                AND a.place = 'call'
            LEFT JOIN agentctl.approval AS o ON o.conversation_id = t.conversation_id AND o.seq = t.seq AND o.call_number = t.number
                AND o.place = 'tool_output'
            WHERE t.conversation_id = p.conversation_id AND t.seq = p.seq AND t.step_number > p.steps
              AND t.started_at >= p.started_at))
    FROM agentctl.turn_progress AS p
    JOIN agentctl.conversation_control AS c ON c.conversation_id = p.conversation_id
    WHERE p.conversation_id = turn_progress_report.conversation
$$;
COMMENT ON FUNCTION agentctl.turn_progress_report(text) IS 'What the turn in progress has stored: its totals, its messages, and the calls of a tool round that has not ended. Internal: claim() calls it.';

CREATE FUNCTION agentctl.finish_and_claim(
    conversation text, seq bigint, lease uuid, record jsonb, worker bigint, maximum integer
) RETURNS TABLE (
    finished boolean, conversation_id text, next_seq bigint, next_lease uuid, attempt smallint, operation text, body jsonb,
    agent text, epoch bigint, submitted_at timestamptz, last_message bigint, history jsonb, generation smallint, progress jsonb,
    settings jsonb
)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
DECLARE
    done boolean := agentctl.finish(
        finish_and_claim.conversation, finish_and_claim.seq, finish_and_claim.lease, finish_and_claim.record);
BEGIN
    RETURN QUERY SELECT done, n.* FROM agentctl.claim(finish_and_claim.worker, finish_and_claim.maximum) AS n;
    IF NOT FOUND THEN
        RETURN QUERY SELECT done, NULL::text, NULL::bigint, NULL::uuid, NULL::smallint, NULL::text, NULL::jsonb, NULL::text,
            NULL::bigint, NULL::timestamptz, NULL::bigint, NULL::jsonb, NULL::smallint, NULL::jsonb, NULL::jsonb;
    END IF;
END $$;
COMMENT ON FUNCTION agentctl.finish_and_claim(text, bigint, uuid, jsonb, bigint, integer) IS 'finish() and claim() in one round trip and one commit. Always returns a row; conversation_id is NULL when there was nothing to claim.';

-- A person, or a probe, says what became of a call whose outcome a crash left unknown.
CREATE FUNCTION agentctl.resolve_tool_call(conversation text, seq bigint, call integer, outcome text, result text DEFAULT NULL) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
DECLARE
    started timestamptz;
    remaining integer;
BEGIN
    IF outcome IS NULL OR outcome NOT IN ('happened', 'did_not_happen', 'run_again') THEN
        RAISE EXCEPTION 'an outcome is happened, did_not_happen or run_again' USING ERRCODE = 'AC001';
    END IF;
    IF octet_length(resolve_tool_call.result) > 1048576 THEN
        RAISE EXCEPTION 'a result has at most 1048576 bytes' USING ERRCODE = 'AC001';
    END IF;
    PERFORM FROM conversation AS v JOIN conversation_control AS c ON c.conversation_id = v.id
    WHERE v.id = resolve_tool_call.conversation AND (v.created_by = agentctl.caller() OR agentctl.may_see_all())
    FOR NO KEY UPDATE OF c;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'there is no conversation "%"', resolve_tool_call.conversation USING ERRCODE = 'AC002';
    END IF;
    SELECT p.started_at INTO started FROM turn_progress AS p
    WHERE p.conversation_id = resolve_tool_call.conversation AND p.seq = resolve_tool_call.seq;
    UPDATE tool_call AS t
    SET state = CASE outcome WHEN 'happened' THEN 'succeeded' WHEN 'did_not_happen' THEN 'failed' ELSE 'planned' END::tool_call_state,
        error_code = CASE outcome WHEN 'did_not_happen' THEN 'did_not_happen' END,
        result = CASE outcome
            WHEN 'happened' THEN coalesce(resolve_tool_call.result, 'It was done; what it returned is not known.')
            WHEN 'did_not_happen' THEN 'Error: ' || coalesce(resolve_tool_call.result, 'It was not done: the system failed before it took effect.') END
    WHERE t.conversation_id = resolve_tool_call.conversation AND t.seq = resolve_tool_call.seq
      AND t.number = resolve_tool_call.call AND t.state = 'in_doubt' AND t.started_at >= started
      AND EXISTS (SELECT FROM conversation_control AS c WHERE c.conversation_id = t.conversation_id AND c.state = 'parked');
    IF NOT FOUND THEN
        RAISE EXCEPTION 'call % of turn %/% does not wait to be resolved', resolve_tool_call.call, resolve_tool_call.conversation, resolve_tool_call.seq
            USING ERRCODE = 'AC003', HINT = 'The calls that wait are in agentctl.calls_in_doubt.';
    END IF;
    SELECT count(*) INTO remaining FROM tool_call AS t
    WHERE t.conversation_id = resolve_tool_call.conversation AND t.seq = resolve_tool_call.seq AND t.state = 'in_doubt' AND t.started_at >= started;
    UPDATE conversation_control AS c
    SET last_event = c.last_event + 1,
        state = CASE remaining WHEN 0 THEN 'ready' ELSE c.state END::conversation_state,
        ready_at = CASE remaining WHEN 0 THEN clock_timestamp() END
    WHERE c.conversation_id = resolve_tool_call.conversation;
    INSERT INTO event (conversation_id, number, seq, type, data)
    SELECT c.conversation_id, c.last_event, resolve_tool_call.seq, 'call_resolved',
           jsonb_build_object('call', resolve_tool_call.call, 'outcome', outcome, 'by', agentctl.caller())
    FROM conversation_control AS c WHERE c.conversation_id = resolve_tool_call.conversation;
    RETURN remaining;
END $$;
COMMENT ON FUNCTION agentctl.resolve_tool_call(text, bigint, integer, text, text) IS 'Says what became of a tool call that is in doubt: happened (with what it returned), did_not_happen, or run_again. The turn goes on when none of its calls is in doubt; returns how many still are. Fails with AC003 when the call does not wait.';

CREATE VIEW agentctl.calls_in_doubt AS
SELECT t.conversation_id, t.seq, t.number AS call, t.tool, t.arguments, t.started_at
FROM agentctl.tool_call AS t
JOIN agentctl.conversation_control AS c ON c.conversation_id = t.conversation_id AND c.state = 'parked' AND c.head_seq = t.seq - 1
WHERE t.state = 'in_doubt';
COMMENT ON VIEW agentctl.calls_in_doubt IS 'Tool calls whose outcome a crash left unknown and that a person has to resolve with resolve_tool_call().';
COMMENT ON COLUMN agentctl.calls_in_doubt.conversation_id IS 'The conversation, which is parked.';
COMMENT ON COLUMN agentctl.calls_in_doubt.seq IS 'The turn.';
COMMENT ON COLUMN agentctl.calls_in_doubt.call IS 'The call within the turn.';
COMMENT ON COLUMN agentctl.calls_in_doubt.tool IS 'The tool.';
COMMENT ON COLUMN agentctl.calls_in_doubt.arguments IS 'The arguments as the model wrote them.';
COMMENT ON COLUMN agentctl.calls_in_doubt.started_at IS 'When the call was to begin.';

REVOKE ALL ON FUNCTION agentctl.pass_taken(text, bigint), agentctl.write_turn_parts(text, bigint, jsonb, timestamptz, bigint, bigint, bigint),
    agentctl.save_progress(text, bigint, uuid, integer, jsonb, boolean), agentctl.hold(text, uuid), agentctl.claim(bigint, integer, text),
    agentctl.turn_progress_report(text), agentctl.finish_and_claim(text, bigint, uuid, jsonb, bigint, integer),
    agentctl.resolve_tool_call(text, bigint, integer, text, text) FROM PUBLIC;
INSERT INTO agentctl.role_grant (role, object_type, object, privileges) VALUES
    ('agentctl_worker', 'function', 'agentctl.write_turn_parts(text, bigint, jsonb, timestamptz, bigint, bigint, bigint)', NULL),
    ('agentctl_client', 'function', 'agentctl.resolve_tool_call(text, bigint, integer, text, text)', 'EXECUTE'),
    ('agentctl_reader', 'table', 'agentctl.calls_in_doubt', 'SELECT');
SELECT agentctl.grant_roles();
