CREATE OR REPLACE VIEW agentctl.agent_metrics AS
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
