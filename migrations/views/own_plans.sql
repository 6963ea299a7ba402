-- after: plans
-- A barrier: nothing that the caller writes is computed for the rows of others.
CREATE OR REPLACE VIEW agentctl.own_plans WITH (security_barrier) AS
SELECT o.* FROM agentctl.plans AS o
JOIN agentctl.plan AS p ON p.id = o.id
WHERE p.created_by = (SELECT agentctl.account_name());
COMMENT ON VIEW agentctl.own_plans IS 'The callers own plans, as agentctl.plans has them.';
