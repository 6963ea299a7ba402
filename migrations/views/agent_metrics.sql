CREATE OR REPLACE VIEW agentctl.agent_metrics AS
SELECT m.agent COLLATE "C" AS agent, m.version, m.turns, m.succeeded, m.failed, m.limited, m.interrupted,
       m.success_rate, m.p50_ms, m.p95_ms, m.p99_ms, m.mean_queue_ms, m.model_calls, m.tool_calls, m.input_tokens,
       m.cached_input_tokens, m.output_tokens, m.cost_usd, m.first_at, m.last_at
FROM agentctl.agent_metrics() AS m;
COMMENT ON VIEW agentctl.agent_metrics IS 'Turns by agent and version.';
COMMENT ON COLUMN agentctl.agent_metrics.agent IS 'Name of the agent.';
COMMENT ON COLUMN agentctl.agent_metrics.version IS 'Version that ran; NULL when the agent could not be built.';
COMMENT ON COLUMN agentctl.agent_metrics.turns IS 'Turns that ended.';
COMMENT ON COLUMN agentctl.agent_metrics.succeeded IS 'Turns that ended with a reply.';
COMMENT ON COLUMN agentctl.agent_metrics.failed IS 'Turns that ended with an error.';
COMMENT ON COLUMN agentctl.agent_metrics.limited IS 'Turns that a limit ended.';
COMMENT ON COLUMN agentctl.agent_metrics.interrupted IS 'Turns that were interrupted.';
COMMENT ON COLUMN agentctl.agent_metrics.success_rate IS
    'succeeded / turns, 0 to 1: turns that were interrupted or that a limit ended count as turns.';
COMMENT ON COLUMN agentctl.agent_metrics.p50_ms IS
    'Median of a turn''s time of work, in ms: without waits for persons and tasks.';
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
