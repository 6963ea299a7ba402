CREATE OR REPLACE VIEW agentctl.tool_metrics AS
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
