-- The members of each type are those of Event.Kind.members; a test compares the two.
CREATE OR REPLACE FUNCTION agentctl.event_data(event jsonb, first_message bigint) RETURNS jsonb
LANGUAGE plpgsql IMMUTABLE SET search_path = agentctl, pg_temp AS $$
BEGIN
    RETURN jsonb_strip_nulls(CASE event ->> 0
        WHEN 'turn_started' THEN jsonb_build_object('agent', event -> 2, 'agent_version', event -> 3)
        WHEN 'tool_call_requested' THEN jsonb_build_object('call', event -> 2, 'id', event -> 3, 'name', event -> 4)
        WHEN 'tool_started' THEN jsonb_build_object('call', event -> 2, 'id', event -> 3, 'name', event -> 4)
        WHEN 'tool_finished' THEN jsonb_build_object('name', event -> 2, 'is_error', event -> 3)
        WHEN 'turn_complete' THEN jsonb_build_object('status', event -> 2, 'input_tokens', event -> 3,
            'output_tokens', event -> 4, 'cost_usd', event -> 5, 'duration_ms', event -> 6)
        ELSE '{}' END || jsonb_build_object('message', first_message - 1 + (event ->> 1)::bigint));
END $$;
COMMENT ON FUNCTION agentctl.event_data(jsonb, bigint) IS
    'The data of an event of several: [type, message, value, …], where the message counts from 1 within the turn, whose '
    'first message has the given number, and may be null. Internal: unpacked_events and what stores turns call it.';
REVOKE ALL ON FUNCTION agentctl.event_data(jsonb, bigint) FROM PUBLIC;
