CREATE OR REPLACE FUNCTION agentctl.write_rare_parts(
    conversation text, seq bigint, record jsonb, started timestamptz, began timestamptz
) RETURNS void
LANGUAGE plpgsql SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
BEGIN
    -- For one turn at a time: of a partition that is new, a plan for several would read a whole index.
    IF record @? '$.tool_calls[*].stored' THEN
        UPDATE tool_call AS t
        SET state = c.state, result = c.result, truncated = c.truncated, error_code = c.error_code,
            duration_ms = c.duration_ms, rule = coalesce(c.rule, t.rule)
        FROM jsonb_to_recordset(record -> 'tool_calls') AS c (
            number integer, state tool_call_state, result text, truncated boolean, error_code text,
            duration_ms double precision, rule text, stored boolean)
        WHERE c.stored AND t.conversation_id = conversation AND t.seq = write_rare_parts.seq AND t.number = c.number
          AND t.started_at >= started;
    END IF;
    IF record ? 'nodes' THEN
        PERFORM agentctl.write_node_runs(conversation, write_rare_parts.seq, record -> 'nodes', began);
    END IF;
    IF record ? 'steered' THEN
        UPDATE submission AS s SET taken_by = write_rare_parts.seq
        WHERE s.conversation_id = conversation AND s.operation = 'steer' AND s.taken_by IS NULL
          AND s.seq = ANY (ARRAY(SELECT jsonb_array_elements_text(record -> 'steered')::bigint));
    END IF;
    IF record ? 'function_calls' THEN
        PERFORM agentctl.record_function_calls(conversation, write_rare_parts.seq, record -> 'function_calls');
    END IF;
    -- What a guardrail has taken out of a message is not kept in the submission either, nor in its task.
    IF record ? 'bodies' THEN
        UPDATE submission AS s SET body = left_over.value, request = NULL
        FROM jsonb_each(record -> 'bodies') AS left_over
        WHERE s.conversation_id = conversation AND s.seq = left_over.key::bigint;
        UPDATE task AS t
        SET description = coalesce(s.body ->> 'message', t.description), input = s.body -> 'input'
        FROM submission AS s
        WHERE s.conversation_id = conversation AND s.seq = write_rare_parts.seq AND t.id = s.task_id
          AND (record -> 'bodies') ? write_rare_parts.seq::text;
    END IF;
    IF record ? 'shown' THEN
        -- One that was forgotten meanwhile is left out, and none can be until this commits.
        WITH kept AS MATERIALIZED (
            SELECT m.id FROM memory AS m
            WHERE m.id = ANY (ARRAY(SELECT (h ->> 'id')::bigint FROM jsonb_array_elements(record -> 'shown') AS h))
            ORDER BY m.id FOR KEY SHARE
        )
        INSERT INTO shown (conversation_id, seq, position, memory_id, version, relevance)
        SELECT write_rare_parts.conversation, write_rare_parts.seq, h.position, h.id, h.version, h.relevance
        FROM jsonb_to_recordset(record -> 'shown') AS h (position smallint, id bigint, version integer, relevance real)
        JOIN kept AS k ON k.id = h.id
        ON CONFLICT DO NOTHING;
    END IF;
    IF record ? 'interaction' THEN
        PERFORM agentctl.remember_interaction(write_rare_parts.conversation, write_rare_parts.seq,
            above => (record #>> '{interaction,above}')::double precision,
            collection => record #>> '{interaction,collection}');
    END IF;
    IF record ? 'security_events' THEN
        PERFORM agentctl.record_security_events(conversation, write_rare_parts.seq, record -> 'security_events');
    END IF;
END $$;
COMMENT ON FUNCTION agentctl.write_rare_parts(text, bigint, jsonb, timestamptz, timestamptz) IS
    'Stores what few records have: ends of calls that are stored, visits of nodes, messages that were taken up, calls '
    'of functions, what is left of submissions, what was refused, what was shown of what is remembered, and the turn '
    'as an interaction. Internal: write_turn_parts() calls it.';
REVOKE ALL ON FUNCTION agentctl.write_rare_parts(text, bigint, jsonb, timestamptz, timestamptz) FROM PUBLIC;
