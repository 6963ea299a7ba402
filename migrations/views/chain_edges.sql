CREATE OR REPLACE VIEW agentctl.chain_edges AS
SELECT d.name AS chain, d.current_version AS version, e.number, e.from_node, e.to_node, e.upon, e.condition,
       e.is_otherwise, e.is_chosen, e.loop, v.id AS version_id
FROM agentctl.definition AS d
JOIN agentctl.definition_version AS v ON v.kind = d.kind AND v.name = d.name AND v.version = d.current_version
JOIN agentctl.chain_edge AS e ON e.version_id = v.id
WHERE d.kind = 'chain';
COMMENT ON VIEW agentctl.chain_edges IS 'The ways between the nodes of the chains in force.';
COMMENT ON COLUMN agentctl.chain_edges.chain IS 'Name of the chain.';
COMMENT ON COLUMN agentctl.chain_edges.version IS 'Version in force.';
COMMENT ON COLUMN agentctl.chain_edges.number IS 'Counts from 1 in the order of the document.';
COMMENT ON COLUMN agentctl.chain_edges.from_node IS 'The node that it leaves.';
COMMENT ON COLUMN agentctl.chain_edges.to_node IS 'The node that it leads to; NULL for the end of the chain.';
COMMENT ON COLUMN agentctl.chain_edges.upon IS
    'What takes it: success, failure, either (always), or that the bound of a loop was reached (limit).';
COMMENT ON COLUMN agentctl.chain_edges.condition IS 'What has to hold; NULL for no condition.';
COMMENT ON COLUMN agentctl.chain_edges.is_otherwise IS
    'Whether it is taken only where no other edge upon the success of its node is.';
COMMENT ON COLUMN agentctl.chain_edges.is_chosen IS 'Whether the agent of its node chooses it.';
COMMENT ON COLUMN agentctl.chain_edges.loop IS 'For an edge that leads back: the most iterations of its loop.';
COMMENT ON COLUMN agentctl.chain_edges.version_id IS 'Identifies the version.';
