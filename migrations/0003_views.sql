-- The views people query: a public contract. Times are timestamptz, durations milliseconds, money USD.

CREATE VIEW agentctl.agent_metrics AS
SELECT t.agent,
       t.agent_version AS version,
       count(*) AS turns,
       count(*) FILTER (WHERE t.status = 'succeeded') AS succeeded,
       count(*) FILTER (WHERE t.status = 'failed') AS failed,
       count(*) FILTER (WHERE t.status = 'limited') AS limited,
       count(*) FILTER (WHERE t.status = 'interrupted') AS interrupted,
       round(count(*) FILTER (WHERE t.status = 'succeeded') / count(*)::numeric, 4) AS success_rate,
       percentile_cont(0.5) WITHIN GROUP (ORDER BY t.duration_ms) AS p50_ms,
       percentile_cont(0.95) WITHIN GROUP (ORDER BY t.duration_ms) AS p95_ms,
       percentile_cont(0.99) WITHIN GROUP (ORDER BY t.duration_ms) AS p99_ms,
       avg(extract(epoch FROM t.started_at - t.submitted_at) * 1000)::double precision AS mean_queue_ms,
       sum(t.model_calls)::bigint AS model_calls,
       sum(t.tool_calls)::bigint AS tool_calls,
       sum(t.input_tokens)::bigint AS input_tokens,
       sum(t.cached_input_tokens)::bigint AS cached_input_tokens,
       sum(t.output_tokens)::bigint AS output_tokens,
       sum(t.cost_usd) AS cost_usd,
       min(t.started_at) AS first_at,
       max(t.started_at) AS last_at
FROM agentctl.turn AS t
GROUP BY t.agent, t.agent_version;
COMMENT ON VIEW agentctl.agent_metrics IS 'Turns by agent and version.';
COMMENT ON COLUMN agentctl.agent_metrics.agent IS 'Name of the agent.';
COMMENT ON COLUMN agentctl.agent_metrics.version IS 'Version that ran; NULL when the agent could not be built.';
COMMENT ON COLUMN agentctl.agent_metrics.turns IS 'Turns that ended.';
COMMENT ON COLUMN agentctl.agent_metrics.succeeded IS 'Turns that ended with a reply.';
COMMENT ON COLUMN agentctl.agent_metrics.failed IS 'Turns that ended with an error.';
COMMENT ON COLUMN agentctl.agent_metrics.limited IS 'Turns that a limit ended.';
COMMENT ON COLUMN agentctl.agent_metrics.interrupted IS 'Turns that were interrupted.';
COMMENT ON COLUMN agentctl.agent_metrics.success_rate IS 'succeeded / turns, 0 to 1.';
COMMENT ON COLUMN agentctl.agent_metrics.p50_ms IS 'Median of a turn''s time from claim to finish, in ms.';
COMMENT ON COLUMN agentctl.agent_metrics.p95_ms IS '95th percentile of the same, in ms.';
COMMENT ON COLUMN agentctl.agent_metrics.p99_ms IS '99th percentile of the same, in ms.';
COMMENT ON COLUMN agentctl.agent_metrics.mean_queue_ms IS 'Mean time from submission to claim, in ms.';
COMMENT ON COLUMN agentctl.agent_metrics.model_calls IS 'Calls to models.';
COMMENT ON COLUMN agentctl.agent_metrics.tool_calls IS 'Calls to tools.';
COMMENT ON COLUMN agentctl.agent_metrics.input_tokens IS 'Input tokens.';
COMMENT ON COLUMN agentctl.agent_metrics.cached_input_tokens IS 'Input tokens that the provider had cached.';
COMMENT ON COLUMN agentctl.agent_metrics.output_tokens IS 'Output tokens.';
COMMENT ON COLUMN agentctl.agent_metrics.cost_usd IS 'Cost in USD.';
COMMENT ON COLUMN agentctl.agent_metrics.first_at IS 'When the first of the turns began.';
COMMENT ON COLUMN agentctl.agent_metrics.last_at IS 'When the last of the turns began.';

