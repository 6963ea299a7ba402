CREATE OR REPLACE VIEW agentctl.function_metrics AS
SELECT m.function COLLATE "C" AS function, m.version, m.language COLLATE "C" AS language, m.calls, m.ok, m.error,
       m.timeout, m.memory, m.output, m.denied, m.killed, m.success_rate, m.p50_ms, m.p95_ms, m.p99_ms, m.mean_cpu_ms,
       m.peak_memory_bytes, m.violations, m.first_at, m.last_at
FROM agentctl.function_metrics() AS m;
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
