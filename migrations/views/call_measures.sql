CREATE OR REPLACE VIEW agentctl.call_measures AS
SELECT c.conversation_id,
       c.seq,
       c.started_at AS at,
       -- What a model made up is not kept for ever.
       CASE WHEN c.tool_version_id IS NULL AND c.error_code = 'not_found' THEN '' ELSE c.tool END AS tool,
       coalesce((SELECT v.version FROM agentctl.definition_version AS v WHERE v.id = c.tool_version_id), 0) AS version,
       c.state,
       coalesce(c.error_code, '') AS error_class,
       CASE WHEN c.error_code IS NOT NULL AND NOT EXISTS (
           SELECT FROM agentctl.tool_call AS e
           WHERE e.conversation_id = c.conversation_id AND (e.seq, e.number) < (c.seq, c.number) AND e.seq <= c.seq
             AND e.started_at >= date_trunc('hour', c.started_at, 'UTC')
             AND e.started_at < date_trunc('hour', c.started_at, 'UTC') + interval '1 hour'
             AND e.error_code = c.error_code
             AND CASE WHEN c.tool_version_id IS NULL AND c.error_code = 'not_found' THEN e.tool_version_id IS NULL
                 ELSE e.tool = c.tool END)
           THEN 1 ELSE 0 END AS conversations,
       c.truncated,
       coalesce(('1e' || 12 * width_bucket(c.duration_ms,
           (SELECT l.bounds FROM agentctl.latency_scale AS l)))::numeric, 0) AS durations
FROM agentctl.tool_call AS c;
COMMENT ON VIEW agentctl.call_measures IS 'Calls of tools, each as it is added to tool_rollup. Internal.';
COMMENT ON COLUMN agentctl.call_measures.conversation_id IS 'The conversation.';
COMMENT ON COLUMN agentctl.call_measures.seq IS 'The turn.';
COMMENT ON COLUMN agentctl.call_measures.at IS 'When it began.';
COMMENT ON COLUMN agentctl.call_measures.tool IS 'Name of the tool; empty for a name that no tool has.';
COMMENT ON COLUMN agentctl.call_measures.version IS 'Its version; 0 for none.';
COMMENT ON COLUMN agentctl.call_measures.state IS 'How far it came.';
COMMENT ON COLUMN agentctl.call_measures.error_class IS 'Class of the error; empty for none.';
COMMENT ON COLUMN agentctl.call_measures.conversations IS
    '1 for the first call of a conversation that failed in this way in this hour.';
COMMENT ON COLUMN agentctl.call_measures.truncated IS 'Whether its result was cut.';
COMMENT ON COLUMN agentctl.call_measures.durations IS 'Histogram of its duration; 0 for one that has none.';