CREATE VIEW agentctl.tool_metrics AS
SELECT c.tool,
       v.version,
       count(*) AS calls,
       count(*) FILTER (WHERE c.state = 'succeeded') AS succeeded,
       count(*) FILTER (WHERE c.state IN ('failed', 'denied')) AS failed,
       round(count(*) FILTER (WHERE c.state = 'succeeded') / count(*)::numeric, 4) AS success_rate,
       percentile_cont(0.5) WITHIN GROUP (ORDER BY c.duration_ms) AS p50_ms,
       percentile_cont(0.95) WITHIN GROUP (ORDER BY c.duration_ms) AS p95_ms,
       percentile_cont(0.99) WITHIN GROUP (ORDER BY c.duration_ms) AS p99_ms,
       count(*) FILTER (WHERE c.truncated) AS truncated,
       max(c.started_at) AS last_at
FROM agentctl.tool_call AS c
LEFT JOIN agentctl.definition_version AS v ON v.id = c.tool_version_id
GROUP BY c.tool, v.version;
COMMENT ON VIEW agentctl.tool_metrics IS 'Tool calls by tool and version.';
COMMENT ON COLUMN agentctl.tool_metrics.tool IS 'Name that the model called.';
COMMENT ON COLUMN agentctl.tool_metrics.version IS 'Version of the tool; NULL when there is no such tool.';
COMMENT ON COLUMN agentctl.tool_metrics.calls IS 'Calls.';
COMMENT ON COLUMN agentctl.tool_metrics.succeeded IS 'Calls that returned a result.';
COMMENT ON COLUMN agentctl.tool_metrics.failed IS 'Calls that returned an error or were denied.';
COMMENT ON COLUMN agentctl.tool_metrics.success_rate IS 'succeeded / calls, 0 to 1.';
COMMENT ON COLUMN agentctl.tool_metrics.p50_ms IS 'Median duration in ms.';
COMMENT ON COLUMN agentctl.tool_metrics.p95_ms IS '95th percentile of the duration in ms.';
COMMENT ON COLUMN agentctl.tool_metrics.p99_ms IS '99th percentile of the duration in ms.';
COMMENT ON COLUMN agentctl.tool_metrics.truncated IS 'Calls whose result was cut at the tool''s limit.';
COMMENT ON COLUMN agentctl.tool_metrics.last_at IS 'When the last call began.';

CREATE VIEW agentctl.model_metrics AS
SELECT s.model,
       v.version,
       s.provider,
       count(*) AS calls,
       count(*) FILTER (WHERE s.error_code IS NULL) AS succeeded,
       count(*) FILTER (WHERE s.error_code IS NOT NULL) AS failed,
       round(count(*) FILTER (WHERE s.error_code IS NULL) / count(*)::numeric, 4) AS success_rate,
       percentile_cont(0.5) WITHIN GROUP (ORDER BY s.duration_ms) AS p50_ms,
       percentile_cont(0.95) WITHIN GROUP (ORDER BY s.duration_ms) AS p95_ms,
       percentile_cont(0.99) WITHIN GROUP (ORDER BY s.duration_ms) AS p99_ms,
       percentile_cont(0.5) WITHIN GROUP (ORDER BY s.time_to_first_token_ms) AS p50_first_token_ms,
       sum(s.input_tokens)::bigint AS input_tokens,
       sum(s.cached_input_tokens)::bigint AS cached_input_tokens,
       sum(s.output_tokens)::bigint AS output_tokens,
       sum(s.output_tokens) / nullif(sum(s.duration_ms) / 1000, 0) AS output_tokens_per_second,
       sum(s.cost_usd) AS cost_usd,
       max(s.started_at) AS last_at
