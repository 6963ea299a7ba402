CREATE OR REPLACE VIEW agentctl.turn_measures AS
SELECT t.conversation_id,
       t.seq,
       t.started_at AS at,
       t.agent,
       coalesce(t.agent_version, 0) AS version,
       t.status,
       coalesce(t.error_code, t.limit_reached, '') AS error_class,
       CASE WHEN t.status IN ('failed', 'limited') AND NOT EXISTS (
           SELECT FROM agentctl.turn AS e
           WHERE e.conversation_id = t.conversation_id AND e.seq < t.seq
             AND e.started_at >= date_trunc('hour', t.started_at, 'UTC') AND e.started_at <= t.started_at
             AND e.agent = t.agent AND e.status IN ('failed', 'limited')
             AND coalesce(e.error_code, e.limit_reached) IS NOT DISTINCT FROM coalesce(t.error_code, t.limit_reached))
           THEN 1 ELSE 0 END AS conversations,
       t.model_calls,
       t.tool_calls,
       t.input_tokens,
       t.cached_input_tokens,
       t.output_tokens,
       t.cost_usd,
       extract(epoch FROM t.started_at - t.submitted_at)::double precision * 1000 AS queue_ms,
       ('1e' || 12 * width_bucket(t.duration_ms, (SELECT l.bounds FROM agentctl.latency_scale AS l)))::numeric
           AS durations
FROM agentctl.turn AS t;
COMMENT ON VIEW agentctl.turn_measures IS 'Turns, each as it is added to turn_rollup. Internal.';
COMMENT ON COLUMN agentctl.turn_measures.conversation_id IS 'The conversation.';
COMMENT ON COLUMN agentctl.turn_measures.seq IS 'The submission that was processed.';
COMMENT ON COLUMN agentctl.turn_measures.at IS 'When it began.';
COMMENT ON COLUMN agentctl.turn_measures.agent IS 'Name of the agent.';
COMMENT ON COLUMN agentctl.turn_measures.version IS 'Its version; 0 for none.';
COMMENT ON COLUMN agentctl.turn_measures.status IS 'How it ended.';
COMMENT ON COLUMN agentctl.turn_measures.error_class IS 'Class of the error or the limit; empty for none.';
COMMENT ON COLUMN agentctl.turn_measures.conversations IS
    '1 for the first turn of a conversation that ended badly in this way in this hour.';
COMMENT ON COLUMN agentctl.turn_measures.model_calls IS 'Calls to models.';
COMMENT ON COLUMN agentctl.turn_measures.tool_calls IS 'Calls to tools.';
COMMENT ON COLUMN agentctl.turn_measures.input_tokens IS 'Input tokens.';
COMMENT ON COLUMN agentctl.turn_measures.cached_input_tokens IS 'Those of them that the provider had cached.';
COMMENT ON COLUMN agentctl.turn_measures.output_tokens IS 'Output tokens.';
COMMENT ON COLUMN agentctl.turn_measures.cost_usd IS 'Cost in USD.';
COMMENT ON COLUMN agentctl.turn_measures.queue_ms IS 'Time from submission to claim, in ms.';
COMMENT ON COLUMN agentctl.turn_measures.durations IS 'Histogram of its duration.';
