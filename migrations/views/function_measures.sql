CREATE OR REPLACE VIEW agentctl.function_measures AS
SELECT c.id,
       c.conversation_id,
       c.seq,
       c.recorded_by,
       c.started_at AS at,
       c.function,
       coalesce(c.version, 0) AS version,
       c.language,
       c.exit_reason,
       coalesce(c.cpu_ms, 0) AS cpu_ms,
       CASE WHEN c.cpu_ms IS NULL THEN 0 ELSE 1 END AS cpu_calls,
       c.peak_memory_bytes,
       jsonb_array_length(c.violations) AS violations,
       ('1e' || 12 * width_bucket(c.duration_ms, (SELECT l.bounds FROM agentctl.latency_scale AS l)))::numeric
           AS durations
FROM agentctl.function_call AS c;
COMMENT ON VIEW agentctl.function_measures IS 'Calls of functions, each as it is added to function_rollup. Internal.';
COMMENT ON COLUMN agentctl.function_measures.id IS 'Identifies the call.';
COMMENT ON COLUMN agentctl.function_measures.conversation_id IS 'The conversation, when an agent called.';
COMMENT ON COLUMN agentctl.function_measures.seq IS 'The turn, when an agent called.';
COMMENT ON COLUMN agentctl.function_measures.recorded_by IS 'Transaction that stored it.';
COMMENT ON COLUMN agentctl.function_measures.at IS 'When it began.';
COMMENT ON COLUMN agentctl.function_measures.function IS 'Name of the function or tool.';
COMMENT ON COLUMN agentctl.function_measures.version IS 'Its version; 0 for none.';
COMMENT ON COLUMN agentctl.function_measures.language IS 'python, sql or shell.';
COMMENT ON COLUMN agentctl.function_measures.exit_reason IS 'How it ended.';
COMMENT ON COLUMN agentctl.function_measures.cpu_ms IS 'Milliseconds of processor time; 0 where it is not known.';
COMMENT ON COLUMN agentctl.function_measures.cpu_calls IS '1 where the processor time is known.';
COMMENT ON COLUMN agentctl.function_measures.peak_memory_bytes IS 'The most memory that was resident.';
COMMENT ON COLUMN agentctl.function_measures.violations IS 'Things that it tried and may not do.';
COMMENT ON COLUMN agentctl.function_measures.durations IS 'Histogram of its duration.';