FROM agentctl.step AS s
LEFT JOIN agentctl.definition_version AS v ON v.id = s.model_version_id
WHERE s.kind = 'model_call'
GROUP BY s.model, v.version, s.provider;
COMMENT ON VIEW agentctl.model_metrics IS 'Model calls by model and version.';
COMMENT ON COLUMN agentctl.model_metrics.model IS 'Name of the model row.';
COMMENT ON COLUMN agentctl.model_metrics.version IS 'Its version.';
COMMENT ON COLUMN agentctl.model_metrics.provider IS 'Protocol it was called by.';
COMMENT ON COLUMN agentctl.model_metrics.calls IS 'Calls.';
COMMENT ON COLUMN agentctl.model_metrics.succeeded IS 'Calls that gave an answer.';
COMMENT ON COLUMN agentctl.model_metrics.failed IS 'Calls that ended with an error.';
COMMENT ON COLUMN agentctl.model_metrics.success_rate IS 'succeeded / calls, 0 to 1.';
COMMENT ON COLUMN agentctl.model_metrics.p50_ms IS 'Median duration in ms.';
COMMENT ON COLUMN agentctl.model_metrics.p95_ms IS '95th percentile of the duration in ms.';
COMMENT ON COLUMN agentctl.model_metrics.p99_ms IS '99th percentile of the duration in ms.';
COMMENT ON COLUMN agentctl.model_metrics.p50_first_token_ms IS 'Median time to the first piece of the answer, in ms.';
COMMENT ON COLUMN agentctl.model_metrics.input_tokens IS 'Input tokens.';
COMMENT ON COLUMN agentctl.model_metrics.cached_input_tokens IS 'Input tokens that the provider had cached.';
COMMENT ON COLUMN agentctl.model_metrics.output_tokens IS 'Output tokens.';
COMMENT ON COLUMN agentctl.model_metrics.output_tokens_per_second IS 'Output tokens by the time of the calls.';
COMMENT ON COLUMN agentctl.model_metrics.cost_usd IS 'Cost in USD.';
COMMENT ON COLUMN agentctl.model_metrics.last_at IS 'When the last call began.';

CREATE VIEW agentctl.error_patterns AS
SELECT failure.source,
       failure.subject,
       failure.error_code,
       count(*) AS occurrences,
       count(DISTINCT failure.conversation_id) AS conversations,
       (array_agg(failure.error_message ORDER BY failure.at DESC))[1] AS last_message,
       min(failure.at) AS first_at,
       max(failure.at) AS last_at
FROM (
    SELECT 'turn', t.agent, coalesce(t.error_code, t.limit_reached), t.conversation_id, t.error_message, t.started_at
    FROM agentctl.turn AS t WHERE t.status IN ('failed', 'limited')
    UNION ALL
    SELECT 'model', s.model, s.error_code, s.conversation_id, s.error_message, s.started_at
    FROM agentctl.step AS s WHERE s.kind = 'model_call' AND s.error_code IS NOT NULL
    UNION ALL
    SELECT 'tool', c.tool, c.error_code, c.conversation_id, left(c.result, 500), c.started_at
    FROM agentctl.tool_call AS c WHERE c.error_code IS NOT NULL
) AS failure (source, subject, error_code, conversation_id, error_message, at)
GROUP BY failure.source, failure.subject, failure.error_code;
COMMENT ON VIEW agentctl.error_patterns IS 'What goes wrong, by class: turns, model calls and tool calls.';
COMMENT ON COLUMN agentctl.error_patterns.source IS 'turn, model or tool.';
COMMENT ON COLUMN agentctl.error_patterns.subject IS 'Name of the agent, model or tool.';
COMMENT ON COLUMN agentctl.error_patterns.error_code IS 'Class of the error, or the limit that was reached.';
COMMENT ON COLUMN agentctl.error_patterns.occurrences IS 'How often.';
COMMENT ON COLUMN agentctl.error_patterns.conversations IS 'In how many conversations.';
COMMENT ON COLUMN agentctl.error_patterns.last_message IS 'Message of the latest.';
COMMENT ON COLUMN agentctl.error_patterns.first_at IS 'When it first happened.';
COMMENT ON COLUMN agentctl.error_patterns.last_at IS 'When it last happened.';

CREATE VIEW agentctl.turn_trace AS
SELECT s.conversation_id,
       s.seq,
       s.conversation_id || '/' || s.seq AS turn,
       s.number AS step,
       NULL::integer AS call,
       s.kind::text AS kind,
       s.model AS name,
       CASE WHEN s.error_code IS NULL THEN 'succeeded' ELSE 'failed' END AS status,
       s.finish_reason AS detail,
       s.started_at,
       s.duration_ms,
       s.time_to_first_token_ms,
       s.input_tokens,
       s.cached_input_tokens,
       s.output_tokens,
       s.cost_usd,
       s.error_code,
       s.error_message
