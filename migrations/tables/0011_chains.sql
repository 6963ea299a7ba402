-- Chains: several agents, tools and functions as one. Every strategy is compiled to nodes and edges when a version is
-- stored, so that one interpreter runs them all, and what is wrong with a chain is found before it runs.

CREATE TABLE agentctl.chain_node (
    version_id bigint NOT NULL REFERENCES agentctl.definition_version ON DELETE CASCADE,
    number smallint NOT NULL CHECK (number > 0),
    name text COLLATE "C" NOT NULL,
    kind text COLLATE "C" NOT NULL CHECK (kind IN ('agent', 'chain', 'tool', 'function', 'approval', 'map', 'plan',
        'vote', 'collect', 'set')),
    position smallint NOT NULL CHECK (position > 0),
    loop text COLLATE "C",
    definition jsonb NOT NULL CHECK (jsonb_typeof(definition) = 'object'),
    PRIMARY KEY (version_id, number),
    UNIQUE (version_id, name)
);
COMMENT ON TABLE agentctl.chain_node IS 'The nodes that a version of a chain is compiled to.';
COMMENT ON COLUMN agentctl.chain_node.version_id IS 'The version of the chain.';
COMMENT ON COLUMN agentctl.chain_node.number IS 'Counts from 1 in the order of the document; a run begins at 1.';
COMMENT ON COLUMN agentctl.chain_node.name IS 'Name, unique within the version.';
COMMENT ON COLUMN agentctl.chain_node.kind IS 'What running the node does.';
COMMENT ON COLUMN agentctl.chain_node.position IS
    'Its place in an order in which a node comes after all that lead to it. What nodes wrote is folded in this order.';
COMMENT ON COLUMN agentctl.chain_node.loop IS
    'The node at which the innermost loop around it begins; NULL outside of loops.';
COMMENT ON COLUMN agentctl.chain_node.definition IS
    'The rest of the node: its target, templates, schemas and limits, with defaults filled in.';

CREATE TABLE agentctl.chain_edge (
    version_id bigint NOT NULL,
    number smallint NOT NULL CHECK (number > 0),
    from_node text COLLATE "C" NOT NULL,
    to_node text COLLATE "C",
    upon text COLLATE "C" NOT NULL CHECK (upon IN ('success', 'failure', 'always', 'limit')),
    condition jsonb,
    is_otherwise boolean NOT NULL,
    is_chosen boolean NOT NULL,
    loop smallint CHECK (loop > 0),
    PRIMARY KEY (version_id, number),
    FOREIGN KEY (version_id, from_node) REFERENCES agentctl.chain_node (version_id, name) ON DELETE CASCADE,
    FOREIGN KEY (version_id, to_node) REFERENCES agentctl.chain_node (version_id, name) ON DELETE CASCADE
);
COMMENT ON TABLE agentctl.chain_edge IS 'The ways between the nodes of a version of a chain.';
COMMENT ON COLUMN agentctl.chain_edge.version_id IS 'The version of the chain.';
COMMENT ON COLUMN agentctl.chain_edge.number IS 'Counts from 1 in the order of the document.';
COMMENT ON COLUMN agentctl.chain_edge.from_node IS 'The node that it leaves.';
COMMENT ON COLUMN agentctl.chain_edge.to_node IS 'The node that it leads to; NULL for the end of the chain.';
COMMENT ON COLUMN agentctl.chain_edge.upon IS
    'What takes it: the success or failure of its node, either (always), or that the bound of a loop was reached '
    '(limit).';
COMMENT ON COLUMN agentctl.chain_edge.condition IS
    'What has to hold: a template, or JSON Schemas by the reference that has to fit them; NULL for no condition.';
COMMENT ON COLUMN agentctl.chain_edge.is_otherwise IS
    'Whether it is taken only where no other edge upon the success of its node is.';
COMMENT ON COLUMN agentctl.chain_edge.is_chosen IS 'Whether the agent of its node chooses it.';
COMMENT ON COLUMN agentctl.chain_edge.loop IS
    'For an edge that leads back: the most iterations of its loop, the first included; NULL for one that leads on.';

-- A message goes to an agent or a chain by name alone.
CREATE UNIQUE INDEX definition_responder ON agentctl.definition (name)
    WHERE kind IN ('agent', 'chain') AND current_version IS NOT NULL;
