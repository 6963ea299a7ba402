CREATE OR REPLACE VIEW agentctl.task_metrics AS
SELECT m.agent COLLATE "C" AS agent, m.tasks, m.open, m.done, m.failed, m.cancelled, m.dead, m.retried,
       m.success_rate, m.p50_ms, m.p95_ms, m.p99_ms, m.tokens, m.cost_usd, m.first_at, m.last_at
FROM agentctl.task_metrics() AS m;
COMMENT ON VIEW agentctl.task_metrics IS 'Tasks by the agent of their last attempt.';
COMMENT ON COLUMN agentctl.task_metrics.agent IS 'Name of the agent; NULL for tasks that found none.';
COMMENT ON COLUMN agentctl.task_metrics.tasks IS 'Tasks that were accepted.';
COMMENT ON COLUMN agentctl.task_metrics.open IS 'Tasks that have not ended.';
COMMENT ON COLUMN agentctl.task_metrics.done IS 'Tasks that ended with a reply.';
COMMENT ON COLUMN agentctl.task_metrics.failed IS 'Tasks that failed below a turn, which reacted.';
COMMENT ON COLUMN agentctl.task_metrics.cancelled IS 'Tasks that were cancelled.';
COMMENT ON COLUMN agentctl.task_metrics.dead IS 'Tasks that were given up and wait for an operator.';
COMMENT ON COLUMN agentctl.task_metrics.retried IS 'Tasks that took more than one attempt.';
COMMENT ON COLUMN agentctl.task_metrics.success_rate IS 'done / (done + failed + dead), 0 to 1; NULL for none.';
COMMENT ON COLUMN agentctl.task_metrics.p50_ms IS 'Median of the time from acceptance to end, in ms.';
COMMENT ON COLUMN agentctl.task_metrics.p95_ms IS '95th percentile of the same, in ms.';
COMMENT ON COLUMN agentctl.task_metrics.p99_ms IS '99th percentile of the same, in ms.';
COMMENT ON COLUMN agentctl.task_metrics.tokens IS 'Tokens of them and of all tasks below them.';
COMMENT ON COLUMN agentctl.task_metrics.cost_usd IS 'Cost of the same, in USD.';
COMMENT ON COLUMN agentctl.task_metrics.first_at IS 'When the first of the tasks was accepted.';
COMMENT ON COLUMN agentctl.task_metrics.last_at IS 'When the last of the tasks was accepted.';