FROM agentctl.step AS s
UNION ALL
SELECT c.conversation_id, c.seq, c.conversation_id || '/' || c.seq, c.step_number, c.number, 'tool_call', c.tool, c.state::text,
       c.arguments, c.started_at, c.duration_ms, NULL, NULL, NULL, NULL, NULL, c.error_code, c.result
FROM agentctl.tool_call AS c;
COMMENT ON VIEW agentctl.turn_trace IS 'What each turn did: its steps, and under a tool round its calls. Order by step, call NULLS FIRST.';
COMMENT ON COLUMN agentctl.turn_trace.conversation_id IS 'The conversation.';
COMMENT ON COLUMN agentctl.turn_trace.seq IS 'The turn within the conversation.';
COMMENT ON COLUMN agentctl.turn_trace.turn IS 'conversation/seq, as agentctl trace takes it.';
COMMENT ON COLUMN agentctl.turn_trace.step IS 'Number of the step.';
COMMENT ON COLUMN agentctl.turn_trace.call IS 'Number of the tool call; NULL for the step itself.';
COMMENT ON COLUMN agentctl.turn_trace.kind IS 'Kind of step, or tool_call.';
COMMENT ON COLUMN agentctl.turn_trace.name IS 'Name of the model or tool.';
COMMENT ON COLUMN agentctl.turn_trace.status IS 'succeeded, failed, or the state of the tool call.';
COMMENT ON COLUMN agentctl.turn_trace.detail IS 'Why the model stopped, or the arguments of the call.';
COMMENT ON COLUMN agentctl.turn_trace.started_at IS 'When it began.';
COMMENT ON COLUMN agentctl.turn_trace.duration_ms IS 'Milliseconds it took.';
COMMENT ON COLUMN agentctl.turn_trace.time_to_first_token_ms IS 'Milliseconds to the first piece of the answer.';
COMMENT ON COLUMN agentctl.turn_trace.input_tokens IS 'Input tokens.';
COMMENT ON COLUMN agentctl.turn_trace.cached_input_tokens IS 'Input tokens that the provider had cached.';
COMMENT ON COLUMN agentctl.turn_trace.output_tokens IS 'Output tokens.';
COMMENT ON COLUMN agentctl.turn_trace.cost_usd IS 'Cost in USD.';
COMMENT ON COLUMN agentctl.turn_trace.error_code IS 'Class of error, when it failed.';
COMMENT ON COLUMN agentctl.turn_trace.error_message IS 'What happened; of a tool call, its result.';

CREATE VIEW agentctl.conversation_history AS
SELECT m.conversation_id,
       m.number,
       m.seq,
       m.role::text AS role,
       m.content,
       m.tool_calls,
       m.tool_call_id,
       t.agent,
       t.agent_version,
       t.status::text AS turn_status,
       m.created_at
FROM agentctl.message AS m
LEFT JOIN agentctl.turn AS t ON t.conversation_id = m.conversation_id AND t.seq = m.seq;
COMMENT ON VIEW agentctl.conversation_history IS 'The transcripts. Order by number.';
COMMENT ON COLUMN agentctl.conversation_history.conversation_id IS 'The conversation.';
COMMENT ON COLUMN agentctl.conversation_history.number IS 'Number of the message, from 1.';
COMMENT ON COLUMN agentctl.conversation_history.seq IS 'The turn that wrote it.';
COMMENT ON COLUMN agentctl.conversation_history.role IS 'user, assistant or tool.';
COMMENT ON COLUMN agentctl.conversation_history.content IS 'The text.';
COMMENT ON COLUMN agentctl.conversation_history.tool_calls IS 'Calls that the assistant asks for: [{id, name, arguments}].';
COMMENT ON COLUMN agentctl.conversation_history.tool_call_id IS 'Of a result: the call that it answers.';
COMMENT ON COLUMN agentctl.conversation_history.agent IS 'Agent of the turn.';
COMMENT ON COLUMN agentctl.conversation_history.agent_version IS 'Its version.';
COMMENT ON COLUMN agentctl.conversation_history.turn_status IS 'How the turn ended.';
COMMENT ON COLUMN agentctl.conversation_history.created_at IS 'When the message was stored.';

