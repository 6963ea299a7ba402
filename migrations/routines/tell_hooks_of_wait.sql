CREATE OR REPLACE FUNCTION agentctl.tell_hooks_of_wait(conversation text, seq bigint, record jsonb) RETURNS void
LANGUAGE plpgsql SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
DECLARE
    agent text := record #>> '{turn,agent}';
    asked jsonb;
    doubtful jsonb;
BEGIN
    IF agentctl.setting('notify_clients') <> 'on' AND NOT EXISTS (SELECT FROM hook_state) THEN
        RETURN;
    END IF;
    -- Those of this commit: a turn that waits on is not told of again.
    SELECT jsonb_agg(jsonb_build_object('id', a.id, 'tool', a.tool, 'call', a.call_number, 'expires_at', a.expires_at)
        ORDER BY a.id) INTO asked
    FROM approval AS a
    WHERE a.conversation_id = tell_hooks_of_wait.conversation AND a.seq = tell_hooks_of_wait.seq
      AND a.state = 'pending' AND a.requested_at >= now();
    SELECT jsonb_agg(e.value #> '{data,call}') INTO doubtful
    FROM jsonb_array_elements(record -> 'events') AS e WHERE e.value ->> 'type' = 'call_in_doubt';
    PERFORM agentctl.tell_listeners('approval_requested', tell_hooks_of_wait.conversation, tell_hooks_of_wait.seq,
        jsonb_build_object('approval', a.value -> 'id'))
    FROM jsonb_array_elements(asked) AS a;
    PERFORM agentctl.tell_listeners('call_in_doubt', tell_hooks_of_wait.conversation, tell_hooks_of_wait.seq,
        jsonb_build_object('call', d.value))
    FROM jsonb_array_elements(doubtful) AS d;
    PERFORM agentctl.write_deliveries(ARRAY[t.event], agent, c.created_by, jsonb_build_object(
        'conversation', tell_hooks_of_wait.conversation, 'seq', tell_hooks_of_wait.seq, 'agent', agent) || t.data)
    FROM conversation AS c
    CROSS JOIN (VALUES ('approval_requested', jsonb_build_object('approvals', asked)),
                       ('call_in_doubt', jsonb_build_object('calls', doubtful))) AS t (event, data)
    WHERE c.id = tell_hooks_of_wait.conversation
      AND CASE t.event WHEN 'call_in_doubt' THEN doubtful ELSE asked END IS NOT NULL;
END $$;
COMMENT ON FUNCTION agentctl.tell_hooks_of_wait(text, bigint, jsonb) IS
    'Writes the deliveries to hooks about a turn that waits for an operator: to approve calls, or to resolve one; and '
    'notifies listeners of it. '
    'Internal: save_progress() calls it with its record.';
REVOKE ALL ON FUNCTION agentctl.tell_hooks_of_wait(text, bigint, jsonb) FROM PUBLIC;
