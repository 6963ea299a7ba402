CREATE OR REPLACE FUNCTION agentctl.turn_calls(conversation text, seq bigint, steps integer, since timestamptz)
RETURNS jsonb
LANGUAGE plpgsql STABLE SET search_path = agentctl, pg_temp
    SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET jit = off AS $$
#variable_conflict use_column
BEGIN
    RETURN jsonb_build_object(
        'earlier_calls', (
            SELECT jsonb_agg(jsonb_build_array(t.tool, t.state, t.call_id, t.error_code) ORDER BY t.number)
            FROM tool_call AS t
            WHERE t.conversation_id = turn_calls.conversation AND t.seq = turn_calls.seq
              AND t.step_number <= turn_calls.steps AND t.started_at >= turn_calls.since),
        'calls', (
            SELECT jsonb_agg(jsonb_build_object(
                'number', t.number, 'step_number', t.step_number, 'call_id', t.call_id, 'tool', t.tool,
                'tool_version_id', t.tool_version_id, 'arguments', t.arguments, 'effect', t.effect,
                'idempotency_key', t.idempotency_key, 'state', t.state, 'result', t.result, 'truncated', t.truncated,
                'error_code', t.error_code, 'duration_ms', t.duration_ms,
                'approval', CASE WHEN a.id IS NOT NULL
                    THEN jsonb_build_object('state', a.state, 'reason', a.reason, 'by', a.decided_by) END,
                'output_approval', CASE WHEN o.id IS NOT NULL
                    THEN jsonb_build_object('state', o.state, 'reason', o.reason) END) ORDER BY t.number)
            FROM tool_call AS t
            LEFT JOIN approval AS a ON a.conversation_id = t.conversation_id AND a.seq = t.seq
                AND a.call_number = t.number AND a.place = 'call'
            LEFT JOIN approval AS o ON o.conversation_id = t.conversation_id AND o.seq = t.seq
                AND o.call_number = t.number AND o.place = 'tool_output'
            WHERE t.conversation_id = turn_calls.conversation AND t.seq = turn_calls.seq
              AND t.step_number > turn_calls.steps AND t.started_at >= turn_calls.since));
END $$;
COMMENT ON FUNCTION agentctl.turn_calls(text, bigint, integer, timestamptz) IS
    'The tool calls of a turn in progress since it began: {earlier_calls, calls}, of rounds that have ended and of one '
    'that has not, which is the one after so many steps. Internal: turn_progress_report() calls it.';
REVOKE ALL ON FUNCTION agentctl.turn_calls(text, bigint, integer, timestamptz) FROM PUBLIC;