CREATE VIEW agentctl.conversations AS
SELECT v.id AS conversation_id,
       v.agent,
       c.state::text AS state,
       c.head_seq AS finished,
       c.tail_seq - c.head_seq AS pending,
       c.last_message AS messages,
       v.created_at,
       v.created_by
FROM agentctl.conversation AS v
JOIN agentctl.conversation_control AS c ON c.conversation_id = v.id;
COMMENT ON VIEW agentctl.conversations IS 'The conversations and how they stand.';
COMMENT ON COLUMN agentctl.conversations.conversation_id IS 'The conversation.';
COMMENT ON COLUMN agentctl.conversations.agent IS 'The agent that answers unless a submission names another.';
COMMENT ON COLUMN agentctl.conversations.state IS 'idle, ready, running, waiting or parked.';
COMMENT ON COLUMN agentctl.conversations.finished IS 'Submissions that are finished.';
COMMENT ON COLUMN agentctl.conversations.pending IS 'Submissions that wait or are being processed.';
COMMENT ON COLUMN agentctl.conversations.messages IS 'Messages in the transcript.';
COMMENT ON COLUMN agentctl.conversations.created_at IS 'When the first submission came.';
COMMENT ON COLUMN agentctl.conversations.created_by IS 'Database user who started it.';

CREATE VIEW agentctl.pending_approvals AS
SELECT a.id, a.conversation_id, a.seq, a.call_number, a.tool, a.arguments, a.requested_at, a.expires_at
FROM agentctl.approval AS a
WHERE a.state = 'pending';
COMMENT ON VIEW agentctl.pending_approvals IS 'Tool calls that wait for a person.';
COMMENT ON COLUMN agentctl.pending_approvals.id IS 'Identifies the request.';
COMMENT ON COLUMN agentctl.pending_approvals.conversation_id IS 'The conversation.';
COMMENT ON COLUMN agentctl.pending_approvals.seq IS 'The turn.';
COMMENT ON COLUMN agentctl.pending_approvals.call_number IS 'The tool call within the turn.';
COMMENT ON COLUMN agentctl.pending_approvals.tool IS 'The tool.';
COMMENT ON COLUMN agentctl.pending_approvals.arguments IS 'The arguments as the model wrote them.';
COMMENT ON COLUMN agentctl.pending_approvals.requested_at IS 'When it was asked for.';
COMMENT ON COLUMN agentctl.pending_approvals.expires_at IS 'When it counts as denied.';

CREATE VIEW agentctl.worker_status AS
SELECT w.id AS worker_id,
       w.kind,
       w.host,
       w.process_id,
       w.release,
       CASE WHEN w.state IN ('active', 'draining')
                 AND w.heartbeat_at < clock_timestamp() - make_interval(secs => agentctl.setting('worker_ttl')::double precision)
            THEN 'lost' ELSE w.state::text END AS state,
       w.slots,
       (SELECT count(*) FROM agentctl.conversation_control AS c WHERE c.state = 'running' AND c.worker_id = w.id) AS running,
       w.started_at,
       w.heartbeat_at
FROM agentctl.worker AS w;
COMMENT ON VIEW agentctl.worker_status IS 'The workers: those that live, and those that ended within the last day.';
COMMENT ON COLUMN agentctl.worker_status.worker_id IS 'Identifies the start of the worker.';
COMMENT ON COLUMN agentctl.worker_status.kind IS 'service: agentctl work; inline: a command that processes its own message.';
COMMENT ON COLUMN agentctl.worker_status.host IS 'Host name.';
COMMENT ON COLUMN agentctl.worker_status.process_id IS 'Process id on that host.';
COMMENT ON COLUMN agentctl.worker_status.release IS 'Release of agentctl.';
COMMENT ON COLUMN agentctl.worker_status.state IS 'active, draining, stopped or lost.';
COMMENT ON COLUMN agentctl.worker_status.slots IS 'Conversations that it processes at once.';
COMMENT ON COLUMN agentctl.worker_status.running IS 'Conversations that it holds now.';
COMMENT ON COLUMN agentctl.worker_status.started_at IS 'When it started.';
COMMENT ON COLUMN agentctl.worker_status.heartbeat_at IS 'Last sign of life.';
