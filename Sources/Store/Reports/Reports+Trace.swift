package import JSON
internal import Postgres

extension Reports {
    /// What a turn did: the turn with its `steps`, and each step with its `calls`; `routing` says why its agent got the
    /// message, and is null where the agent was named or the conversation's.
    ///
    /// `tasks` are those that it delegated, and
    /// `parent` is the turn that delegated it as a `task`.
    ///
    /// - Parameters:
    ///   - conversation: The conversation's id.
    ///   - seq: The turn within it; nil for the last that ended, or, while none has, the one that is waited for.
    /// - Returns: The turn; one that has not ended has the state of its conversation as its status and no steps. Nil
    ///   when there is no such turn.
    /// - Throws: ``StoreError`` when the database cannot be asked.
    package func traceReport(conversation: String, seq: Int64?) async throws(StoreError) -> JSONObject? {
        try await database.objects(Self.traceStatement, [.text(conversation), .optional(seq)]).first
    }

    private static let traceStatement: PostgresStatement = """
        WITH asked AS (
            SELECT s.conversation_id, s.seq, s.created_at, s.task_id,
                   CASE WHEN c.state = 'running' AND s.seq = c.head_seq + 1 THEN 'running'
                        -- It has ended, and the month that has its records is no longer kept.
                        WHEN s.seq <= c.head_seq AND s.operation IN ('user_input', 'steer') AND s.taken_by IS NULL
                            THEN 'pruned'
                        ELSE 'queued' END AS state
            FROM agentctl.conversation_control AS c
            JOIN agentctl.submission AS s ON s.conversation_id = c.conversation_id
                AND s.seq = coalesce($2::bigint, CASE WHEN c.head_seq > 0 THEN c.head_seq ELSE c.tail_seq END)
            WHERE c.conversation_id = $1
        ), call AS (
            SELECT c.step_number,
                   json_agg(json_build_object(
                       'call', c.number, 'call_id', c.call_id, 'tool', c.tool, 'arguments', c.arguments,
                       'effect', c.effect, 'state', c.state, 'result', c.result, 'truncated', c.truncated,
                       'error_code', c.error_code, 'rule', c.rule, 'started_at', c.started_at, 'duration_ms', c.duration_ms
                   ) ORDER BY c.number) AS calls
            FROM agentctl.tool_call AS c, asked
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
                   ) ORDER BY s.number) AS steps
            FROM asked
            JOIN agentctl.step AS s ON s.conversation_id = asked.conversation_id AND s.seq = asked.seq
            LEFT JOIN call ON call.step_number = s.number
        )
        SELECT row_to_json(r) AS row
        FROM (
            SELECT asked.conversation_id || '/' || asked.seq AS turn, asked.conversation_id, asked.seq,
                   coalesce(t.status::text, asked.state) AS status, t.agent, t.agent_version, t.attempt,
                   t.limit_reached, t.error_code, t.error_message, t.model_calls, t.tool_calls, t.input_tokens,
                   t.cached_input_tokens, t.output_tokens, t.cost_usd, asked.created_at AS submitted_at, t.started_at,
                   t.finished_at, t.duration_ms, asked.task_id AS task,
                   above.parent_conversation_id || '/' || above.parent_seq AS parent,
                   coalesce(step.steps, '[]') AS steps, coalesce(below.tasks, '[]') AS tasks,
                   routed.decision AS routing
            FROM asked
            CROSS JOIN step
            LEFT JOIN agentctl.turn AS t ON t.conversation_id = asked.conversation_id AND t.seq = asked.seq
            LEFT JOIN LATERAL (
                SELECT json_build_object(
                           'agent', d.agent, 'is_default', d.is_default, 'score', d.score, 'threshold', d.threshold,
                           'epoch', d.epoch, 'candidates', d.candidates) AS decision
                FROM agentctl.routing AS d
                WHERE d.conversation_id = asked.conversation_id AND d.seq = asked.seq
            ) AS routed ON true
            LEFT JOIN agentctl.task AS above ON above.id = asked.task_id
            LEFT JOIN LATERAL (
                SELECT json_agg(json_build_object(
                           'task', k.id, 'number', k.number, 'group_key', k.group_key, 'agent', k.agent,
                           'state', k.state, 'attempt', k.attempt, 'turn', k.conversation_id || '/' || k.seq,
                           'error_code', k.error_code, 'error_message', k.error_message) ORDER BY k.number) AS tasks
                FROM agentctl.tasks AS k
                WHERE k.parent_conversation_id = asked.conversation_id AND k.parent_seq = asked.seq
            ) AS below ON true
        ) AS r
        """
}
