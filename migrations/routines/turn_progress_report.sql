CREATE OR REPLACE FUNCTION agentctl.turn_progress_report(conversation text) RETURNS jsonb
LANGUAGE plpgsql STABLE SET search_path = agentctl, pg_temp
    SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET jit = off AS $$
#variable_conflict use_column
BEGIN
    RETURN (
        SELECT to_jsonb(p) || jsonb_build_object(
            'interrupted', c.cancel_seq > c.head_seq,
            'told', c.told,
            'tasks', agentctl.turn_tasks(p.conversation_id, p.seq),
            'nodes', agentctl.turn_nodes(p.conversation_id, p.seq, p.started_at),
            'messages', coalesce((
                SELECT jsonb_agg(jsonb_build_array(m.number, m.role, m.content, m.tool_calls, m.tool_call_id)
                    ORDER BY m.number)
                FROM agentctl.message AS m WHERE m.conversation_id = p.conversation_id AND m.number >= p.first_message),
                    '[]'),
            'input_approval', (
                SELECT jsonb_build_object('state', a.state, 'reason', a.reason) FROM agentctl.approval AS a
                WHERE a.conversation_id = p.conversation_id AND a.seq = p.seq AND a.place = 'input'),
            'earlier_calls', (
                SELECT jsonb_agg(jsonb_build_array(t.tool, t.state, t.call_id, t.error_code) ORDER BY t.number)
                FROM agentctl.tool_call AS t
                WHERE t.conversation_id = p.conversation_id AND t.seq = p.seq AND t.step_number <= p.steps
                  AND t.started_at >= p.started_at),
            'calls', (
                SELECT jsonb_agg(jsonb_build_object(
                    'number', t.number, 'step_number', t.step_number, 'call_id', t.call_id, 'tool', t.tool,
                    'tool_version_id', t.tool_version_id,
                    'arguments', t.arguments, 'effect', t.effect, 'idempotency_key', t.idempotency_key,
                    'state', t.state, 'result', t.result, 'truncated', t.truncated,
                    'error_code', t.error_code, 'duration_ms', t.duration_ms,
                    'approval', CASE WHEN a.id IS NOT NULL
                        THEN jsonb_build_object('state', a.state, 'reason', a.reason, 'by', a.decided_by) END,
                    'output_approval',
                    CASE WHEN o.id IS NOT NULL THEN jsonb_build_object('state', o.state, 'reason', o.reason) END)
                    ORDER BY t.number)
                FROM agentctl.tool_call AS t
                LEFT JOIN agentctl.approval AS a ON a.conversation_id = t.conversation_id AND a.seq = t.seq
                    AND a.call_number = t.number
                    AND a.place = 'call'
                LEFT JOIN agentctl.approval AS o ON o.conversation_id = t.conversation_id AND o.seq = t.seq
                    AND o.call_number = t.number
                    AND o.place = 'tool_output'
                WHERE t.conversation_id = p.conversation_id AND t.seq = p.seq AND t.step_number > p.steps
                  AND t.started_at >= p.started_at))
        FROM agentctl.turn_progress AS p
        JOIN agentctl.conversation_control AS c ON c.conversation_id = p.conversation_id
        WHERE p.conversation_id = turn_progress_report.conversation);
END $$;
COMMENT ON FUNCTION agentctl.turn_progress_report(text) IS
    'What the turn in progress has stored: its totals, its messages, its tasks, how the calls of rounds that have '
    'ended ended, and the calls of a round that has not. Internal: claim() calls it.';
REVOKE ALL ON FUNCTION agentctl.turn_progress_report(text) FROM PUBLIC;
