-- after: memory_versions, own_memories
CREATE OR REPLACE VIEW agentctl.own_memory_versions WITH (security_barrier) AS
SELECT v.* FROM agentctl.memory_versions AS v
WHERE EXISTS (SELECT FROM agentctl.own_memories AS m WHERE m.id = v.memory_id);
COMMENT ON VIEW agentctl.own_memory_versions IS
    'The versions of the caller''s own memories, as agentctl.memory_versions has them.';
