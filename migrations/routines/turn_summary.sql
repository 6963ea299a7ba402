CREATE OR REPLACE FUNCTION agentctl.turn_summary(conversation text, seq bigint) RETURNS TABLE (
    turn bigint, status text, agent text, agent_version integer, limit_reached text, error_code text,
    error_message text, input_tokens bigint, cached_input_tokens bigint, output_tokens bigint,
    cost_usd double precision, duration_ms double precision, model_calls integer, tool_calls integer, reply text
)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = agentctl, pg_temp SET jit = off AS $$
#variable_conflict use_column
BEGIN
    turn_summary.conversation := agentctl.readable_conversation(turn_summary.conversation);
    RETURN QUERY
    WITH asked AS (
        SELECT coalesce(s.taken_by, n.seq) AS seq, coalesce(s.operation = 'interrupt', false) AS is_cancelled,
               coalesce(s.agent, v.agent) AS agent, s.body ->> 'cancelled_by' AS cancelled_by
        FROM (SELECT turn_summary.seq) AS n (seq)
        LEFT JOIN submission AS s ON s.conversation_id = turn_summary.conversation AND s.seq = n.seq
        LEFT JOIN conversation AS v ON v.id = s.conversation_id
    ), below AS (
        -- The open tasks of the tree that a turn is in which waits for its own.
        SELECT t.id, t.agent, c.state IN ('ready', 'running') AS is_running,
               c.state = 'parked' OR c.state = 'waiting' AND c.awaited = 0 AS is_blocked
        FROM conversation_control AS o
        LEFT JOIN task AS own ON own.conversation_id = o.conversation_id AND own.seq = o.head_seq + 1
        JOIN task AS t ON t.root_conversation_id = coalesce(own.root_conversation_id, o.conversation_id)
            AND t.root_seq = coalesce(own.root_seq, o.head_seq + 1) AND t.finished_at IS NULL
        JOIN conversation_control AS c ON c.conversation_id = t.conversation_id
        WHERE o.conversation_id = turn_summary.conversation AND o.state = 'waiting' AND o.awaited > 0
    )
    SELECT t.seq, t.status::text AS status, t.agent, t.agent_version, t.limit_reached, t.error_code, t.error_message,
           t.input_tokens, t.cached_input_tokens, t.output_tokens, t.cost_usd::double precision AS cost_usd,
           t.duration_ms, t.model_calls, t.tool_calls, m.content
    FROM asked
    JOIN turn AS t ON t.conversation_id = turn_summary.conversation AND t.seq = asked.seq
        AND t.started_at >= (SELECT agentctl.turn_lower_bound(turn_summary.conversation, asked.seq))
    LEFT JOIN message AS m
        ON m.conversation_id = t.conversation_id AND m.number = t.last_message AND m.role = 'assistant'
    UNION ALL
    SELECT a.seq, 'interrupted', a.agent, NULL, NULL, 'cancelled', 'it was cancelled by ' || a.cancelled_by, 0, 0, 0, 0,
           0, 0, 0, NULL
    FROM asked AS a WHERE a.is_cancelled
    UNION ALL
    SELECT p.seq, 'waiting', p.agent, p.agent_version, NULL,
           CASE WHEN c.state = 'parked' THEN 'in_doubt'
               WHEN c.awaited > 0 THEN 'tasks_open' ELSE 'approval_required' END,
           CASE WHEN c.state = 'parked' THEN
               'a call was cut off, and whether it took effect is not known: call ' || (
                   SELECT string_agg(format('%s (%s)', d.call, d.tool), ', ' ORDER BY d.call)
                   FROM calls_in_doubt AS d
                   WHERE d.conversation_id = p.conversation_id AND d.seq = p.seq)
           WHEN c.awaited > 0 THEN
               (SELECT 'tasks of this turn need an operator: '
                    || string_agg(format('%s (%s)', k.id, k.agent), ', ' ORDER BY k.id)
                FROM below AS k WHERE k.is_blocked)
           ELSE
               'needs approval: ' || (
                   SELECT string_agg(format('%s (approval %s)', a.subject, a.id), ', ' ORDER BY a.id)
                   FROM pending_approvals AS a
                   WHERE a.conversation_id = p.conversation_id AND a.seq = p.seq)
           END,
           p.input_tokens, p.cached_input_tokens, p.output_tokens, p.cost_usd::double precision,
           p.duration_ms, p.model_calls, p.tool_calls, NULL
    FROM turn_progress AS p
    JOIN conversation_control AS c ON c.conversation_id = p.conversation_id AND c.state IN ('parked', 'waiting')
    WHERE p.conversation_id = turn_summary.conversation AND p.seq <= turn_summary.seq
      AND NOT (SELECT a.is_cancelled FROM asked AS a)
      AND (c.awaited = 0 OR EXISTS (SELECT FROM below AS k WHERE k.is_blocked)
                        AND NOT EXISTS (SELECT FROM below AS k WHERE k.is_running));
END $$;
COMMENT ON FUNCTION agentctl.turn_summary(text, bigint) IS
    'How the turn of a submission ended, or what an operator has to decide so that it resumes; no row while it or its '
    'tasks run. turn is another number for a message that another turn took up, or behind one that waits.';
REVOKE ALL ON FUNCTION agentctl.turn_summary(text, bigint) FROM PUBLIC;
