CREATE OR REPLACE FUNCTION agentctl.trace_turn(conversation text, seq bigint DEFAULT NULL) RETURNS json
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = agentctl, pg_temp SET jit = off AS $$
#variable_conflict use_column
BEGIN
    trace_turn.conversation := agentctl.readable_conversation(trace_turn.conversation);
    RETURN (
        WITH asked AS (
            SELECT s.conversation_id, s.seq, s.created_at, s.task_id, s.taken_by,
                   CASE WHEN s.operation IN ('user_input', 'interrupt') THEN 'message'
                       ELSE s.operation::text END AS operation,
                   s.operation NOT IN ('user_input', 'steer', 'interrupt') AS is_operation,
                   s.seq <= c.head_seq AS has_ended,
                   CASE WHEN s.seq > c.head_seq + 1 AND s.operation <> 'interrupt' THEN c.head_seq + 1 END AS behind
            FROM conversation_control AS c
            JOIN submission AS s ON s.conversation_id = c.conversation_id
                AND s.seq = coalesce(trace_turn.seq, CASE
                    WHEN c.state IN ('waiting', 'parked')
                        OR c.state = 'running' AND agentctl.worker_loss(c.worker_id) IS NOT NULL THEN c.head_seq + 1
                    WHEN c.head_seq > 0 THEN c.head_seq ELSE c.tail_seq END)
            WHERE c.conversation_id = trace_turn.conversation
        ), call AS (
            SELECT c.step_number,
                   json_agg(json_build_object(
                       'call', c.number, 'call_id', c.call_id, 'tool', c.tool, 'arguments', c.arguments,
                       'effect', c.effect, 'state', c.state, 'result', c.result, 'truncated', c.truncated,
                       'error_code', c.error_code, 'rule', c.rule, 'started_at', c.started_at,
                       'duration_ms', c.duration_ms
                   ) ORDER BY c.number) AS calls
            FROM tool_call AS c, asked
            WHERE c.conversation_id = asked.conversation_id AND c.seq = asked.seq
            GROUP BY c.step_number
        ), step AS (
            SELECT json_agg(json_build_object(
                       'step', s.number, 'kind', s.kind, 'model', s.model, 'provider', s.provider,
                       'attempt', s.attempt, 'finish_reason', s.finish_reason, 'input_tokens', s.input_tokens,
                       'cached_input_tokens', s.cached_input_tokens, 'output_tokens', s.output_tokens,
                       'usage_estimated', s.usage_estimated, 'cost_usd', s.cost_usd,
                       'time_to_first_token_ms', s.time_to_first_token_ms, 'started_at', s.started_at,
                       'duration_ms', s.duration_ms, 'error_code', s.error_code, 'error_message', s.error_message,
                       'calls', coalesce(call.calls, '[]')
                   ) ORDER BY s.number) AS steps, array_agg(s.number) AS numbers
            FROM asked
            JOIN step AS s ON s.conversation_id = asked.conversation_id AND s.seq = asked.seq
            LEFT JOIN call ON call.step_number = s.number
        ), open AS (
            SELECT json_agg(one.value ORDER BY call.step_number, one.place) AS calls
            FROM call CROSS JOIN step
            CROSS JOIN LATERAL json_array_elements(call.calls) WITH ORDINALITY AS one (value, place)
            WHERE NOT call.step_number = ANY (coalesce(step.numbers, '{}'))
        )
        SELECT row_to_json(r) AS row
        FROM (
            SELECT asked.conversation_id || '/' || asked.seq AS turn, asked.conversation_id, asked.seq, asked.operation,
                   stands.status,
                   coalesce(t.agent, p.agent) AS agent, coalesce(t.agent_version, p.agent_version) AS agent_version,
                   t.attempt, t.limit_reached,
                   coalesce(t.error_code, CASE told.type WHEN 'error' THEN told.data ->> 'code' END,
                       CASE WHEN stands.status IN ('running', 'cancelled') THEN stands.error_code END) AS error_code,
                   coalesce(t.error_message, CASE told.type WHEN 'error' THEN told.data ->> 'message' END,
                       CASE WHEN stands.status IN ('running', 'cancelled') THEN stands.error_message END)
                       AS error_message,
                   coalesce(t.model_calls, p.model_calls) AS model_calls,
                   coalesce(t.tool_calls, p.tool_calls) AS tool_calls,
                   coalesce(t.input_tokens, p.input_tokens) AS input_tokens,
                   coalesce(t.cached_input_tokens, p.cached_input_tokens) AS cached_input_tokens,
                   coalesce(t.output_tokens, p.output_tokens) AS output_tokens,
                   coalesce(t.cost_usd, p.cost_usd) AS cost_usd,
                   asked.created_at AS submitted_at, coalesce(t.started_at, p.started_at) AS started_at,
                   t.finished_at, t.duration_ms, asked.task_id AS task,
                   above.parent_conversation_id || '/' || above.parent_seq AS parent,
                   asked.conversation_id || '/' || asked.taken_by AS taken_by,
                   asked.conversation_id || '/' || coalesce(said.undone_by, made.undone_by) AS undone_by,
                   asked.conversation_id || '/' || made.superseded_by AS superseded_by,
                   CASE WHEN told.type IS NOT NULL THEN jsonb_build_object('type', told.type) || told.data END
                       AS result,
                   CASE WHEN stands.status IN ('waiting', 'parked')
                       THEN agentctl.turn_waits(asked.conversation_id, asked.seq) END AS waits_for,
                   asked.conversation_id || '/' || asked.behind AS behind,
                   coalesce(step.steps, '[]') AS steps, coalesce(open.calls, '[]') AS open_calls,
                   coalesce(below.tasks, '[]') AS tasks, routed.decision AS routing, remembered.memories
            FROM asked
            CROSS JOIN step
            CROSS JOIN open
            JOIN submissions AS stands ON stands.conversation_id = asked.conversation_id AND stands.seq = asked.seq
            LEFT JOIN turn AS t ON t.conversation_id = asked.conversation_id AND t.seq = asked.seq
            LEFT JOIN turn_progress AS p ON p.conversation_id = asked.conversation_id AND p.seq = asked.seq
            LEFT JOIN LATERAL (
                SELECT e.type, e.data FROM event AS e
                WHERE (asked.is_operation OR t.status IS NULL AND e.type = 'error' AND asked.has_ended)
                  AND e.conversation_id = asked.conversation_id
                  AND e.seq = asked.seq AND e.at >= asked.created_at - interval '1 day'
                ORDER BY e.number DESC LIMIT 1
            ) AS told ON true
            LEFT JOIN LATERAL (
                SELECT max(m.undone_by) AS undone_by FROM message AS m
                WHERE m.conversation_id = asked.conversation_id AND m.seq = asked.seq
                  AND m.number BETWEEN t.first_message AND t.last_message
            ) AS said ON true
            LEFT JOIN LATERAL (
                SELECT o.undone_by, (SELECT l.created_by FROM compaction AS l
                                     WHERE l.conversation_id = o.conversation_id AND l.number > o.number
                                       AND l.undone_by IS NULL AND o.undone_by IS NULL
                                     ORDER BY l.number LIMIT 1) AS superseded_by
                FROM compaction AS o
                WHERE asked.is_operation AND o.conversation_id = asked.conversation_id AND o.created_by = asked.seq
            ) AS made ON true
            LEFT JOIN LATERAL (
                SELECT json_build_object(
                           'agent', d.agent, 'is_default', d.is_default, 'score', d.score, 'threshold', d.threshold,
                           'epoch', d.epoch, 'candidates', d.candidates) AS decision
                FROM routing AS d
                WHERE d.conversation_id = asked.conversation_id AND d.seq = asked.seq
            ) AS routed ON true
            LEFT JOIN task AS above ON above.id = asked.task_id
            LEFT JOIN LATERAL (
                SELECT json_agg(json_build_object(
                           'id', h.memory_id, 'version', h.version, 'relevance', h.relevance::double precision,
                           'trust', coalesce(v.trust, m.trust), 'content', coalesce(v.content, m.content))
                           ORDER BY h.position) AS memories
                FROM shown AS h
                JOIN memory AS m ON m.id = h.memory_id
                LEFT JOIN memory_version AS v ON v.memory_id = m.id AND v.version = h.version
                WHERE h.conversation_id = asked.conversation_id AND h.seq = asked.seq
            ) AS remembered ON true
            LEFT JOIN LATERAL (
                SELECT json_agg(json_build_object(
                           'task', k.id, 'number', k.number, 'group_key', k.group_key, 'agent', k.agent,
                           'state', k.state, 'attempt', k.attempt, 'turn', k.conversation_id || '/' || k.seq,
                           'error_code', k.error_code, 'error_message', k.error_message) ORDER BY k.number) AS tasks
                FROM tasks AS k
                WHERE k.parent_conversation_id = asked.conversation_id AND k.parent_seq = asked.seq
            ) AS below ON true
        ) AS r
    );
END $$;
COMMENT ON FUNCTION agentctl.trace_turn(text, bigint) IS
    'The outcome of a submission: of a message its turn with steps and calls, of an operation its result; what it '
    'waits for, its tasks, and what it was shown of what is remembered. Without a number the turn that waits, or else the last that has ended. NULL when there '
    'is no such submission; fails with AC002 for conversations that the caller may not read.';
REVOKE ALL ON FUNCTION agentctl.trace_turn(text, bigint) FROM PUBLIC;
