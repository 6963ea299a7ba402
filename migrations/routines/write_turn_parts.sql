-- replaces: write_turn_parts(text, bigint, jsonb, timestamptz, bigint, bigint, bigint)
-- What ends of turns and save_progress() have in common. Messages and events of a record are those that are not stored
-- yet; an event's message counts from 1 within the turn. A tool call that says stored is there already and is brought
-- up to date. The clock is the database's; the worker reports only how long things took, from the beginning of its
-- attempt.
CREATE OR REPLACE FUNCTION agentctl.write_turn_parts(turns agentctl.held_turn[]) RETURNS void
LANGUAGE plpgsql SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
DECLARE
    has record;
    own record;
BEGIN
    -- A statement that writes nothing takes as long as one that writes a row.
    SELECT coalesce(bool_or(h.record @? '$.messages[0]'), false) AS messages,
           coalesce(bool_or(h.record @? '$.steps[0]'), false) AS steps,
           coalesce(bool_or(h.record @? '$.tool_calls[0]'), false) AS calls,
           coalesce(bool_or(h.record @? 'strict $.events[*] ? (@.type() == "object")'), false) AS single_events,
           coalesce(bool_or(h.record ?| '{nodes,steered,function_calls,bodies,security_events,shown,interaction}'
               OR h.record @? '$.tool_calls[*].stored'), false) AS more
    INTO has FROM unnest(turns) AS h;
    IF has.messages THEN
        INSERT INTO message (conversation_id, number, seq, role, content, tool_calls, tool_call_id)
        SELECT h.conversation_id, h.last_message + m.ordinality, h.seq, (m.value ->> 'role')::message_role,
               m.value ->> 'content', m.value -> 'tool_calls', m.value ->> 'tool_call_id'
        FROM unnest(turns) AS h
        CROSS JOIN LATERAL jsonb_array_elements(h.record -> 'messages') WITH ORDINALITY AS m;
    END IF;
    IF has.steps THEN
        INSERT INTO step (
            conversation_id, seq, number, kind, model, model_version_id, provider, finish_reason, input_tokens,
            cached_input_tokens, output_tokens, usage_estimated, cost_usd, time_to_first_token_ms, duration_ms,
            started_at, error_code, error_message)
        SELECT h.conversation_id, h.seq, s.number, s.kind, s.model, s.model_version_id, s.provider, s.finish_reason,
               coalesce(s.input_tokens, 0), coalesce(s.cached_input_tokens, 0), coalesce(s.output_tokens, 0),
               coalesce(s.usage_estimated, false), coalesce(s.cost_usd, 0), s.time_to_first_token_ms, s.duration_ms,
               h.began_at + make_interval(secs => s.offset_ms / 1000), s.error_code, s.error_message
        FROM unnest(turns) AS h
        CROSS JOIN LATERAL jsonb_to_recordset(h.record -> 'steps') AS s (
            number integer, kind step_kind, model text, model_version_id bigint, provider text, finish_reason text,
            input_tokens bigint, cached_input_tokens bigint, output_tokens bigint, usage_estimated boolean,
            cost_usd numeric, time_to_first_token_ms double precision, duration_ms double precision,
            offset_ms double precision, error_code text, error_message text);
    END IF;
    IF has.calls THEN
        INSERT INTO tool_call (
            conversation_id, seq, number, step_number, call_id, tool, tool_version_id, arguments, effect,
            idempotency_key, state, result, truncated, error_code, duration_ms, rule, started_at)
        SELECT h.conversation_id, h.seq, c.number, c.step_number, c.call_id, c.tool, c.tool_version_id, c.arguments,
               c.effect, c.idempotency_key, c.state, c.result, c.truncated, c.error_code, c.duration_ms, c.rule,
               h.began_at + make_interval(secs => c.offset_ms / 1000)
        FROM unnest(turns) AS h
        CROSS JOIN LATERAL jsonb_to_recordset(h.record -> 'tool_calls') AS c (
            number integer, step_number integer, call_id text, tool text, tool_version_id bigint, arguments text,
            effect tool_effect, idempotency_key uuid, state tool_call_state, result text, truncated boolean,
            error_code text, duration_ms double precision, rule text, offset_ms double precision, stored boolean)
        WHERE c.stored IS NOT TRUE;
    END IF;

    -- One row for all events of a turn, unless one of them is of those that others look for by type, or change.
    INSERT INTO event (conversation_id, number, seq, type, data)
    SELECT h.conversation_id, h.last_event + jsonb_array_length(h.record -> 'events'), h.seq, 'several',
           jsonb_build_array(h.first_message) || (h.record -> 'events')
    FROM unnest(turns) AS h
    WHERE h.record @? '$.events[0]'
      AND NOT (has.single_events AND h.record @? 'strict $.events[*] ? (@.type() == "object")');
    IF has.single_events THEN
        INSERT INTO event (conversation_id, number, seq, type, data)
        SELECT h.conversation_id, h.last_event + e.ordinality, h.seq, coalesce(e.value ->> 'type', e.value ->> 0),
               CASE jsonb_typeof(e.value) WHEN 'array' THEN agentctl.event_data(e.value, h.first_message)
                   ELSE coalesce(e.value -> 'data', '{}') || CASE WHEN e.value ? 'message'
                       THEN jsonb_build_object('message', h.first_message - 1 + (e.value ->> 'message')::bigint)
                       ELSE '{}' END END
        FROM unnest(turns) AS h
        CROSS JOIN LATERAL jsonb_array_elements(h.record -> 'events') WITH ORDINALITY AS e
        WHERE h.record @? 'strict $.events[*] ? (@.type() == "object")';
    END IF;

    IF NOT has.more THEN
        RETURN;
    END IF;
    FOR own IN
        SELECT h.* FROM unnest(turns) AS h
        WHERE h.record ?| '{nodes,steered,function_calls,bodies,security_events,shown,interaction}'
           OR h.record @? '$.tool_calls[*].stored'
    LOOP
        PERFORM agentctl.write_rare_parts(own.conversation_id, own.seq, own.record, own.started_at, own.began_at);
    END LOOP;
END $$;
COMMENT ON FUNCTION agentctl.write_turn_parts(agentctl.held_turn[]) IS
    'Stores the messages, steps, tool calls and events of records, one for each turn. Internal: store_turns() and '
    'save_progress() call it under the locks on the control rows.';
REVOKE ALL ON FUNCTION agentctl.write_turn_parts(agentctl.held_turn[]) FROM PUBLIC;
