-- after: node_runs
-- A barrier: nothing that the caller writes is computed for the rows of others.
CREATE OR REPLACE VIEW agentctl.own_node_runs WITH (security_barrier) AS
SELECT o.* FROM agentctl.node_runs AS o
JOIN agentctl.conversation AS v ON v.id = o.conversation_id
WHERE v.created_by = (SELECT agentctl.account_name());
COMMENT ON VIEW agentctl.own_node_runs IS
    'The visits of nodes in the caller''s own runs of chains, as agentctl.node_runs has them.';
