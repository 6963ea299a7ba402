CREATE OR REPLACE FUNCTION agentctl.turn_waits(conversation text, seq bigint) RETURNS jsonb
LANGUAGE plpgsql STABLE SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
BEGIN
    RETURN jsonb_build_object(
        'approvals', (
            SELECT coalesce(jsonb_agg(jsonb_build_object(
                       'approval', a.id, 'call', nullif(a.call_number, 0), 'place', a.place, 'tool', a.tool,
                       'arguments', a.arguments, 'subject', a.subject, 'rule', a.rule, 'cause', a.cause,
                       'approvers', a.approvers, 'not_requester', a.not_requester,
                       'may_decide', agentctl.may_decide(a.approvers, a.not_requester, a.conversation_id, a.seq),
                       'requested_at', a.requested_at, 'expires_at', a.expires_at)
                       ORDER BY a.id), '[]')
            FROM approval AS a
            WHERE a.conversation_id = turn_waits.conversation AND a.seq = turn_waits.seq AND a.state = 'pending'),
        'in_doubt', (
            SELECT coalesce(jsonb_agg(jsonb_build_object(
                       'call', d.number, 'tool', d.tool, 'arguments', d.arguments, 'started_at', d.started_at)
                       ORDER BY d.number), '[]')
            FROM tool_call AS d
            WHERE d.conversation_id = turn_waits.conversation AND d.seq = turn_waits.seq AND d.state = 'in_doubt'),
        'tasks', (
            SELECT count(*) FROM task AS k
            WHERE k.parent_conversation_id = turn_waits.conversation AND k.parent_seq = turn_waits.seq
              AND k.finished_at IS NULL),
        'model', (
            SELECT jsonb_build_object('error', p.postponed_by, 'until', c.wake_at)
            FROM turn_progress AS p JOIN conversation_control AS c ON c.conversation_id = p.conversation_id
            WHERE p.conversation_id = turn_waits.conversation AND p.seq = turn_waits.seq
              AND p.postponed_by IS NOT NULL));
END $$;
COMMENT ON FUNCTION agentctl.turn_waits(text, bigint) IS
    'What a turn waits for: the requests that are approvals, the calls that are in_doubt, the number of tasks that '
    'have not ended, and the failure of a model that is asked again later. Internal.';
REVOKE ALL ON FUNCTION agentctl.turn_waits(text, bigint) FROM PUBLIC;
