-- In two statements: most turns that wait have no calls, and setting out to read them would take as long as the rest.
CREATE OR REPLACE FUNCTION agentctl.turn_progress_report(conversation text) RETURNS jsonb
LANGUAGE plpgsql STABLE SET search_path = agentctl, pg_temp
    SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET jit = off AS $$
#variable_conflict use_column
DECLARE
    own record;
BEGIN
    SELECT p.seq, p.steps, p.started_at, EXISTS (
               SELECT FROM tool_call AS t
               WHERE t.conversation_id = p.conversation_id AND t.seq = p.seq AND t.started_at >= p.started_at
           ) AS has_calls,
           to_jsonb(p) || jsonb_build_object(
            'interrupted', c.cancel_seq > c.head_seq,
            'told', c.told,
            'tasks', agentctl.turn_tasks(p.conversation_id, p.seq),
            'nodes', agentctl.turn_nodes(p.conversation_id, p.seq, p.started_at),
            'messages', coalesce((
                SELECT jsonb_agg(jsonb_build_array(m.number, m.role, m.content, m.tool_calls, m.tool_call_id)
                    ORDER BY m.number)
                FROM message AS m WHERE m.conversation_id = p.conversation_id AND m.number >= p.first_message), '[]'),
            'input_approval', (
                SELECT jsonb_build_object('state', a.state, 'reason', a.reason) FROM approval AS a
                WHERE a.conversation_id = p.conversation_id AND a.seq = p.seq AND a.place = 'input')) AS report
    INTO own
    FROM turn_progress AS p JOIN conversation_control AS c ON c.conversation_id = p.conversation_id
    WHERE p.conversation_id = turn_progress_report.conversation;
    IF own.has_calls THEN
        own.report := own.report || agentctl.turn_calls(turn_progress_report.conversation, own.seq, own.steps,
            own.started_at);
    END IF;
    RETURN own.report;
END $$;
COMMENT ON FUNCTION agentctl.turn_progress_report(text) IS
    'What the turn in progress has stored: its totals, its messages, its tasks, how the calls of rounds that have '
    'ended ended, and the calls of a round that has not. Internal: claim() calls it.';
REVOKE ALL ON FUNCTION agentctl.turn_progress_report(text) FROM PUBLIC;
