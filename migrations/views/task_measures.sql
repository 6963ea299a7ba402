CREATE OR REPLACE VIEW agentctl.task_measures AS
SELECT t.id,
       t.ended_by,
       t.created_at AS at,
       coalesce(t.agent, '') AS agent,
       t.state,
       CASE WHEN t.attempt > 1 THEN 1 ELSE 0 END AS retried,
       t.tokens,
       t.cost_usd,
       coalesce(('1e' || 12 * width_bucket(extract(epoch FROM t.finished_at - t.created_at)::double precision * 1000,
           (SELECT l.bounds FROM agentctl.latency_scale AS l)))::numeric, 0) AS durations
FROM agentctl.task AS t;
COMMENT ON VIEW agentctl.task_measures IS 'Tasks, each as it is added to task_rollup when it has ended. Internal.';
COMMENT ON COLUMN agentctl.task_measures.id IS 'Identifies the task.';
COMMENT ON COLUMN agentctl.task_measures.ended_by IS 'Transaction that ended it; NULL while it is open.';
COMMENT ON COLUMN agentctl.task_measures.at IS 'When it was accepted.';
COMMENT ON COLUMN agentctl.task_measures.agent IS 'Agent of the last attempt; empty for none.';
COMMENT ON COLUMN agentctl.task_measures.state IS 'How far it came.';
COMMENT ON COLUMN agentctl.task_measures.retried IS '1 when it took more than one attempt.';
COMMENT ON COLUMN agentctl.task_measures.tokens IS 'Tokens of it and of all tasks below it.';
COMMENT ON COLUMN agentctl.task_measures.cost_usd IS 'Cost of the same, in USD.';
COMMENT ON COLUMN agentctl.task_measures.durations IS 'Histogram of the time from acceptance to end; 0 while it is open.';
