-- What finish() and save_progress() have in common. Messages and events of the record are those that are not stored
-- yet; an event's message counts from 1 within the turn. A tool call that says stored is there already and is brought
-- up to date.
CREATE OR REPLACE FUNCTION agentctl.write_turn_parts(
    conversation text, seq bigint, record jsonb, started timestamptz, first_message bigint, last_message bigint,
    last_event bigint
) RETURNS void
LANGUAGE plpgsql SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
DECLARE
    -- The clock is the database's; the worker tells only how long things took, from the beginning of its attempt.
    began timestamptz := greatest(started, (
        SELECT c.claimed_at FROM conversation_control AS c
        WHERE c.conversation_id = write_turn_parts.conversation));
BEGIN
    -- A statement that writes nothing takes as long as one that writes a row.
    IF jsonb_array_length(write_turn_parts.record -> 'messages') > 0 THEN
        INSERT INTO message (conversation_id, number, seq, role, content, tool_calls, tool_call_id)
        SELECT write_turn_parts.conversation, write_turn_parts.last_message + m.ordinality, write_turn_parts.seq,
               (m.value ->> 'role')::message_role, m.value ->> 'content', m.value -> 'tool_calls',
               m.value ->> 'tool_call_id'
        FROM jsonb_array_elements(write_turn_parts.record -> 'messages') WITH ORDINALITY AS m;
    END IF;

    IF jsonb_array_length(write_turn_parts.record -> 'steps') > 0 THEN
        INSERT INTO step (
            conversation_id, seq, number, kind, model, model_version_id, provider, finish_reason, input_tokens,
            cached_input_tokens, output_tokens, usage_estimated, cost_usd, time_to_first_token_ms, duration_ms,
            started_at, error_code, error_message)
        SELECT write_turn_parts.conversation, write_turn_parts.seq, s.number, s.kind, s.model, s.model_version_id,
               s.provider, s.finish_reason, coalesce(s.input_tokens, 0), coalesce(s.cached_input_tokens, 0),
               coalesce(s.output_tokens, 0), coalesce(s.usage_estimated, false), coalesce(s.cost_usd, 0),
               s.time_to_first_token_ms, s.duration_ms, began + make_interval(secs => s.offset_ms / 1000), s.error_code,
               s.error_message
        FROM jsonb_to_recordset(write_turn_parts.record -> 'steps') AS s (
            number integer, kind step_kind, model text, model_version_id bigint, provider text, finish_reason text,
            input_tokens bigint, cached_input_tokens bigint, output_tokens bigint, usage_estimated boolean,
            cost_usd numeric, time_to_first_token_ms double precision, duration_ms double precision,
            offset_ms double precision, error_code text, error_message text);
    END IF;

    IF jsonb_array_length(write_turn_parts.record -> 'tool_calls') > 0 THEN
        INSERT INTO tool_call (
            conversation_id, seq, number, step_number, call_id, tool, tool_version_id, arguments, effect,
            idempotency_key, state, result, truncated, error_code, duration_ms, rule, started_at)
        SELECT write_turn_parts.conversation, write_turn_parts.seq, c.number, c.step_number, c.call_id, c.tool,
               c.tool_version_id, c.arguments, c.effect, c.idempotency_key, c.state, c.result, c.truncated,
               c.error_code, c.duration_ms, c.rule, began + make_interval(secs => c.offset_ms / 1000)
        FROM jsonb_to_recordset(write_turn_parts.record -> 'tool_calls') AS c (
            number integer, step_number integer, call_id text, tool text, tool_version_id bigint, arguments text,
            effect tool_effect, idempotency_key uuid, state tool_call_state, result text, truncated boolean,
            error_code text, duration_ms double precision, rule text, offset_ms double precision, stored boolean)
        WHERE c.stored IS NOT TRUE;

        UPDATE tool_call AS t
        SET state = c.state, result = c.result, truncated = c.truncated, error_code = c.error_code,
            duration_ms = c.duration_ms,
            rule = coalesce(c.rule, t.rule)
        FROM jsonb_to_recordset(write_turn_parts.record -> 'tool_calls') AS c (
            number integer, state tool_call_state, result text, truncated boolean, error_code text,
            duration_ms double precision, rule text, stored boolean)
        WHERE c.stored AND t.conversation_id = write_turn_parts.conversation AND t.seq = write_turn_parts.seq
          AND t.number = c.number
          AND t.started_at >= write_turn_parts.started;
    END IF;

    INSERT INTO event (conversation_id, number, seq, type, data)
    SELECT write_turn_parts.conversation, write_turn_parts.last_event + e.ordinality, write_turn_parts.seq,
           e.value ->> 'type', coalesce(e.value -> 'data', '{}') || CASE WHEN e.value ? 'message'
               THEN jsonb_build_object('message', write_turn_parts.first_message - 1 + (e.value ->> 'message')::bigint)
                   ELSE '{}' END
    FROM jsonb_array_elements(write_turn_parts.record -> 'events') WITH ORDINALITY AS e;

    IF write_turn_parts.record ? 'nodes' THEN
        PERFORM agentctl.write_node_runs(write_turn_parts.conversation, write_turn_parts.seq,
            write_turn_parts.record -> 'nodes', began);
    END IF;
    IF write_turn_parts.record ? 'steered' THEN
        UPDATE submission AS s SET taken_by = write_turn_parts.seq
        WHERE s.conversation_id = write_turn_parts.conversation AND s.operation = 'steer' AND s.taken_by IS NULL
          AND s.seq = ANY (ARRAY(SELECT jsonb_array_elements_text(write_turn_parts.record -> 'steered')::bigint));
    END IF;
    IF write_turn_parts.record ? 'function_calls' THEN
        PERFORM agentctl.record_function_calls(write_turn_parts.conversation, write_turn_parts.seq,
            write_turn_parts.record -> 'function_calls');
    END IF;
    -- What a guardrail has taken out of a message is not kept in the submission either, nor in its task.
    IF write_turn_parts.record ? 'bodies' THEN
        UPDATE submission AS s SET body = left_over.value, request = NULL
        FROM jsonb_each(write_turn_parts.record -> 'bodies') AS left_over
        WHERE s.conversation_id = write_turn_parts.conversation AND s.seq = left_over.key::bigint;
        UPDATE task AS t
        SET description = coalesce(s.body ->> 'message', t.description), input = s.body -> 'input'
        FROM submission AS s
        WHERE s.conversation_id = write_turn_parts.conversation AND s.seq = write_turn_parts.seq AND t.id = s.task_id
          AND (write_turn_parts.record -> 'bodies') ? write_turn_parts.seq::text;
    END IF;
    IF write_turn_parts.record ? 'security_events' THEN
        PERFORM agentctl.record_security_events(write_turn_parts.conversation, write_turn_parts.seq,
            write_turn_parts.record -> 'security_events');
    END IF;
END $$;
COMMENT ON FUNCTION agentctl.write_turn_parts(text, bigint, jsonb, timestamptz, bigint, bigint, bigint) IS
    'Stores the messages, steps, tool calls and events of a record. Internal: finish() and save_progress() call it '
    'under the lock on the control row.';
REVOKE ALL ON FUNCTION agentctl.write_turn_parts(text, bigint, jsonb, timestamptz, bigint, bigint, bigint) FROM PUBLIC;
