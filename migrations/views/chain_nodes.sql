CREATE OR REPLACE VIEW agentctl.chain_nodes AS
SELECT d.name AS chain, d.current_version AS version, n.number, n.name, n.kind,
       coalesce(n.definition ->> 'agent', n.definition ->> 'chain', n.definition ->> 'tool',
           n.definition ->> 'function') AS target,
       CASE WHEN n.definition ? 'capabilities'
           THEN ARRAY(SELECT jsonb_array_elements_text(n.definition -> 'capabilities')) END AS capabilities,
       n.position, n.loop, n.definition, v.id AS version_id
FROM agentctl.definition AS d
JOIN agentctl.definition_version AS v ON v.kind = d.kind AND v.name = d.name AND v.version = d.current_version
JOIN agentctl.chain_node AS n ON n.version_id = v.id
WHERE d.kind = 'chain';
COMMENT ON VIEW agentctl.chain_nodes IS
    'The nodes of the chains in force, as they run. Handoffs and relationships have none: see agent_relationships.';
COMMENT ON COLUMN agentctl.chain_nodes.chain IS 'Name of the chain.';
COMMENT ON COLUMN agentctl.chain_nodes.version IS 'Version in force.';
COMMENT ON COLUMN agentctl.chain_nodes.number IS 'Counts from 1 in the order of the document; a run begins at 1.';
COMMENT ON COLUMN agentctl.chain_nodes.name IS 'Name of the node.';
COMMENT ON COLUMN agentctl.chain_nodes.kind IS
    'What running it does: agent, chain, tool, function, approval, map, plan, vote, collect or set.';
COMMENT ON COLUMN agentctl.chain_nodes.target IS 'The agent, chain, tool or function that it runs; NULL for others.';
COMMENT ON COLUMN agentctl.chain_nodes.capabilities IS
    'What the agent must be able to do where none is named; NULL otherwise.';
COMMENT ON COLUMN agentctl.chain_nodes.position IS 'Its place in the order in which what nodes wrote is folded.';
COMMENT ON COLUMN agentctl.chain_nodes.loop IS 'The node at which the innermost loop around it begins.';
COMMENT ON COLUMN agentctl.chain_nodes.definition IS 'The rest of the node, with defaults filled in.';
COMMENT ON COLUMN agentctl.chain_nodes.version_id IS 'Identifies the version.';
