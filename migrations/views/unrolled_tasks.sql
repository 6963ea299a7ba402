CREATE OR REPLACE VIEW agentctl.unrolled_tasks AS
SELECT t.id, t.created_at, true AS has_ended
FROM agentctl.rollup_mark AS m
JOIN agentctl.task AS t ON t.ended_by >= m.recorded_before AND t.ended_by > 0
UNION ALL
SELECT t.id, t.created_at, true
FROM agentctl.rollup_mark AS m
JOIN agentctl.task AS t ON t.created_at >= m.backlog_from AND t.ended_by = 0
UNION ALL
SELECT t.id, t.created_at, false FROM agentctl.task AS t WHERE t.ended_by IS NULL;
COMMENT ON VIEW agentctl.unrolled_tasks IS 'Tasks that are not in the rollup, and those that are open. Internal.';
COMMENT ON COLUMN agentctl.unrolled_tasks.id IS 'Identifies the task.';
COMMENT ON COLUMN agentctl.unrolled_tasks.created_at IS 'When it was accepted.';
COMMENT ON COLUMN agentctl.unrolled_tasks.has_ended IS 'False for one that is open.';
