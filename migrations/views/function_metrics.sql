CREATE OR REPLACE VIEW agentctl.function_metrics AS
SELECT c.function,
       c.version,
       c.language,
       count(*) AS calls,
       count(*) FILTER (WHERE c.exit_reason = 'ok') AS ok,
       count(*) FILTER (WHERE c.exit_reason = 'error') AS error,
       count(*) FILTER (WHERE c.exit_reason = 'timeout') AS timeout,
       count(*) FILTER (WHERE c.exit_reason = 'memory') AS memory,
       count(*) FILTER (WHERE c.exit_reason = 'output') AS output,
       count(*) FILTER (WHERE c.exit_reason = 'denied') AS denied,
       count(*) FILTER (WHERE c.exit_reason = 'killed') AS killed,
       round(count(*) FILTER (WHERE c.exit_reason = 'ok') / count(*)::numeric, 4) AS success_rate,
       percentile_cont(0.5) WITHIN GROUP (ORDER BY c.duration_ms) AS p50_ms,
       percentile_cont(0.95) WITHIN GROUP (ORDER BY c.duration_ms) AS p95_ms,
       percentile_cont(0.99) WITHIN GROUP (ORDER BY c.duration_ms) AS p99_ms,
       avg(c.cpu_ms) AS mean_cpu_ms,
       max(c.peak_memory_bytes) AS peak_memory_bytes,
       sum(jsonb_array_length(c.violations))::bigint AS violations,
       min(c.started_at) AS first_at,
       max(c.started_at) AS last_at
FROM agentctl.function_call AS c
GROUP BY c.function, c.version, c.language;
COMMENT ON VIEW agentctl.function_metrics IS
    'Calls of stored functions, and of code that models wrote, by function and version.';
COMMENT ON COLUMN agentctl.function_metrics.function IS
    'Name of the function; for code that a model wrote, of the tool.';
COMMENT ON COLUMN agentctl.function_metrics.version IS 'Its version.';
COMMENT ON COLUMN agentctl.function_metrics.language IS 'python, sql or shell.';
COMMENT ON COLUMN agentctl.function_metrics.calls IS 'Calls.';
COMMENT ON COLUMN agentctl.function_metrics.ok IS 'Calls that returned a result.';
COMMENT ON COLUMN agentctl.function_metrics.error IS 'Calls that ended with an error of their own.';
COMMENT ON COLUMN agentctl.function_metrics.timeout IS 'Calls that took too long.';
COMMENT ON COLUMN agentctl.function_metrics.memory IS 'Calls that needed more memory than they may have.';
COMMENT ON COLUMN agentctl.function_metrics.output IS 'Calls that printed or returned more than they may.';
COMMENT ON COLUMN agentctl.function_metrics.denied IS 'Calls that were refused something, and failed.';
COMMENT ON COLUMN agentctl.function_metrics.killed IS 'Calls that ended without an answer, or whose worker was lost.';
COMMENT ON COLUMN agentctl.function_metrics.success_rate IS 'ok / calls, 0 to 1.';
COMMENT ON COLUMN agentctl.function_metrics.p50_ms IS 'Median duration in ms.';
COMMENT ON COLUMN agentctl.function_metrics.p95_ms IS '95th percentile of the duration in ms.';
COMMENT ON COLUMN agentctl.function_metrics.p99_ms IS '99th percentile of the duration in ms.';
COMMENT ON COLUMN agentctl.function_metrics.mean_cpu_ms IS 'Mean processor time in ms.';
COMMENT ON COLUMN agentctl.function_metrics.peak_memory_bytes IS
    'The most memory that one of the calls had resident, in bytes.';
COMMENT ON COLUMN agentctl.function_metrics.violations IS 'Things that the calls tried and may not do.';
COMMENT ON COLUMN agentctl.function_metrics.first_at IS 'When the first call began.';
COMMENT ON COLUMN agentctl.function_metrics.last_at IS 'When the last call began.';
