-- after: tasks
-- A barrier: nothing that the caller writes is computed for the rows of others.
CREATE OR REPLACE VIEW agentctl.own_tasks WITH (security_barrier) AS
SELECT o.* FROM agentctl.tasks AS o
JOIN agentctl.task AS t ON t.id = o.id
WHERE t.created_by = (SELECT agentctl.account_name());
COMMENT ON VIEW agentctl.own_tasks IS 'The callers own tasks, as agentctl.tasks has them.';
