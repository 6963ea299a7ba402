CREATE OR REPLACE FUNCTION agentctl.show_conversation(conversation text, maximum integer DEFAULT 100) RETURNS json
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = agentctl, pg_temp SET jit = off AS $$
#variable_conflict use_column
BEGIN
    show_conversation.conversation := agentctl.readable_conversation(show_conversation.conversation);
    RETURN (
        SELECT row_to_json(r) AS row
        FROM (
            SELECT c.*, above.id AS task, above.parent_conversation_id || '/' || above.parent_seq AS parent,
                   CASE WHEN c.state IN ('waiting', 'parked') THEN jsonb_build_object(
                       'turn', c.conversation_id || '/' || c.finished + 1)
                       || (agentctl.turn_waits(c.conversation_id, c.finished + 1))::jsonb END AS waits_for,
                   t.turns, k.tasks, o.summary, m.transcript
            FROM conversations AS c
            LEFT JOIN submission AS s ON s.conversation_id = c.conversation_id AND s.seq = 1
            LEFT JOIN task AS above ON above.id = s.task_id
            CROSS JOIN LATERAL (
                SELECT coalesce(json_agg(row_to_json(latest) ORDER BY latest.seq, latest.number), '[]') AS tasks
                FROM (
                    SELECT t.parent_seq AS seq, t.number, t.parent_conversation_id || '/' || t.parent_seq AS turn,
                           t.id AS task, t.agent, t.state, t.attempt, t.conversation_id, t.error_code
                    FROM tasks AS t
                    WHERE t.parent_conversation_id = c.conversation_id
                    ORDER BY t.parent_seq DESC, t.number DESC
                    LIMIT show_conversation.maximum
                ) AS latest
            ) AS k
            CROSS JOIN LATERAL (
                SELECT coalesce(json_agg(row_to_json(latest) ORDER BY latest.seq), '[]') AS turns
                FROM (
                    SELECT t.seq, t.conversation_id || '/' || t.seq AS turn, t.status, t.agent, t.agent_version,
                           t.limit_reached, t.error_code, t.error_message, t.model_calls, t.tool_calls, t.input_tokens,
                           t.cached_input_tokens, t.output_tokens, t.cost_usd, t.submitted_at, t.started_at,
                           t.finished_at, t.duration_ms,
                           (SELECT max(m.undone_by) FROM message AS m
                            WHERE m.conversation_id = t.conversation_id AND m.seq = t.seq
                              AND m.number BETWEEN t.first_message AND t.last_message) AS undone_by
                    FROM turn AS t
                    WHERE t.conversation_id = c.conversation_id
                    ORDER BY t.seq DESC
                    LIMIT show_conversation.maximum
                ) AS latest
            ) AS t
            CROSS JOIN LATERAL (
                SELECT coalesce(json_agg(row_to_json(latest) ORDER BY latest.number), '[]') AS transcript
                FROM (
                    SELECT m.number, m.seq, m.role, m.content, agentctl.shown_calls(m.tool_calls) AS tool_calls,
                           m.tool_call_id, m.created_at,
                           m.undone_by,
                           CASE WHEN m.role = 'user' THEN (
                               SELECT json_agg(json_build_object(
                                          'id', h.memory_id, 'version', h.version,
                                          'content', coalesce(v.content, k.content)) ORDER BY h.position)
                               FROM shown AS h
                               JOIN memory AS k ON k.id = h.memory_id
                               LEFT JOIN memory_version AS v ON v.memory_id = k.id AND v.version = h.version
                               WHERE h.conversation_id = m.conversation_id AND h.seq = m.seq
                                 AND NOT EXISTS (SELECT FROM message AS b WHERE b.conversation_id = m.conversation_id
                                     AND b.seq = m.seq AND b.number < m.number)) END AS memories
                    FROM message AS m
                    WHERE m.conversation_id = c.conversation_id
                    ORDER BY m.number DESC
                    LIMIT show_conversation.maximum
                ) AS latest
            ) AS m
            LEFT JOIN LATERAL (
                SELECT json_build_object(
                           'number', o.number, 'first_message', o.first_message, 'last_message', o.last_message,
                           'made_by', o.made_by, 'created_by', o.created_by, 'created_at', o.created_at,
                           'error_code', o.error_code, 'error_message', o.error_message, 'text', o.summary) AS summary
                FROM compaction AS o
                WHERE o.conversation_id = c.conversation_id AND o.undone_by IS NULL
                ORDER BY o.number DESC LIMIT 1
            ) AS o ON true
            WHERE c.conversation_id = show_conversation.conversation
        ) AS r
    );
END $$;
COMMENT ON FUNCTION agentctl.show_conversation(text, integer) IS
    'A conversation with its latest turns, tasks and messages, the summary in force, what it waits for, and what is remembered '
    'that stood before messages. Fails with '
    'AC002 for conversations that the caller may not read.';
REVOKE ALL ON FUNCTION agentctl.show_conversation(text, integer) FROM PUBLIC;
