-- after: memories
-- A barrier: nothing that the caller writes is computed for the rows of others.
CREATE OR REPLACE VIEW agentctl.own_memories WITH (security_barrier) AS
SELECT m.* FROM agentctl.memories AS m WHERE m.account = (SELECT agentctl.account_name());
COMMENT ON VIEW agentctl.own_memories IS
    'The memories of the caller''s own account, as agentctl.memories has them.';
