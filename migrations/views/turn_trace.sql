CREATE OR REPLACE VIEW agentctl.turn_trace AS
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
SELECT c.conversation_id, c.seq, c.conversation_id || '/' || c.seq, c.step_number, c.number, 'tool_call', c.tool,
       c.state::text, c.arguments, c.started_at, c.duration_ms, NULL, NULL, NULL, NULL, NULL, c.error_code, c.result
FROM agentctl.tool_call AS c;
COMMENT ON VIEW agentctl.turn_trace IS
    'What each turn did: its steps, and under a tool round its calls. Order by step, call NULLS FIRST.';
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
