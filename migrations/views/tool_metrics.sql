CREATE OR REPLACE VIEW agentctl.tool_metrics AS
SELECT m.tool COLLATE "C" AS tool, m.version, m.calls, m.succeeded, m.failed, m.success_rate, m.p50_ms, m.p95_ms,
       m.p99_ms, m.truncated, m.last_at, m.denied, m.unfinished
FROM agentctl.tool_metrics() AS m;
COMMENT ON VIEW agentctl.tool_metrics IS 'Tool calls by tool and version.';
COMMENT ON COLUMN agentctl.tool_metrics.tool IS 'Name that the model called; NULL for names that no tool has.';
COMMENT ON COLUMN agentctl.tool_metrics.version IS 'Version of the tool; NULL when there is no such tool.';
COMMENT ON COLUMN agentctl.tool_metrics.calls IS 'Calls: succeeded + failed + unfinished.';
COMMENT ON COLUMN agentctl.tool_metrics.succeeded IS 'Calls that returned a result.';
COMMENT ON COLUMN agentctl.tool_metrics.failed IS 'Calls that returned an error or were denied: denied + the rest.';
COMMENT ON COLUMN agentctl.tool_metrics.success_rate IS
    'succeeded / (succeeded + failed), 0 to 1; NULL when no call has ended.';
COMMENT ON COLUMN agentctl.tool_metrics.p50_ms IS 'Median duration in ms.';
COMMENT ON COLUMN agentctl.tool_metrics.p95_ms IS '95th percentile of the duration in ms.';
COMMENT ON COLUMN agentctl.tool_metrics.p99_ms IS '99th percentile of the duration in ms.';
COMMENT ON COLUMN agentctl.tool_metrics.truncated IS 'Calls whose result was cut at the tool''s limit.';
COMMENT ON COLUMN agentctl.tool_metrics.last_at IS 'When the last call began.';
COMMENT ON COLUMN agentctl.tool_metrics.denied IS
    'Those of the failed that a policy, an approver or the tool''s check of arguments did not let run.';
COMMENT ON COLUMN agentctl.tool_metrics.unfinished IS
    'Calls that have not ended: they run, wait for an approval, or are in doubt.';
