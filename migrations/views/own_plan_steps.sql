-- after: plan_steps
-- A barrier: nothing that the caller writes is computed for the rows of others.
CREATE OR REPLACE VIEW agentctl.own_plan_steps WITH (security_barrier) AS
SELECT o.* FROM agentctl.plan_steps AS o
JOIN agentctl.plan AS p ON p.id = o.plan_id
WHERE p.created_by = (SELECT agentctl.account_name());
COMMENT ON VIEW agentctl.own_plan_steps IS 'The steps of the callers own plans, as agentctl.plan_steps has them.';
